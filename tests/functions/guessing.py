"""Guessing masked members: their values, and somebody who may do everything but see them (acceptance A8)."""

import json
import re
from typing import Any

from core.kernel.policy import Permission
from core.people.kinds import KINDS
from core.people.masks import masked
from core.people.service import create_person
from core.sessions.service import caller_behind

from tests.gateway import Reply, call
from tests.schools import clear, everything, write
from tests.wire import Counting, intercepted

#: What a guess says, and what else may stand there. `#` becomes a digit of the person's own.
PARENT = {
    "name": ("Siti Aminah", "Dewi Sartika"),
    "nik": ("647201410180000#", "647201410180001#"),
    "birthPlace": ("Kutai", "Berau"),
    "birthDate": ("1980-01-01", "2008-01-01"),
    "education": ("S1", "SMA"),
    "occupation": ("Petani", "Guru"),
    "income": ("FROM_1M_TO_2M", "NONE"),
    "phoneNumber": ("0811000111", "0811000222"),
    "specialNeeds": (["Tuli"], []),
}
_GUESSED, _ELSE = ({name: values[number] for name, values in PARENT.items()} for number in (0, 1))
#: The other NIK contradicts the birth date, and is the guessed family card: warnings and readiness would tell.
MEMBERS: dict[str, tuple[Any, Any]] = {
    "nik": ("647201170510000#", "647201060606000#"),
    "religion": ("ISLAM", "HINDU"),
    "familyCardNumber": ("647201060606000#", "647201010101001#"),
    "birthCertificateNumber": ("AL-#", "AL-1#"),
    # A father's NIK names a man, or it would contradict the record.
    "father": (_GUESSED | {"nik": "647201010180000#"}, _ELSE),
    "mother": (_GUESSED, _ELSE),
    "guardian": (_GUESSED, _ELSE),
}
#: With the rest as it is guessed nothing is missing in a student's record, and with another rest there is.
WHOLE = {
    "birthPlace": "Samarinda",
    "residenceType": "WITH_PARENTS",
    "transportationMode": "WALKING",
    "address": {"street": "Jl. Contoh 1", "subDistrict": "Air Putih", "district": "Samarinda Ulu"},
}
#: What stands in all members that may not be seen: what is guessed, something else, nothing.
STATES = ("guessed", "else", "nothing")


def nested() -> list[str]:
    """The path of every member of a parent, each in one of the parents."""
    parents = [name for name, values in MEMBERS.items() if isinstance(values[0], dict)]
    return [f"{parent}.{name}" for parent, name in zip(parents * len(PARENT), PARENT, strict=False)]


def _numbered(value: Any, digit: int) -> Any:
    return json.loads(json.dumps(value).replace("#", str(digit)))


def guess_of(path: str, digit: int) -> dict[str, Any]:
    """The part of a body that guesses what stands at the path."""
    parent, _, name = path.partition(".")
    value = {name: PARENT[name][0]} if name else MEMBERS[parent][0]
    return {parent: _numbered(value, digit)}


def hidden_part(kind: str, state: str, digit: int) -> dict[str, Any]:
    """All masked members of somebody as they stand."""
    if state == "nothing":
        return {}
    which = STATES.index(state)
    return {name: _numbered(MEMBERS[name][which], digit) for name in masked(KINDS[kind])}


def key_of(kind: str, digit: int) -> dict[str, str]:
    """By what an import finds somebody."""
    return {"nisn": f"010000000{digit}"} if kind == "students" else {"nip": f"19850101201001200{digit}"}


class Guesser:
    """Somebody who writes and reads people and the trail, and may not see what is masked; in a school made anew."""

    def __init__(self, table, school, role: str | None = None) -> None:
        self.table, self.school = table, school
        self.admin, self.admin_token = caller_behind(school.people["administrator"]), school.token("administrator")
        self.token = school.token(role) if role else self._all_but_sensitive()
        self.before = everything(table)
        self.seen: list[Any] = []

    def _all_but_sensitive(self) -> str:
        lacking = {Permission.STUDENTS_SENSITIVE, Permission.ORGANIZATIONS_READ, Permission.ORGANIZATIONS_WRITE}
        body = {"name": "Buta", "permissions": sorted(set(Permission) - lacking)}
        role = call("roles", "POST", "/api/roles", token=self.admin_token, json_body=body).result["id"]
        return self.school.token(self.school.add("Buta", "buta@smansa.test", [role], password=None))

    def begin(self) -> None:
        """The school without people, and nothing seen of it."""
        clear(self.table)
        write(self.table, [{"PutRequest": {"Item": item}} for item in self.before])
        self.seen = []

    def person(self, kind: str, digit: int, **members: Any) -> str:
        """Somebody whose members that everybody sees are the same as everybody's, but for a digit."""
        body = {"name": f"Budi {digit}", "gender": "MALE", "birthDate": "2010-05-17", **key_of(kind, digit), **members}
        return create_person(self.admin, KINDS[kind], body | (WHOLE if kind == "students" else {})).id

    def call(
        self,
        folder: str,
        method: str,
        path: str,
        query: dict[str, str] | None = None,
        *,
        sizes: bool = False,
        **options: Any,
    ) -> Reply:
        """A call of the guesser's, who looks at everything: status, body, headers and which calls of the table it took;
        with `sizes` how many items each was about, too."""
        counting = Counting()
        asked = {name: [value] for name, value in query.items()} if query else None
        with intercepted(counting):
            reply = call(folder, method, path, token=self.token, query=asked, **options)
        calls = sorted(name if sizes else name.partition(" ")[0] for name in counting.calls.elements())
        headers = sorted((name, _blank(value)) for name, value in reply.headers.items())
        self.seen.append((method, _blank(path), reply.status, _blank(reply.text), headers, calls))
        return reply

    def look_at(self, kind: str, person_id: str) -> None:
        """Looks at a record, and whether it moved in the feed of changes."""
        own = f"/api/{kind}/{person_id}"
        shown = self.call(kind, "GET", own)
        if shown.status == 200:
            self.seen.append(("moved", shown.result["updatedAt"] != shown.result["createdAt"]))

    def look_at_trail(self, person_id: str) -> None:
        """Looks at what the trail says of somebody."""
        self.call("audit", "GET", "/api/audit", {"target": person_id})


def _blank(text: str) -> str:
    """The text without ids, times and cursors, which hold an id."""
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "<time>", re.sub(r"[0-9a-f]{24}", "<id>", text))
    # A tag that is a hash is made of the body, ids too, and so tells what the body tells.
    text = re.sub(r'^"[0-9a-f]{16}"$', "<hash>", text)
    return re.sub(r'("next":"|cursor=)[\w-]+', r"\1<cursor>", text)

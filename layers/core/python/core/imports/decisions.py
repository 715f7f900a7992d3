"""What becomes of a row: decided here, for a dry run and for the write alike."""

import hashlib
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from core.imports.lookup import Known, Match, match
from core.imports.models import ImportItem
from core.imports.rows import Row, keys_of
from core.kernel import clock
from core.kernel.errors import BadRequest, Problem
from core.kernel.outcomes import CREATED, FAILED, SKIPPED, UNCHANGED, UPDATED, Outcome
from core.kernel.policy import is_for_staff
from core.passwords.rules import problems_with
from core.people import nik
from core.people.kinds import PersonKind
from core.people.masks import Sent
from core.people.models import PersonItem
from core.people.service import Origin, merged, validated

_SHARDS = 16


@dataclass(slots=True)
class Decision(Outcome):
    """What is to become of a row, and then what became of it. `id` is the person's."""

    row: Row = field(kw_only=True)
    #: On what the decision rests; a plan that is applied must rest on the same.
    basis: str = ""
    #: The person as read, when there is one, and the profile that it is to have.
    person: PersonItem | None = None
    profile: dict[str, Any] = field(default_factory=dict)
    #: The numbers that are somebody else's, where whoever began the import is not to learn so.
    contested: frozenset[str] = frozenset()
    password: str | None = None
    #: Whether this is the row's own earlier work.
    is_done: bool = False

    @property
    def writes(self) -> bool:
        """Whether a person is to be written."""
        return self.status in (CREATED, UPDATED) and bool(self.profile)

    def sent(self, rules: "Rules") -> Sent:
        """What the row sends of the person."""
        return Sent(self.profile, frozenset(self.row.patch), rules.hidden, self.contested)

    def fail(self, problems: list[Problem]) -> None:
        """The row is not imported, for these reasons."""
        super(Decision, self).fail(problems)
        self.id = None

    def to_result(self) -> dict[str, Any]:
        """The row of the report, and what a plan needs besides."""
        result: dict[str, Any] = {"row": self.row.number, "status": self.status}
        if self.id:
            result["id"] = self.id
        result["errors"] = [_shown(each) for each in self.errors]
        result["warnings"] = [_shown(each) for each in self.warnings]
        return result | {"basis": self.basis}


def _shown(problem: Problem) -> dict[str, Any]:
    return {"code": problem.code, "field": problem.field, "message": problem.message}


class Rules(NamedTuple):
    """What all rows of an import are decided by."""

    job: ImportItem
    kind: PersonKind
    school_name: str
    #: What whoever began the import may not see.
    hidden: frozenset[str] = frozenset()

    def mark(self, number: int) -> str:
        """What a person carries that this row wrote: the same whether a plan or its application wrote it."""
        return f"{self.job.source}#{number}#"

    def origin(self, row: Row) -> Origin:
        """The ids of what the row makes, however often it is brought."""
        ids = self._id(row, "person"), self._id(row, "user")
        return Origin(f"{self.mark(row.number)}created", *ids, clock.to_wire(clock.instant_of(ids[0])))

    def _id(self, row: Row, what: str) -> str:
        # Rows that are written together end in the same digit, by which they are counted in the same item.
        shard = row.number // 4 % _SHARDS
        digest = hashlib.sha256(f"{self.job.source}/{row.number}/{what}".encode()).hexdigest()
        return f"{self.job.source[:11]}{digest[:12]}{shard:x}"


def decide(rules: Rules, known: Known, row: Row) -> Decision:
    """What is to become of a row, by what the table knows."""
    matched = match(known, rules.kind, row)
    if done := _done_before(rules, known, row, matched):
        return done
    taken = frozenset(matched.taken)
    decision = Decision(
        None, FAILED, row=row, basis=matched.basis, person=matched.person, contested=taken & rules.hidden
    )
    problems = [*row.problems, *_without_key(rules.kind, row)]
    person = matched.person
    if person and rules.job.keeps_existing and not problems:
        decision.status, decision.id = SKIPPED, person.id
        return decision
    if person and (person.imported or "").startswith(f"{rules.job.source}#"):
        message = "Another row of this import was about the same person. Only that row was imported."
        problems.append(Problem("duplicate_in_file", message))
    problems += _profile_problems(rules, decision)
    told = [member for member in matched.taken if member not in rules.hidden]
    problems += [_taken(member) for member in told if not any(each.field == member for each in problems)]
    problems += _password_problems(rules, decision)
    if problems:
        decision.fail(problems)
    elif person is None:
        decision.status, decision.id = CREATED, rules.origin(row).person_id
    else:
        decision.status = UPDATED if decision.sent(rules).changes(person) else UNCHANGED
        decision.id = person.id
    return decision


def _done_before(rules: Rules, known: Known, row: Row, matched: Match) -> Decision | None:
    """The row's own work, when the row was brought before and its worker was stopped after writing."""
    origin = rules.origin(row)
    created = known.people.get(origin.person_id)
    if created is None and matched.person and matched.person.id == origin.person_id:
        created = matched.person
    if created:
        warnings = _warnings(rules, row, created.profile)
        return Decision(created.id, CREATED, row=row, warnings=warnings, is_done=True)
    if matched.person and matched.person.imported == f"{rules.mark(row.number)}updated":
        warnings = _warnings(rules, row, matched.person.profile)
        return Decision(matched.person.id, UPDATED, row=row, warnings=warnings, is_done=True)
    return None


def _without_key(kind: PersonKind, row: Row) -> list[Problem]:
    keys = (*keys_of(kind), "email")
    if any(row.patch.get(key) for key in keys) or any(each.field in keys for each in row.problems):
        return []
    message = f"A row needs one of {', '.join(keys)}: without it the next import could not find this person again."
    return [Problem("identifier_required", message)]


def _profile_problems(rules: Rules, decision: Decision) -> list[Problem]:
    """Fills in the profile that the row makes of the person, and what contradicts itself in it."""
    base = decision.person.profile if decision.person else {}
    try:
        decision.profile = validated(rules.kind, merged(base, decision.row.patch))
    except BadRequest as error:
        read = {each.field for each in decision.row.problems}
        return [each for each in error.problems if each.field not in read]
    decision.warnings = _warnings(rules, decision.row, decision.profile)
    return []


def _warnings(rules: Rules, row: Row, profile: dict[str, Any]) -> list[Problem]:
    """What contradicts itself; for somebody who may not see all of the profile, in what the row sent alone."""
    seen = {name: value for name, value in profile.items() if not rules.hidden or name in row.patch}
    return [*row.warnings, *warnings_of(seen)]


def _taken(member: str) -> Problem:
    message = f"Somebody else has this {member}. Look for a record that is there twice."
    return Problem(f"{member}_taken", message, member)


def _password_problems(rules: Rules, decision: Decision) -> list[Problem]:
    """What is wrong with a row's password; one of somebody who has an account already is only told of."""
    password, person = decision.password, decision.person
    password = decision.password = decision.row.password
    if password is None or not decision.profile:
        return []
    if person and person.user_id:
        message = "This person has an account already, so the password of the file was not set."
        decision.warnings = [*decision.warnings, Problem("password_ignored", message, "password")]
        decision.password = None
        return []
    email = decision.profile.get("email")
    if not email:
        return [Problem("required", "A password needs an account, and an account needs an email.", "email")]
    identity = (decision.profile["name"], email)
    for_staff = is_for_staff([rules.kind.role.id])
    return problems_with(password, person=identity, school=rules.school_name, for_staff=for_staff)


def warnings_of(profile: dict[str, Any]) -> list[Problem]:
    """What contradicts itself in a valid profile, which is told and not refused."""
    codes = nik.contradictions(profile.get("nik"), profile.get("birthDate"), profile.get("gender"))
    found = [Problem(code, nik.MESSAGES[code], "nik") for code in codes]
    if profile.get("nik") and profile["nik"] == profile.get("familyCardNumber"):
        message = "The NIK equals the family card's number. One was copied into the other's place."
        found.append(Problem("nik_equals_family_card", message, "nik"))
    return found

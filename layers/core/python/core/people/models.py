"""Staff, teachers and students as items of the table. Their keys are spelled here and nowhere else."""

from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, ListAttribute, UnicodeAttribute

from core.kernel.records import Record
from core.kernel.table import Item
from core.people.fields import MEASURES, rounded
from core.people.kinds import SENSITIVE
from core.people.readiness import is_ready, problems_as_seen

#: What nobody else of the school may have too, by member. An email is claimed by its account, across all schools.
UNIQUE = ("nisn", "nik", "nipd", "nip", "nuptk")
#: By what of a profile lists are filtered. What only one person of a school has is found by its claim.
FILTERED = (
    "gender",
    "religion",
    "bloodType",
    "birthDate",
    "residenceType",
    "transportationMode",
    "employmentStatus",
    "maritalStatus",
)
#: By what a list is filtered when somebody asks for readiness who may not see all of a record.
READINESS_AS_SEEN = "readinessAsSeen"


class _ProfileAttribute(JSONAttribute):
    """A profile. Measures that were stored with a fraction, when that was allowed, are read as whole numbers."""

    def deserialize(self, value: str) -> Any:
        profile = super().deserialize(value)
        for name in MEASURES:
            if isinstance(profile.get(name), float):
                profile[name] = rounded(profile[name])
        return profile


class PersonItem(Record):
    """A person of a school. `profile` is what a body sends, as one document: it is read and written whole."""

    kind = UnicodeAttribute()
    user_id = UnicodeAttribute(null=True)
    class_id = UnicodeAttribute(null=True)
    #: Not stored: read when the student is shown.
    class_name: str | None = None
    #: The classes, by academic year, that a deleted student had and goes back to when there is a place.
    classes_left: Any = JSONAttribute(null=True)
    active = BooleanAttribute(default=True)
    #: The promotion with which a student left the school, so that it can take that back.
    graduated_by = UnicodeAttribute(null=True)
    profile: Any = _ProfileAttribute()
    #: When the personal data was erased: then nothing is left to restore.
    erased_at = UnicodeAttribute(null=True)
    #: What an erasure that is under way still needs to know.
    erasing: Any = JSONAttribute(null=True)
    #: Which row of which import wrote this last, so that the row finds its own work when it is brought again.
    imported = UnicodeAttribute(null=True)
    #: Numbers that were sent by somebody who may not see them, and not kept, because somebody else has them.
    contested: Any = ListAttribute(of=UnicodeAttribute, null=True)
    #: Whether the account's address was last entered by somebody who may not see what is masked: who signs in may
    #: be them, so the own record is masked as well.
    addressed_blindly = BooleanAttribute(null=True)

    @property
    def email(self) -> str | None:
        """The address of the person's account, if there is one."""
        return self.profile.get("email")

    def filter_values(self) -> dict[str, Any]:
        values = {name: self.profile.get(name) for name in FILTERED}
        values |= {"active": self.active, "classId": self.class_id}
        if self.kind != "students":
            return values
        ready = is_ready(self.profile) and not self.contested
        return values | {"readiness": ready, READINESS_AS_SEEN: not problems_as_seen(self.profile, SENSITIVE)}

    def identifiers(self) -> list[str | None]:
        # A NIK is sensitive: who may see it finds a person by its claim.
        return [self.profile.get(name) for name in ("email", "nisn", "nipd", "nip", "nuptk")]

    def unique_values(self) -> dict[str, str]:
        """The identifiers that the person claims, by member."""
        return {name: self.profile[name] for name in UNIQUE if self.profile.get(name)}


def people_of(organization_id: str, kind: str) -> str:
    """The partition of a school's people of a kind: `students`, `teachers`, `staff`."""
    return f"{organization_id}#{kind.upper()}"


class ClaimItem(Item):
    """The claim of a person on an identifier, such as a NISN, in one school."""

    kind = UnicodeAttribute()
    person_id = UnicodeAttribute()

    @property
    def holder(self) -> tuple[str, str]:
        return self.kind, self.person_id


def claim_key(organization_id: str, member: str, value: str) -> tuple[type[ClaimItem], str, str]:
    """Where the claim on an identifier stands."""
    return ClaimItem, f"{organization_id}#{member.upper()}", value

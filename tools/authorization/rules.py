"""What a rule of the matrix consists of, and what follows from it for a caller and a target."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.contract.operations import Operation
from core.kernel.policy import Permission

Permissions = frozenset[Permission]


class Outcome(StrEnum):
    """What a caller meets, in the words of the page."""

    ALLOWED = "allowed"
    INVALID = "400"
    UNAUTHENTICATED = "401"
    REFUSED = "403"
    HIDDEN = "404"
    CONFLICT = "409"


class Relation(StrEnum):
    """How what a request names stands to the caller."""

    NONE = "names nothing"
    OWN = "own"
    #: The policy knows no relation of a teacher to a class or its students: the related are others.
    RELATED = "related"
    OTHER = "other"
    STRONGER = "stronger"
    OTHER_SCHOOL = "other school"
    DELETED = "deleted"
    ABSENT = "absent"


_ELSEWHERE = (Relation.OTHER_SCHOOL, Relation.DELETED, Relation.ABSENT)
_RECORD = (Relation.OWN, Relation.RELATED, Relation.OTHER, Relation.STRONGER, *_ELSEWHERE)


class Target(StrEnum):
    """What a request names, in the words of the page."""

    NOTHING = "-"
    ACCOUNT = "account"
    STUDENT = "student"
    TEACHER = "teacher"
    STAFF = "member of staff"
    CLASS = "class"
    MEMBER = "student of the class"
    PROMOTION = "promotion"
    ROLE = "role"
    GRANT = "what the role grants"
    DEVICE = "device"
    IMPORT = "import"
    ORGANIZATION = "school"
    API_TOKEN = "API token"  # noqa: S105 - a word, not a secret


#: In which relations each target can stand. Promotions and imports are never deleted; they expire.
RELATIONS: dict[Target, tuple[Relation, ...]] = {
    Target.NOTHING: (Relation.NONE,),
    Target.ACCOUNT: _RECORD,
    Target.STUDENT: _RECORD,
    Target.TEACHER: _RECORD,
    Target.STAFF: tuple(each for each in _RECORD if each is not Relation.RELATED),
    Target.CLASS: (Relation.RELATED, Relation.OTHER, *_ELSEWHERE),
    Target.MEMBER: (Relation.OTHER, *_ELSEWHERE),
    Target.PROMOTION: (Relation.OTHER, Relation.OTHER_SCHOOL, Relation.ABSENT),
    Target.ROLE: (Relation.OWN, Relation.OTHER, Relation.STRONGER, *_ELSEWHERE),
    Target.GRANT: (Relation.OTHER, Relation.STRONGER),
    Target.DEVICE: (Relation.OWN, Relation.OTHER, Relation.OTHER_SCHOOL, Relation.ABSENT),
    Target.IMPORT: (Relation.OWN, Relation.OTHER, Relation.OTHER_SCHOOL, Relation.ABSENT),
    Target.ORGANIZATION: (Relation.OWN, Relation.OTHER, Relation.ABSENT),
    Target.API_TOKEN: (Relation.OWN, Relation.OTHER, Relation.STRONGER, *_ELSEWHERE),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for an operation besides what its route declares."""

    target: Target = Target.NOTHING
    #: What a role must grant besides the declared permission.
    needs: Permissions = frozenset()
    #: The same where the target is there: whoever lacks one of these meets 404 as ever at what is hidden.
    at_target: Permissions = frozenset()
    #: Whether it is about oneself: one's own needs no permission.
    own: bool = False
    #: Whether the target may do or grant no more than the caller.
    ceiling: bool = False
    #: Who lacks what is needed, but holds one of these, learns no more than that the target is absent.
    hidden_from: Permissions = frozenset()
    #: Where a permitted caller meets something else than `meeting` says of every target.
    meets: Mapping[Relation, Outcome] = field(default_factory=dict)


def needed(rule: Rule, declared: Operation) -> Permissions:
    """All permissions that an operation needs."""
    return rule.needs | rule.at_target | ({declared.permission} if declared.permission else frozenset())


def lacking(rule: Rule, declared: Operation, held: Permissions | None, *, is_there: bool = True) -> Outcome | None:
    """What whoever holds these permissions meets for want of others; None if nothing is wanting.

    Args:
        rule: of the operation.
        declared: by its route.
        held: what the caller's roles grant; None for somebody who is not signed in.
        is_there: whether the target is there for the caller.
    """
    if declared.public:
        return None
    if held is None:
        return Outcome.UNAUTHENTICATED
    spared = frozenset() if is_there else rule.at_target - rule.needs
    if needed(rule, declared) - spared <= held:
        return None
    return Outcome.HIDDEN if rule.hidden_from & held else Outcome.REFUSED


def meeting(rule: Rule, relation: Relation, *, is_stronger: bool) -> Outcome:
    """What a permitted caller meets at a target. What is hidden is so before it can be too strong."""
    usual = Outcome.HIDDEN if relation in _ELSEWHERE else Outcome.ALLOWED
    outcome = rule.meets.get(relation, usual)
    is_above = rule.ceiling and is_stronger and relation is not Relation.OWN
    return Outcome.REFUSED if outcome is Outcome.ALLOWED and is_above else outcome


def expected(
    rule: Rule, declared: Operation, held: Permissions | None, relation: Relation, at_target: Permissions
) -> Outcome:
    """What a caller meets.

    Args:
        rule: of the operation.
        declared: by its route.
        held: what the caller's roles grant; None for somebody who is not signed in.
        relation: of the target to the caller.
        at_target: what the target may do, or grants.
    """
    wanting = lacking(rule, declared, held, is_there=relation not in _ELSEWHERE)
    if wanting and not (rule.own and relation is Relation.OWN and held is not None):
        return wanting
    return meeting(rule, relation, is_stronger=not at_target <= (held or frozenset()))

"""Members that are absent are null at every depth, over all that is declared (contract section 1)."""

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

import pytest
from core.contract.operations import Bare, Many, One, Operation, Outcomes, Plain
from core.contract.shapes import Member, Shape
from core.people.kinds import KINDS
from core.people.models import PersonItem
from pydantic import BaseModel

from tools.openapi.operations import by_key, declarations

#: What a body takes and no answer shows: secrets, and the first account of a school, which is a user.
NOT_SHOWN = {
    "POST /api/users": {"password"},
    "PATCH /api/users/{user_id}/password": {"password"},
    "POST /api/organizations": {"administrator"},
}


def shape_of(answers: Any) -> Shape | None:
    """The shape that an answer of Core's shows; None where it has none or is another system's."""
    if isinstance(answers, Bare):
        return None
    shape = answers.of if isinstance(answers, Plain) else getattr(answers, "shape", None)
    return shape if isinstance(shape, Shape) else None


def within(shape: Shape) -> Iterator[Shape]:
    """A shape, and those of the documents inside it."""
    yield shape
    for member in shape.members:
        if isinstance(member.value, Shape):
            yield from within(member.value)


@cache
def shapes() -> dict[str, Shape]:
    """Every shape of Core's own answers by its name."""
    operations = (each.operation for each in declarations())
    answers = (answer for each in operations for answer in (each.answers, *each.or_answers))
    found = {each.name: each for shape in map(shape_of, answers) if shape for each in within(shape)}
    # A permission is a word, of which nothing can be absent.
    del found["Permission"]
    return found


class Hollow:
    """A thing of which nothing is known: each part of it is hollow too, and whatever it might hold is absent."""

    def __getattr__(self, name: str) -> Any:
        return Hollow()

    def __call__(self, *_: Any) -> Any:
        return Hollow()

    __getitem__ = __getattr__

    def __ror__(self, other: Any) -> Any:
        return other

    def __len__(self) -> int:
        return 0

    def get(self, _: str, default: Any = None) -> Any:
        return default

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __bool__(self) -> bool:
        return False

    def __int__(self) -> int:
        return 0


@pytest.mark.parametrize("name", shapes())
def test_a_document_has_all_members_of_its_shape_whatever_is_absent(name):
    shape = shapes()[name]
    assert [member.name for member in shape.members if member.optional] == [], "Core's own members are null instead."
    document = shape.document(Hollow())
    assert tuple(document) == shape.names
    for member in shape.members:
        if isinstance(member.value, Shape) and isinstance(document[member.name], dict):
            assert tuple(document[member.name]) == member.value.names


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The document that a member of a body is, however it is wrapped."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := model_in(each))), None)


def missing(body: type[BaseModel], shape: Shape, path: str = "") -> Iterator[str]:
    """The members that a body takes and the shape does not show, at every depth."""
    members = {member.name: member for member in shape.members}
    for name, field in body.model_fields.items():
        member, inner = members.get(name), model_in(field.annotation)
        if member is None or (inner and not isinstance(member.value, Shape)):
            yield f"{path}{name}"
        elif inner:
            assert isinstance(member.value, Shape)
            yield from missing(inner, member.value, f"{path}{name}.")


def is_shown(operation: Operation) -> bool:
    """Whether what is sent is a thing's own members, and the thing is answered."""
    return bool(operation.bodies) and isinstance(operation.answers, One)


def test_whatever_a_body_takes_an_answer_shows_at_every_depth():
    writes = {key: each.operation for key, each in by_key().items() if is_shown(each.operation)}
    assert len(writes) > 14
    lost = {
        f"{key} {name}"
        for key, operation in writes.items()
        for body in operation.bodies
        for name in missing(body, operation.answers.shape)
        if name not in NOT_SHOWN.get(key, ())
    }
    assert lost == set()


def absent_of(body: type[BaseModel], document: Any, path: str = "") -> Iterator[str]:
    """What is not null, or an empty array, of a document whose members were never set, by what its body takes."""
    for name, field in body.model_fields.items():
        value, inner = document.get(name, "missing"), model_in(field.annotation)
        if inner and isinstance(value, dict):
            yield from absent_of(inner, value, f"{path}{name}.")
        elif value is not None and value != []:
            yield f"{path}{name}"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_of_a_person_of_whom_nothing_is_known_all_is_null_within_each_document_too(kind):
    documents = {member.name: {} for member in kind.shape.members if is_document(member)}
    assert documents.keys() >= {"address"}
    shown = kind.shape.document(PersonItem("x#PEOPLE", "1", kind=kind.name, name="Budi", profile=documents))
    assert {name for name in documents if isinstance(shown[name], dict)} == documents.keys()
    assert set(absent_of(kind.schema, shown)) == {"name"}
    # And where the document itself is absent, it is null as a whole.
    bare = kind.shape.document(PersonItem("x#PEOPLE", "1", kind=kind.name, name="Budi", profile={}))
    assert [bare[name] for name in documents] == [None] * len(documents)


def is_document(member: Member) -> bool:
    """Whether a member holds one document."""
    return isinstance(member.value, Shape) and not member.is_list


def test_every_answer_of_core_shows_a_shape_but_those_that_are_documents_of_their_own():
    """An export about a person and the report of an erasure gather whatever there is."""
    enveloped = (each for each in declarations() if isinstance(each.operation.answers, Plain | Many | One | Outcomes))
    of_their_own = {each.key.rpartition("/")[2] for each in enveloped if shape_of(each.operation.answers) is None}
    assert of_their_own == {"export", "erasure"}

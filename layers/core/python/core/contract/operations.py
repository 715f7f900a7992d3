"""What an operation declares: all that a client can know of it beforehand, spelled once.

The door refuses, reads and renders by it; the OpenAPI document, the authorization page and the tests are made from it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from inspect import CO_VARKEYWORDS
from types import MappingProxyType
from typing import Any, NamedTuple, TypedDict, Unpack

from pydantic import BaseModel

from core.contract.shapes import Shape
from core.contract.values import Value
from core.kernel.policy import Caller, Permission

#: How lists of records can be sorted.
SORTS = ("name", "-name", "createdAt", "-createdAt")
#: What lists that are no records do without: they have no terms to search for, and no feed of changes.
PLAIN = frozenset({"search", "updatedSince"})
LONGEST_PAGE = 100


class Parameter(NamedTuple):
    """A query parameter that an operation takes by name."""

    name: str
    value: Value
    sentence: str
    required: bool = False
    #: What it is when it is not sent.
    default: Any = None


class Form(NamedTuple):
    """A form that an operation takes, which its handler reads."""

    media_type: str
    fields: tuple[Parameter, ...]


class Files(NamedTuple):
    """The files that a list gives by `Accept`, whole or in parts of `limit`."""

    types: tuple[str, ...]
    longest: int
    #: What only files take.
    parameters: tuple[Parameter, ...] = ()


class Listing(NamedTuple):
    """The query of a list: pages, cursors, and of the rest what the list has."""

    sorts: tuple[str, ...] = SORTS
    #: Exact filters, named after the field.
    filters: Mapping[str, Value] = MappingProxyType({})
    #: Sensitive members, numbers all, by whose beginnings a search finds things too for who may see them.
    searched: tuple[str, ...] = ()
    #: Parameters of other lists that make no sense for this one.
    without: frozenset[str] = frozenset()
    longest: int = LONGEST_PAGE
    #: What seals its cursors where the function has no secret; the deployment's key unless told.
    cursor_key: bytes | None = None
    #: What the list takes besides, by name.
    parameters: tuple[Parameter, ...] = ()
    files: Files | None = None


#: Notes that a caller saw sensitive members of those with these ids.
Viewed = Callable[[Caller, list[str]], None]


class Names(NamedTuple):
    """A name that stands beside an id and is another record's, who may be renamed: it is read when it is shown."""

    member: str
    #: The attribute of an item that holds it.
    attribute: str
    #: Gives items their names, read once for all of them; the names by id that are known already are not read again.
    give: Callable[[Sequence[Any], dict[str, str]], None]


class One(NamedTuple):
    """One thing in the envelope, with its `ETag` where it has a version."""

    shape: Shape
    status: int = 200
    #: Whether `If-None-Match` gives 304: not where something changes without the version.
    has_not_modified: bool = True
    #: Where a new thing is, from its id; below the operation's own path unless told.
    at: str | None = None
    viewed: Viewed | None = None
    #: Whether it is shown to the person whom it is about, to whom nothing is masked.
    to_owner: bool = False
    #: Leaves the empty `errors` out, where the operation's seed shows the envelope so.
    without_errors: bool = False
    names: Names | None = None


class Many(NamedTuple):
    """A page of things in the envelope, with `page`, `limit`, `total` and `next` in `meta`."""

    shape: Shape
    viewed: Viewed | None = None
    names: Names | None = None


class Plain(NamedTuple):
    """A result in the envelope that the operation has put together itself, described by a shape or a kind of value."""

    of: Shape | Value
    status: int = 200
    is_list: bool = False


class Outcomes(NamedTuple):
    """What became of each of many, a row for each, and in `meta` the summary of them."""

    shape: Shape
    status: int = 200


class Bare(NamedTuple):
    """A whole body in another system's shape, without the envelope; None for an empty one."""

    of: Shape | Value | None
    status: int = 200
    is_list: bool = False
    nullable: bool = False


class Html(NamedTuple):
    """A page for people, whose text the operation has put together itself. Its refusals are pages too."""

    status: int = 200


class Nothing(NamedTuple):
    """204 without a body."""

    status: int = 204


Answers = One | Many | Plain | Outcomes | Bare | Html | Nothing
Query = Listing | tuple[Parameter, ...]
#: The schema of a body, or several of which it fits one.
Schemas = type[BaseModel] | tuple[type[BaseModel], ...]


class Declaration(TypedDict, total=False):
    """What may be told of an operation; `Operation` says what each means."""

    name: str
    public: bool
    sessionless: bool
    permission: Permission | None
    own: str
    while_password_is_due: bool
    with_organization: bool
    by_api_token: bool
    query: Query
    takes: Schemas
    form: Form
    or_answers: tuple[Answers, ...]
    texts: Collection[str]
    errors: Mapping[int, tuple[str, ...]]
    words: Mapping[str, str]
    further: tuple[int, ...]
    cached_seconds: int
    media_types: tuple[str, ...]


class Operation:
    """One operation of the contract. What is not told of it is as it stands here."""

    method: str
    #: As API Gateway writes it: `/api/users/{user_id}`.
    path: str
    handler: Callable[..., Any]
    answers: Answers
    #: The handler's name, unless one handler serves several kinds: `operationId` of the OpenAPI document.
    name: str
    #: Whether it needs no sign-in.
    public: bool = False
    #: Whether it is public and never looks for a session: a form of a page that sends no referrer has no origin.
    sessionless: bool = False
    #: What a role must grant; None for what everybody signed in may do, or what the operation decides itself.
    permission: Permission | None = None
    #: The path parameter that names an account whose owner needs no permission for it.
    own: str = ""
    #: Whether somebody who must change the password may call it; with `own`, whether the owner may.
    while_password_is_due: bool = False
    #: Whether the session brings the caller's school along, in the same read.
    with_organization: bool = False
    #: Whether an API token may call it, in a function that takes them.
    by_api_token: bool = False
    #: Its query parameters; any other is refused.
    query: Query = ()
    #: The schema of a body that the handler takes as the `document` it is; several where it decides which it is.
    takes: Schemas = ()
    #: The form that it takes besides JSON, or instead of it.
    form: Form | None = None
    #: Answers of other kinds, which the handler names with `With(..., answers=...)`.
    or_answers: tuple[Answers, ...] = ()
    #: Path parameters that are no ids.
    texts: Collection[str] = ()
    #: What it refuses besides what every operation of its kind does: the codes of each status.
    errors: Mapping[int, tuple[str, ...]] = MappingProxyType({})
    #: The words of the handler's docstring that differ where one handler serves several kinds: `{one}` stands for one.
    words: Mapping[str, str] = MappingProxyType({})
    #: Further statuses of success, such as 202 for a job that goes on.
    further: tuple[int, ...] = ()
    #: For how many seconds caches between may keep the answer, which is the same for everybody; none unless told.
    cached_seconds: int = 0
    #: Media types other than JSON that the body of an answer may have; the only ones of an empty `Bare`.
    media_types: tuple[str, ...] = ()

    def __init__(
        self, method: str, path: str, handler: Callable[..., Any], answers: Answers, **declared: Unpack[Declaration]
    ) -> None:
        self.method, self.path, self.handler, self.answers = method, path, handler, answers
        self.name = handler.__name__
        self.__dict__.update(declared)
        self.public = self.public or self.sessionless

    @cached_property
    def arguments(self) -> frozenset[str]:
        """The names of what the handler takes; they are part of the declaration."""
        code = self.handler.__code__
        named = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        # One handler may serve several kinds, whose ids have names of their own.
        return frozenset((*named, *self.path_parameters) if code.co_flags & CO_VARKEYWORDS else named)

    @property
    def summary(self) -> str:
        """The first line of what the handler's docstring says."""
        return self.sentences.split("\n", maxsplit=1)[0]

    @property
    def sentences(self) -> str:
        """What the handler's docstring says, in the words of the kind that it serves."""
        text = (self.handler.__doc__ or "").strip()
        return text.format_map(self.words) if self.words else text

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """The names in the path's braces."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))

    @property
    def bodies(self) -> tuple[type[BaseModel], ...]:
        """The schemas of which the body fits one; none when the operation takes no body."""
        declared = self.takes or self.handler.__annotations__.get("body") or ()
        return declared if isinstance(declared, tuple) else (declared,)

    @property
    def has_not_modified(self) -> bool:
        """Whether `If-None-Match` gives 304."""
        answers = self.answers
        return self.has_hash or (self.method == "GET" and isinstance(answers, One) and answers.has_not_modified)

    @property
    def has_hash(self) -> bool:
        """Whether its `ETag` is a hash of what it says, for want of a version."""
        is_single = self.method == "GET" and isinstance(self.answers, Plain) and not self.answers.is_list
        return is_single or self.cached_seconds > 0

    @property
    def is_whole_list(self) -> bool:
        """Whether it is a list that is always answered whole."""
        return self.method == "GET" and isinstance(self.answers, Plain) and self.answers.is_list

    @property
    def is_fileless_list(self) -> bool:
        """Whether it is a list that does not come as a file for spreadsheets."""
        return self.is_whole_list or (isinstance(self.query, Listing) and self.query.files is None)

    @property
    def is_conditional(self) -> bool:
        """Whether `If-Match` makes it conditional."""
        return "expected" in self.arguments

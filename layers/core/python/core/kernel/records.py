"""Records: the things of a school that lists show, such as users and students.

A record stands in its school's partition of its kind in order of creation, in the index of names, in the index of
changes, under its search terms, and in its school's count. These are kept together in one transaction.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pynamodb.attributes import ListAttribute, MapAttribute, NumberAttribute, UnicodeAttribute

from core.kernel import clock, table
from core.kernel.errors import Conflict, CoreError, NotFound, PreconditionFailed
from core.kernel.folding import fold, fold_key, fold_term
from core.kernel.table import Item, Write, check, create, delete, get_all, put, query, transact, update

#: A deleted record can be restored for this long; then the table forgets it.
TOMBSTONE_SECONDS = 30 * 24 * 3600
_MOST_NAME_TERMS = 8
_ATTEMPTS = 5
#: What `#` and an id take at the end of a key.
_ID_BYTES = 25


class Record(Item):
    """A thing of a school. `partition` begins with the school, `sort` is the id."""

    name = UnicodeAttribute()
    created_at = UnicodeAttribute()
    updated_at = UnicodeAttribute()
    deleted_at = UnicodeAttribute(null=True)
    version = NumberAttribute(default=1)
    #: A copy of what lists filter by, projected into the index of names.
    filters: Any = MapAttribute(null=True)

    @property
    def id(self) -> str:
        return self.sort

    def filter_values(self) -> dict[str, Any]:
        """What lists filter by; None stands for absent."""
        return {}

    def identifiers(self) -> list[str | None]:
        """By what, besides the name, a search finds the record: addresses and numbers."""
        return []

    def terms(self) -> frozenset[str]:
        """What a search may begin with: the name from any of its words on, and the identifiers."""
        words = fold(self.name).split()
        terms = {fold_term(" ".join(words[start:])) for start in range(min(len(words), _MOST_NAME_TERMS))}
        terms |= {fold_term(each) for each in self.identifiers() if each}
        return frozenset(filter(None, terms))

    def index(self) -> None:
        """Sets the index keys from the members that they are made of."""
        if self.deleted_at:
            self.list_key = self.name_key = None
        else:
            self.list_key, self.name_key = self.partition, f"{place_of(self)}#{self.id}"
        self.filters = {name: value for name, value in self.filter_values().items() if value is not None}
        self.change_list_key, self.change_key = self.partition, f"{self.updated_at}#{self.id}"


def place_of(record: Record) -> str:
    """Where the record stands among the others by name; the id decides among those of one name."""
    return fold_key(record.name, beside=_ID_BYTES)


class SearchItem(Item):
    """One term by which a search finds a record.

    It carries all terms of its record, so that a search that meets several of them counts the record once.
    """

    record_id = UnicodeAttribute()
    terms: Any = ListAttribute(of=UnicodeAttribute, default=list)
    filters: Any = MapAttribute(null=True)
    #: By these what is found is put into an order.
    name = UnicodeAttribute()
    created_at = UnicodeAttribute()


class CountItem(Item):
    """A part of the number of a school's records of a kind: 16 parts, so that parallel writes rarely meet."""

    number = NumberAttribute(default=0)


def searchable(record: Record) -> list[Write]:
    """Makes the record findable under every term."""
    filters = {name: value for name, value in record.filter_values().items() if value is not None}
    terms = sorted(record.terms())
    shown: dict[str, Any] = {"name": place_of(record), "created_at": record.created_at, "filters": filters}
    keys = (_search_key(record, term) for term in terms)
    return [put(SearchItem(*key, record_id=record.id, terms=terms, **shown)) for key in keys]


def _search_key(record: Record, term: str) -> tuple[str, str]:
    return f"{record.partition}#SEARCH", f"{term}#{record.id}"


def unsearchable(record: Record, but: frozenset[str] = frozenset()) -> list[Write]:
    """Removes the search entries, `but` for some that stay."""
    return [delete(SearchItem(*_search_key(record, term))) for term in sorted(record.terms() - but)]


def searchable_anew(before: Record, after: Record, *, always: bool = False) -> list[Write]:
    """Brings the search entries from one state of a record to the next.

    None when nothing in them changed; unless `always`, for a caller who is not to learn by the time that it takes
    whether something did.
    """
    if not always and _findable(before) == _findable(after):
        return []
    return [*unsearchable(before, but=after.terms()), *searchable(after)]


def _findable(record: Record) -> tuple[str, frozenset[str], dict[str, Any]]:
    return place_of(record), record.terms(), record.filter_values()


@dataclass(slots=True)
class Counting(Write):
    """The write that adds to a count."""

    key: tuple[str, str] = ("", "")
    by: int = 0


def counting(key: tuple[str, str], by: int) -> Counting:
    """The write that adds to the count with this key."""
    write = update(CountItem(*key), [CountItem.number.add(by)])
    return Counting(write.order, write.add, key=key, by=by)


def created(record: Record, otherwise: CoreError | None = None) -> list[Write]:
    """The writes of a new record: itself, with its place in lists, its number, and the terms that find it."""
    record.index()
    return [create(record, otherwise), counted(record, 1), *searchable(record)]


def counted(record: Record, by: int) -> Write:
    """Counts the record in (1) or out (-1)."""
    return counting((f"{record.partition}#COUNT", record.id[-1]), by)


def summed(writes: list[Write]) -> list[Write]:
    """The writes with those made one that are about the same count, or hold the same record as it was first read.

    A transaction may name an item only once.
    """
    sums: dict[tuple[str, str], int] = {}
    held: dict[tuple[str, str], Write] = {}
    others: list[Write] = []
    for write in writes:
        if isinstance(write, Counting):
            sums[write.key] = sums.get(write.key, 0) + write.by
        elif isinstance(write, Holding):
            held.setdefault(write.key, write)
        else:
            others.append(write)
    return [*held.values(), *others, *(counting(key, by) for key, by in sums.items())]


def count(partition: str) -> int:
    """How many records of a kind a school has: the sum of 16 counters, one query."""
    return sum(int(part["number"]["N"]) for part in query(f"{partition}#COUNT").items)


class Overtaken(Conflict):
    """What a decision rested on is not as it was read. Deciding anew may come to something else."""

    code = "busy"
    sentence = "Others are changing this at the same moment. Try again."


@dataclass(slots=True)
class Holding(Write):
    """The check that a record is as it was read."""

    key: tuple[str, str] = ("", "")


def unchanged(record: Record, otherwise: CoreError | None = None) -> Holding:
    """Holds a transaction to the version of a record that was read, where the transaction does not put it itself."""
    same = Record.version == record.version
    write = check(type(record), record.partition, record.sort, same, otherwise or Overtaken())
    return Holding(write.order, write.add, write.otherwise, key=(record.partition, record.sort))


def copy_of[RecordType: Record](record: RecordType) -> RecordType:
    """The record as it is now, to compare with what becomes of it."""
    return type(record).from_raw_data(record.to_dynamodb_dict())


def names(
    model: type[Record], partition: str, ids: Iterable[str], run: Callable[..., Iterable[list[Any]]] = map
) -> dict[str, str]:
    """The names that the records with these ids have now; those that are not there have none. `run` as of `get_all`."""
    found = get_all(((model, partition, each) for each in dict.fromkeys(ids)), run)
    return {each.id: each.name for each in found if each and not each.deleted_at}


def bury(record: Record) -> None:
    """Hides the record on every path; it can be restored until the table forgets it."""
    at = clock.now()
    record.deleted_at = clock.to_wire(at)
    record.expires_at = int(at.timestamp()) + TOMBSTONE_SECONDS


def unearth(record: Record) -> None:
    """Takes a buried record back."""
    record.deleted_at = None
    record.expires_at = None


def replacement(record: Record, version: float, overtaken: CoreError) -> Write:
    """Puts a changed record in place of exactly the version that was read; `overtaken` when that is not there."""
    record.updated_at = max(clock.to_wire(clock.now()), record.updated_at)
    record.version = version + 1
    record.index()
    return put(record, Record.version == version, overtaken)


def change[RecordType: Record](
    read: Callable[[], RecordType],
    expected: int | None,
    decide: Callable[[RecordType], list[Write] | None],
) -> RecordType:
    """Changes a record as `decide` says, on exactly the version that it saw.

    Args:
        read: reads the record; raises NotFound.
        expected: the version that `If-Match` names, or None to take whatever is current.
        decide: alters the record and returns the further writes of the same transaction, or None when there is
            nothing to change. It may run several times. Nothing altered and nothing further is nothing to write.

    Raises:
        PreconditionFailed: the record is not at the expected version.
        Overtaken: others changed the record, or what the decision rests on, again and again.
    """
    for _ in range(_ATTEMPTS):
        record = read()
        if expected is not None and record.version != expected:
            raise PreconditionFailed()
        version, read_as = record.version, record.to_dynamodb_dict()
        further = decide(record)
        if further is None or (not further and record.to_dynamodb_dict() == read_as):
            return record
        overtaken = PreconditionFailed()
        try:
            transact(replacement(record, version, overtaken), *further)
        except Overtaken:
            continue
        except PreconditionFailed as error:
            if error is not overtaken or expected is not None:
                raise
            continue
        return record
    raise Overtaken()


def find[RecordType: Record](model: type[RecordType], partition: str, record_id: str) -> RecordType:
    """The record with the id that a path or a body names.

    Raises:
        NotFound: absent, deleted, of another school, or not an id at all.
    """
    record = table.find(model, partition, record_id)
    if record.deleted_at:
        raise NotFound()
    return record

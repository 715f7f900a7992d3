"""Users as items of the table. The keys of a user are spelled here and nowhere else."""

import hashlib
import unicodedata
from typing import Any

from pynamodb.attributes import BooleanAttribute, ListAttribute, MapAttribute, NumberAttribute, UnicodeAttribute

from school.table import Item


def fold(text: str) -> str:
    """`text` without case, accents and repeated blanks, for sorting and searching names."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(each for each in decomposed if not unicodedata.combining(each))
    return " ".join(plain.casefold().split())


class UserItem(Item):
    """An account. `partition` is the school's users, `sort` the user's id: in order of creation."""

    name = UnicodeAttribute()
    email = UnicodeAttribute()
    email_verified = BooleanAttribute(default=False)
    secondary_email = UnicodeAttribute(null=True)
    secondary_email_verified = BooleanAttribute(default=False)
    roles: Any = ListAttribute(of=UnicodeAttribute, default=list)
    image = UnicodeAttribute(null=True)
    active = BooleanAttribute(default=True)
    created_at = UnicodeAttribute()
    updated_at = UnicodeAttribute()
    deleted_at = UnicodeAttribute(null=True)
    version = NumberAttribute(default=1)
    #: A session holds only while its epoch is the user's: adding one ends them all in one write.
    session_epoch = NumberAttribute(default=1)
    #: The same for the API tokens that the user made: an administrator's reset ends them too.
    api_token_epoch = NumberAttribute(default=1)
    must_change_password = BooleanAttribute(default=False)
    #: A copy of what lists filter by, projected into the index of names.
    filters: Any = MapAttribute(null=True)

    @property
    def id(self) -> str:
        return self.sort

    @property
    def organization_id(self) -> str:
        return self.partition.split("#", 1)[0]

    def index(self) -> None:
        """Sets the index keys from the members that they are made of."""
        if self.deleted_at:
            self.list_key = self.name_key = None
        else:
            self.list_key, self.name_key = self.partition, f"{fold(self.name)}#{self.id}"
        self.filters = {"active": self.active}
        self.change_list_key, self.change_key = self.partition, f"{self.updated_at}#{self.id}"


def users_of(organization_id: str) -> str:
    """The partition of a school's users."""
    return f"{organization_id}#USERS"


def belongings_of(organization_id: str, user_id: str) -> str:
    """The partition of what a user has: password, sessions."""
    return f"{organization_id}#USER#{user_id}"


class EmailItem(Item):
    """The claim of one account on an email address, across all schools.

    Its key is the hash of the address: sign-in knows no school, and one address is one partition.
    """

    organization_id = UnicodeAttribute()
    user_id = UnicodeAttribute()


def email_key(email: str) -> str:
    """The partition of an address's claim."""
    return f"EMAIL#{hashlib.sha256(email.encode()).hexdigest()}"


class SearchItem(Item):
    """One word-start of a name, or an address, by which a search finds the user.

    It carries all terms of its user, so that a search that meets several of them counts the user once.
    """

    user_id = UnicodeAttribute()
    terms: Any = ListAttribute(of=UnicodeAttribute, default=list)
    filters: Any = MapAttribute(null=True)


def searches_of(organization_id: str) -> str:
    """The partition of the search entries of a school's users."""
    return f"{organization_id}#USERS#SEARCH"


def search_terms(user: UserItem) -> frozenset[str]:
    """What a search may begin with to find this user: the name from any of its words on, and the addresses."""
    words = fold(user.name).split()
    terms = {" ".join(words[start:]) for start in range(min(len(words), 8))}
    terms |= {address for address in (user.email, user.secondary_email) if address}
    return frozenset(term[:100] for term in terms)


def search_item(user: UserItem, term: str) -> SearchItem:
    """The search entry of `user` under `term`."""
    return SearchItem(
        searches_of(user.organization_id),
        f"{term}#{user.id}",
        user_id=user.id,
        terms=sorted(search_terms(user)),
        filters={"active": user.active},
    )


class CountItem(Item):
    """A part of the number of a school's users: 16 parts, so that parallel writes rarely meet."""

    number = NumberAttribute(default=0)


def counts_of(organization_id: str) -> str:
    """The partition of the parts of a school's number of users."""
    return f"{organization_id}#USERS#COUNT"


def count_item(user: UserItem) -> CountItem:
    """The part of the count that this user belongs to."""
    return CountItem(counts_of(user.organization_id), user.id[-1])

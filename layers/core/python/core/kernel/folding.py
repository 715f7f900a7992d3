"""Texts as keys: what of a text is compared, and how it fits into a key of the table."""

import hashlib
import unicodedata
from collections.abc import Collection

#: What a sort key of the table or of an index may take, in bytes of UTF-8; DynamoDB's limit.
LONGEST_SORT_KEY = 1024
#: So many characters of a folded text are looked for, and found.
LONGEST_TERM = 100
_HASH_CHARACTERS = 32


def fold(text: str) -> str:
    """`text` without case, accents and repeated blanks, for sorting and searching names.

    Nothing is left of some texts, such as an accent alone; others grow: one Arabic ligature is eighteen characters.
    """
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(each for each in decomposed if not unicodedata.combining(each))
    return " ".join(plain.casefold().split())


def fold_term(text: str) -> str:
    """`text` as a search entry holds it and a search looks for it. Its key has room for every one."""
    return fold(text)[:LONGEST_TERM]


def is_met(terms: Collection[str], sought: str) -> bool:
    """Whether a search finds what has these terms: its words begin words of theirs, in whatever order they are sent.

    Args:
        terms: folded. A name's are the name from any of its words on.
        sought: a search, folded. Its first word begins a term, by which search entries are found.
    """
    first, *others = sought.split()
    if not any(each.startswith(first) for each in terms):
        return False
    words = {word for each in terms for word in each.split()} if others else ()
    return all(any(word.startswith(each) for word in words) for each in others)


def fold_key(text: str, *, beside: int = 0) -> str:
    """`text` folded, to stand in a sort key: as it is, or, where it is too long, its beginning and a hash of the whole.

    So texts stay in their order, and two that differ never share a key.

    Args:
        text: anything that folds to something.
        beside: how many bytes of the key are taken by something else.
    """
    folded = fold(text)
    room = LONGEST_SORT_KEY - beside
    written = folded.encode()
    if len(written) <= room:
        return folded
    digest = hashlib.sha256(written).hexdigest()[:_HASH_CHARACTERS]
    return written[: room - _HASH_CHARACTERS].decode("utf-8", "ignore") + digest

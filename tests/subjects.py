"""People who have used their accounts, their export and erasure, and what is left of them in table and bucket."""

import json

from core.imports.models import ResultItem
from core.kernel.table import transact, update
from core.users.models import UserItem, users_of

from tests.bucket import content_of, keys
from tests.functions.test_people import create, one
from tests.gateway import call
from tests.schools import PASSWORD, everything

REASON = {"reason": "Permohonan tertulis wali tanggal 20 November 2026"}

#: What a client says of itself when somebody signs in.
USER_AGENT = "Their own phone"
_NOT_THEIRS = {"id", "userId", "classId", "createdAt", "updatedAt"}
#: Shorter texts, such as a blood type, stand by chance in the ids and hashes of others.
_SHORTEST = 8
_SHORTEST_WORD = 4


def export(kind, person_id, token):
    """GET …/export."""
    return one(kind, "GET", f"{person_id}/export", token)


def erase(kind, person_id, token, body=None):
    """POST …/erasure."""
    return one(kind, "POST", f"{person_id}/erasure", token, json_body=REASON if body is None else body)


def sign_in(email, password=PASSWORD):
    """Signs in from somebody's own client."""
    body = {"email": email, "password": password}
    return call("auth", "POST", "/api/auth/sign-in/email", json_body=body, headers={"User-Agent": USER_AGENT})


def lived_in(school, token, kind, **changes):
    """A new person who has used the account: signed in, failed to, asked for a link."""
    person = create(kind, token, **changes).result
    user = UserItem(users_of(school.id), person["userId"])
    transact(update(user, [UserItem.email_verified.set(True)]))
    path = f"/api/users/{person['userId']}/password"
    assert call("users", "PATCH", path, token=token, json_body={"password": PASSWORD}).status == 200
    assert sign_in(person["email"]).status == 200
    assert sign_in(person["email"], "salah").status == 401
    call("auth", "POST", "/api/auth/request-password-reset", json_body={"email": person["email"]})
    return person


def _texts(value, name=""):
    if name in _NOT_THEIRS:
        return
    if isinstance(value, dict):
        for member, each in value.items():
            yield from _texts(each, member)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, name)
    elif isinstance(value, str):
        yield value


def words_of(record, *more):
    """What tells of somebody: every longer text of the record, whatever member it is, and each word of the name."""
    words = {each for each in (*_texts(record), *more) if len(each) >= _SHORTEST} | {USER_AGENT}
    words |= {each for each in record["name"].split() if len(each) >= _SHORTEST_WORD}
    return words | {each.lower() for each in words}


def _readable(item):
    """The item as text, with what is packed in it."""
    packed = [ResultItem(packed=item["packed"]["B"]).rows] if "packed" in item else []
    return json.dumps([item, *packed], default=str, ensure_ascii=False)


def traces(table, record, *more):
    """The items and files in which something of somebody still stands, and the pictures that are theirs."""
    words = words_of(record, *more)
    items = [item for item in everything(table) if any(word in _readable(item) for word in words)]
    return items + [key for key in keys() if record["userId"] in key or _holds(content_of(key), words)]


def _holds(content, words):
    return any(word.encode() in content for word in words)

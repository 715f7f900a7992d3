"""The history of sign-ins as it crosses the wire."""

from operator import itemgetter

from core.contract.shapes import Member, Shape
from core.contract.values import BOOLEAN, ID, INSTANT, TEXT, one_of
from core.logins.agents import TYPES, describe
from core.logins.models import Reason

CLIENT = Shape(
    "Client",
    Member("type", one_of(TYPES), itemgetter("type")),
    Member("model", TEXT, itemgetter("model"), nullable=True),
    Member("os", TEXT, itemgetter("os"), nullable=True),
    Member("browser", TEXT, itemgetter("browser"), nullable=True),
    description="What a user agent tells of the device that somebody used.",
)
LOGIN_HISTORY = Shape(
    "LoginHistory",
    Member("id", ID),
    Member("userId", ID),
    Member("at", INSTANT),
    Member("success", BOOLEAN),
    Member("reason", one_of(Reason), nullable=True, description="Why it failed."),
    Member("ipAddress", TEXT, nullable=True),
    Member("userAgent", TEXT, nullable=True),
    Member("device", CLIENT, lambda login: describe(login.user_agent)),
    Member("country", TEXT, lambda _: None, nullable=True, description="Null: Core asks nobody where an address lies."),
    description="A sign-in, or one that failed.",
)

"""Whether the service answers: /api/health."""

from school import table
from school.api import Api
from school.contract.operations import Plain
from school.contract.shapes import Member, Shape
from school.contract.values import one_of
from school.errors import Unavailable
from school.requests import Request

HEALTH = Shape("Health", Member("status", one_of(("ok",)), str), description="That the table answers.")
api = Api("health")
handler = api


@api.operation("GET", "/api/health", public=True, answers=Plain(HEALTH))
def health(request: Request) -> str:
    """200 when the table answers, 503 when it does not."""
    if not table.is_reachable():
        raise Unavailable()
    return "ok"

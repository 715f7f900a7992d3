"""Whether the service answers: /api/health."""

from core.contract.operations import Plain
from core.contract.shapes import Member, Shape
from core.contract.values import one_of
from core.http.api import Api
from core.http.requests import Request
from core.kernel import table
from core.kernel.errors import Unavailable

HEALTH = Shape("Health", Member("status", one_of(("ok",)), str), description="That the table answers.")
api = Api("health")
handler = api


@api.operation("GET", "/api/health", public=True, answers=Plain(HEALTH))
def health(request: Request) -> str:
    """Answers 200 when the table answers, and 503 when it does not."""
    if not table.is_reachable():
        raise Unavailable()
    return "ok"

"""Whether the service answers: /api/health."""

from school import table
from school.api import Answer, Api
from school.errors import Unavailable
from school.requests import Request

api = Api("health")
handler = api


@api.route("GET", "/api/health", public=True)
def health(request: Request) -> Answer:
    """200 when the table answers, 503 when it does not."""
    if not table.is_reachable():
        raise Unavailable()
    return Answer({"status": "ok"})

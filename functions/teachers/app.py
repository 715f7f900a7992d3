"""Teachers: /api/teachers."""

from core.http.api import Api
from core.http.people import register
from core.people.kinds import TEACHERS

api = Api("teachers")
handler = api
register(api, TEACHERS)

"""Staff: /api/staff."""

from core.http.api import Api
from core.http.people import register
from core.people.kinds import STAFF_MEMBERS

api = Api("staff")
handler = api
register(api, STAFF_MEMBERS)

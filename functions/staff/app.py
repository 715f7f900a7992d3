"""Staff: /api/staff."""

from school.api import Api
from school.people.door import register
from school.people.kinds import STAFF_MEMBERS

api = Api("staff")
handler = api
register(api, STAFF_MEMBERS)

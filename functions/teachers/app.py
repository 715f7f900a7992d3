"""Teachers: /api/teachers."""

from school.api import Api
from school.people.door import register
from school.people.kinds import TEACHERS

api = Api("teachers")
handler = api
register(api, TEACHERS)

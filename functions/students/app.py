"""Students: /api/students."""

from school.api import Api
from school.people.door import register
from school.people.kinds import STUDENTS

api = Api("students")
handler = api
register(api, STUDENTS)

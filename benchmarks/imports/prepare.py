"""Lays an import of new students before the workers: the job, who began it, and its chunks, as a request does."""

import sys

from core.imports import chunks
from core.imports.models import ImportItem, imports_of
from core.imports.rows import rows_of_json
from core.kernel import clock
from core.kernel.policy import ADMINISTRATOR
from core.kernel.table import connection
from core.people.kinds import STUDENTS
from core.users.models import UserItem, users_of

from benchmarks.imports.students import student


def main() -> None:
    """Prints the id of the import and how many chunks it has."""
    organization, rows = sys.argv[1], int(sys.argv[2])
    job = ImportItem(imports_of(organization), clock.new_id(), kind="students", actor_id="0" * 23 + "2")
    job.actor_organization_id = organization
    job.source, job.created_at, job.total, job.chunk_size = job.id, clock.to_wire(clock.now()), rows, 100
    user = UserItem(users_of(organization), job.actor_id, name="Admin", email="admin@sekolah.test")
    user.roles, user.created_at, user.updated_at = [ADMINISTRATOR.id], job.created_at, job.created_at
    for item in (job, user):
        connection().put_item(item.partition, item.sort, attributes=item.to_dynamodb_dict())
    chunks.store(job, rows_of_json(STUDENTS, (student(number) for number in range(1, rows + 1))).rows)
    print(job.id, job.chunks)


if __name__ == "__main__":
    main()

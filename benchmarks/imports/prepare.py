"""Lays an import of new students before the workers: the job, who began it, and its chunks, as a request does."""

import sys
from random import Random

from school import clock
from school.imports import chunks
from school.imports.models import ImportItem, imports_of
from school.imports.rows import rows_of_json
from school.people.kinds import STUDENTS
from school.policy import ADMINISTRATOR
from school.table import connection
from school.users.models import UserItem, users_of

_GIVEN = ("Aisyah", "Bagas", "Citra", "Dimas", "Fitri", "Galih", "Intan", "Lukman", "Nabila", "Rizky", "Satria")
_FAMILY = ("Anggraini", "Gunawan", "Hidayat", "Kurniawan", "Lestari", "Pratama", "Ramadhan", "Saputra", "Wibowo")


def student(number: int) -> dict[str, str]:
    """A row as a school has it: Core's own headers and what Dapodik wants most."""
    dice = Random(number)
    year, month, day = 2008 + number % 3, 1 + number % 12, 1 + number % 28
    return {
        "Nama Lengkap": f"{dice.choice(_GIVEN)} {dice.choice(_GIVEN)} {dice.choice(_FAMILY)}",
        "Email Sekolah": f"murid{number:05d}@sekolah.test",
        "NISN": f"{number:010d}",
        "NIPD": f"2526.{number:05d}",
        "Jenis Kelamin": "L",
        "Agama": "Islam",
        "NIK": f"649901{day:02d}{month:02d}{year % 100:02d}{number % 10000:04d}",
        "No KK": f"6499010101{number:06d}",
        "Tempat Lahir": "Kota Contoh",
        "Tanggal Lahir": f"{year}-{month:02d}-{day:02d}",
        "Alamat": f"Jl. Contoh {number}",
        "RT": "1",
        "RW": "2",
        "HP": "082012345678",
        "Nama Ayah": dice.choice(_FAMILY),
    }


def main() -> None:
    """Prints the id of the import and how many chunks it has."""
    organization, rows = sys.argv[1], int(sys.argv[2])
    job = ImportItem(imports_of(organization), clock.new_id(), kind="students", actor_id="0" * 23 + "2")
    job.source, job.created_at, job.total, job.chunk_size = job.id, clock.to_wire(clock.now()), rows, 100
    user = UserItem(users_of(organization), job.actor_id, name="Admin", email="admin@sekolah.test")
    user.roles, user.created_at, user.updated_at = [ADMINISTRATOR.id], job.created_at, job.created_at
    for item in (job, user):
        connection().put_item(item.partition, item.sort, attributes=item.to_dynamodb_dict())
    chunks.store(job, rows_of_json(STUDENTS, (student(number) for number in range(1, rows + 1))).rows)
    print(job.id, job.chunks)


if __name__ == "__main__":
    main()

"""Students who do not exist, as rows of a file. None of them is one of the demo school's."""

from random import Random

_GIVEN = ("Aisyah", "Bagas", "Citra", "Dimas", "Fitri", "Galih", "Intan", "Lukman", "Nabila", "Rizky", "Satria")
_FAMILY = ("Anggraini", "Gunawan", "Hidayat", "Kurniawan", "Lestari", "Pratama", "Ramadhan", "Saputra", "Wibowo")


def student(number: int) -> dict[str, str]:
    """A row as a school has it, Core's own headers and what Dapodik wants most; each number gives other identifiers."""
    dice = Random(number)
    year, month, day = 2008 + number % 3, 1 + number % 12, 1 + number % 28
    return {
        "Nama Lengkap": f"{dice.choice(_GIVEN)} {dice.choice(_GIVEN)} {dice.choice(_FAMILY)}",
        "Email Sekolah": f"murid{number:05d}@sekolah.test",
        "NISN": f"{number:010d}",
        "NIPD": f"2526.{number:05d}",
        "Jenis Kelamin": "L",
        "Agama": "Islam",
        "NIK": f"649911{day:02d}{month:02d}{year % 100:02d}{number % 10000:04d}",
        "No KK": f"6499010101{number:06d}",
        "Tempat Lahir": "Kota Contoh",
        "Tanggal Lahir": f"{year}-{month:02d}-{day:02d}",
        "Alamat": f"Jl. Contoh {number}",
        "RT": "1",
        "RW": "2",
        "HP": "082012345678",
        "Nama Ayah": dice.choice(_FAMILY),
    }

"""The columns of a file: which member each header names, and how its cells are read.

A header is a member's path (`birthDate`, `father.name`), Core's own name for it, or Dapodik's. A cell that can't be
read stays as it is, so that the member's own rule refuses it with its own words.
"""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from school.formulas import original
from school.imports.words import WORDS, folded
from school.people.kinds import PersonKind
from school.people.schemas import Address, ParentInfo, UserProfile

PASSWORD = "password"  # noqa: S105 - a column's name
#: What a spreadsheet made a number of can't be told from the digits that it dropped.
MOST_DIGITS = 15
_PARENTS = {"father": "Ayah", "mother": "Ibu", "guardian": "Wali"}

#: Core's and Dapodik's headers by member, Core's own or the most usual first: it stands in the template.
_NAMES: dict[str, tuple[str, ...]] = {
    "name": ("Nama Lengkap", "Nama"),
    "email": ("Email Sekolah", "Email", "E-Mail"),
    PASSWORD: ("Password", "Kata Sandi"),
    "nisn": ("NISN",),
    "nipd": ("NIPD", "NIS"),
    "nip": ("NIP",),
    "nuptk": ("NUPTK",),
    "gender": ("Jenis Kelamin", "JK", "L/P"),
    "religion": ("Agama",),
    "nik": ("NIK",),
    "familyCardNumber": ("No KK", "Nomor KK", "Nomor Kartu Keluarga"),
    "birthPlace": ("Tempat Lahir",),
    "birthDate": ("Tanggal Lahir",),
    "birthCertificateNumber": ("No Registrasi Akta Lahir", "Nomor Akta Lahir"),
    "nationality": ("Kewarganegaraan",),
    "phoneNumber": ("HP", "Nomor HP", "No HP"),
    "landline": ("Telepon", "Nomor Telepon", "Telepon Rumah"),
    "address.street": ("Alamat", "Alamat Jalan"),
    "address.rt": ("RT",),
    "address.rw": ("RW",),
    "address.subDistrict": ("Kelurahan", "Desa/Kelurahan"),
    "address.district": ("Kecamatan",),
    "address.city": ("Kabupaten/Kota", "Kabupaten", "Kota"),
    "address.province": ("Provinsi",),
    "address.postalCode": ("Kode Pos",),
    "address.country": ("Negara",),
    "address.location.latitude": ("Lintang",),
    "address.location.longitude": ("Bujur",),
    "skhun": ("SKHUN", "No SKHUN"),
    "bloodType": ("Golongan Darah",),
    "height": ("Tinggi Badan",),
    "weight": ("Berat Badan",),
    "headCircumference": ("Lingkar Kepala",),
    "hobby": ("Hobi",),
    "aspiration": ("Cita-cita",),
    "specialNeeds": ("Kebutuhan Khusus",),
    "residenceType": ("Jenis Tinggal",),
    "transportationMode": ("Alat Transportasi", "Moda Transportasi"),
    "distance": ("Jarak Rumah ke Sekolah (m)", "Jarak (m)"),
    "travelTime": ("Waktu Tempuh (menit)", "Waktu Tempuh"),
    "birthOrder": ("Anak ke-berapa", "Anak ke"),
    "numberOfSiblings": ("Jml. Saudara Kandung", "Jumlah Saudara Kandung"),
    "npwp": ("NPWP",),
    "employmentStatus": ("Status Kepegawaian",),
    "employmentStartDate": ("TMT Pengangkatan", "TMT Kerja"),
    "position": ("Jabatan", "Jenis PTK"),
    "maritalStatus": ("Status Perkawinan",),
    "spouseName": ("Nama Suami/Istri",),
    "subjects": ("Mata Pelajaran",),
}
_PARENT_NAMES = {
    "name": ("Nama {}", "Nama {} Kandung"),
    "nik": ("NIK {}",),
    "birthPlace": ("Tempat Lahir {}",),
    "birthDate": ("Tanggal Lahir {}",),
    "education": ("Pendidikan {}", "Jenjang Pendidikan {}"),
    "occupation": ("Pekerjaan {}",),
    "income": ("Penghasilan {}",),
    "phoneNumber": ("HP {}", "No HP {}"),
    "specialNeeds": ("Kebutuhan Khusus {}",),
}
_KILOMETRES = ("Jarak Rumah ke Sekolah (KM)", "Jarak Rumah ke Sekolah")

Reader = Callable[[str], Any]


def _number(text: str) -> Any:
    """A number with a decimal point or, as Indonesians write it, comma."""
    plain = text.replace(",", ".", 1)
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", plain):
        return text
    value = float(plain)
    return int(value) if value.is_integer() else value


def _metres(text: str) -> Any:
    value = _number(text)
    return value if isinstance(value, str) else round(value * 1000)


def _list(text: str) -> Any:
    if folded(text) in ("tidak ada", "tidak", "-"):
        return []
    if text.startswith("["):
        with suppress(ValueError, RecursionError):
            return json.loads(text)
    return [each.strip() for each in re.split(r"[;,|]", text) if each.strip()]


def list_cell(values: list[str]) -> str:
    """The cell that is read as this list: as people write one, or as JSON where a text holds what parts them."""
    text = "; ".join(values)
    return text if _list(text) == values else json.dumps(values, ensure_ascii=False)


def _padded(text: str) -> str:
    """RT and RW are numbers to people, and `5` is `005`."""
    return text.zfill(3) if text.isascii() and text.isdigit() else text


def _text(text: str) -> str:
    return text


def _word_of(member: str) -> Reader:
    words = WORDS[member]
    return lambda text: words.get(folded(text), text)


_READERS: dict[str, Reader] = {
    **{name: _word_of(name) for name in WORDS},
    **dict.fromkeys(("height", "weight", "headCircumference", "distance", "travelTime"), _number),
    **dict.fromkeys(("birthOrder", "siblings", "numberOfSiblings", "latitude", "longitude"), _number),
    **dict.fromkeys(("specialNeeds", "subjects"), _list),
    **dict.fromkeys(("rt", "rw"), _padded),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column that Core knows."""

    path: str
    read: Reader

    @property
    def parts(self) -> list[str]:
        return self.path.split(".")


def _key(header: str) -> str:
    """What of a header is compared: letters and digits."""
    return re.sub(r"[^a-z0-9]+", "", header.casefold())


def _paths(kind: PersonKind) -> list[str]:
    """Every member that a cell can hold, in the schema's order."""
    paths: list[str] = []
    nested: dict[str, type[ParentInfo] | type[Address]] = {**dict.fromkeys(_PARENTS, ParentInfo), "address": Address}
    schema: type[UserProfile] = kind.schema
    for name in schema.model_fields:
        if name in nested:
            paths += [f"{name}.{each}" for each in nested[name].model_fields if each != "location"]
        elif name != "educationHistory":
            paths.append(name)
    return [*paths, "address.location.latitude", "address.location.longitude", PASSWORD]


def _names_of(path: str) -> tuple[str, ...]:
    parent, _, member = path.partition(".")
    if parent in _PARENTS:
        return tuple(each.format(_PARENTS[parent]) for each in _PARENT_NAMES[member])
    return _NAMES.get(path, ())


@cache
def columns_of(kind: PersonKind) -> dict[str, Column]:
    """The columns of a kind by what of their headers is compared."""
    known: dict[str, Column] = {}
    for path in _paths(kind):
        column = Column(path, _READERS.get(path.rpartition(".")[2], _text))
        known |= {_key(header): column for header in (path, *_names_of(path))}
    if "distance" in kind.schema.model_fields:
        known |= {_key(header): Column("distance", _metres) for header in _KILOMETRES}
    return known


def column_named(kind: PersonKind, header: str) -> Column | None:
    """The column that a header names, or None when Core does not know it."""
    return columns_of(kind).get(_key(header))


def header_of(path: str) -> str | None:
    """Dapodik's header for a member, or None when it has none."""
    names = _names_of(path)
    return names[0] if names else None


def template_headers(kind: PersonKind) -> list[str]:
    """The headers of the file to fill in: what nearly every school has first, then the rest."""
    paths = _paths(kind)
    first = [path for path in _NAMES if path in paths]
    rest = [path for path in paths if path not in first]
    return [(_names_of(path) or (path,))[0] for path in (*first, *rest)]


def cell_text(value: str | float) -> str:
    """A cell as text: a whole number without a fraction, and text without the apostrophes that only say it is text."""
    if isinstance(value, str):
        return original(value.strip())
    return str(int(value)) if float(value).is_integer() else repr(value)

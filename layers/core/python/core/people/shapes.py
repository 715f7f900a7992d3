"""What answers show of students, teachers and staff: contract section 3, in the order of its members.

Masks, sparse fields, columns of files, headers of Dapodik and the OpenAPI schema all come from these lists.
"""

from collections.abc import Callable
from typing import Any

from core.contract.shapes import Member, Shape, record
from core.contract.values import ADDRESS as WEB_ADDRESS
from core.contract.values import BOOLEAN, DATE, EMAIL, ID, INTEGER, NUMBER, TEXT, Value, digits, line, one_of
from core.people import enumerations as words

_COORDINATES = Value({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2})


def _word(codes: dict[str, str]) -> Value:
    return one_of(codes, dapodik=codes)


def _stored(name: str) -> Callable[[Any], Any]:
    """Reads what a document of the profile holds."""
    return lambda document: document.get(name)


def _part(name: str, value: Value | Shape, *headers: str) -> Member:
    """A member of a document inside the profile."""
    return Member(name, value, _stored(name), nullable=True, headers=headers)


def _part_list(name: str, value: Value, *headers: str) -> Member:
    """An array of a document inside the profile, empty when it was never set."""
    return Member(name, value, lambda document: document.get(name, []), is_list=True, headers=headers)


def _own(name: str, value: Value | Shape, *headers: str, sensitive: bool = False) -> Member:
    """A member that the profile may hold."""

    def read(person: Any) -> Any:
        return person.profile.get(name)

    return Member(name, value, read, nullable=True, sensitive=sensitive, headers=headers)


def _own_list(name: str, value: Value | Shape, *headers: str) -> Member:
    """An array that the profile may hold, empty when it was never set."""
    return Member(name, value, lambda person: person.profile.get(name, []), is_list=True, headers=headers)


LOCATION = Shape(
    "Location",
    Member("type", Value({"const": "Point"}), _stored("type")),
    Member("coordinates", _COORDINATES, _stored("coordinates")),
    description="A point in GeoJSON: longitude before latitude.",
)
ADDRESS = Shape(
    "Address",
    _part("street", TEXT, "Alamat", "Alamat Jalan"),
    _part("rt", digits(3), "RT"),
    _part("rw", digits(3), "RW"),
    _part("subDistrict", TEXT, "Kelurahan", "Desa/Kelurahan"),
    _part("district", TEXT, "Kecamatan"),
    _part("city", TEXT, "Kabupaten/Kota", "Kabupaten", "Kota"),
    _part("province", TEXT, "Provinsi"),
    _part("postalCode", digits(5), "Kode Pos"),
    _part("country", TEXT, "Negara"),
    _part("location", LOCATION),
    description="Where somebody lives.",
)
#: `{}` stands for Ayah, Ibu or Wali in the headers.
PARENT_INFO = Shape(
    "ParentInfo",
    _part("name", TEXT, "Nama {}", "Nama {} Kandung"),
    _part("nik", digits(16), "NIK {}"),
    _part("birthPlace", TEXT, "Tempat Lahir {}"),
    _part("birthDate", DATE, "Tanggal Lahir {}"),
    _part("education", _word(words.EDUCATION), "Pendidikan {}", "Jenjang Pendidikan {}"),
    _part("occupation", TEXT, "Pekerjaan {}"),
    _part("income", _word(words.INCOME), "Penghasilan {}"),
    _part("phoneNumber", TEXT, "HP {}", "No HP {}"),
    _part_list("specialNeeds", TEXT, "Kebutuhan Khusus {}"),
    description="A father, mother or guardian.",
)
EDUCATION_HISTORY = Shape(
    "EducationHistoryObject",
    _part("level", _word(words.EDUCATION)),
    _part("institution", TEXT),
    _part("major", TEXT),
    _part("startYear", INTEGER),
    _part("endYear", INTEGER),
    description="A school or course somebody went to.",
)
#: What staff, teachers and students share.
_PROFILE = (
    Member("id", ID),
    Member("userId", ID, nullable=True),
    Member("name", TEXT, headers=("Nama Lengkap", "Nama")),
    _own("email", EMAIL, "Email Sekolah", "Email", "E-Mail"),
    _own("nik", digits(16), "NIK", sensitive=True),
    _own("gender", _word(words.GENDER), "Jenis Kelamin", "JK", "L/P"),
    _own("religion", _word(words.RELIGION), "Agama", sensitive=True),
    _own("birthPlace", TEXT, "Tempat Lahir"),
    _own("birthDate", DATE, "Tanggal Lahir"),
    _own("nationality", TEXT, "Kewarganegaraan"),
    _own("phoneNumber", TEXT, "HP", "Nomor HP", "No HP"),
    _own("address", ADDRESS),
    _own("bloodType", _word(words.BLOOD_TYPE), "Golongan Darah"),
    _own_list("specialNeeds", TEXT, "Kebutuhan Khusus"),
    _own_list("educationHistory", EDUCATION_HISTORY),
)
#: Those of them that the contract calls the profile.
USER_PROFILE = Shape(
    "UserProfile",
    *(each for each in _PROFILE if each.name not in ("id", "userId", "email", "educationHistory")),
    description="The personal part that staff, teachers and students share.",
)
STUDENT = record(
    "Student",
    *_PROFILE,
    _own("nisn", digits(10), "NISN"),
    _own("nipd", line(30), "NIPD", "NIS"),
    _own("landline", TEXT, "Telepon", "Nomor Telepon", "Telepon Rumah"),
    _own("familyCardNumber", digits(16), "No KK", "Nomor KK", "Nomor Kartu Keluarga", sensitive=True),
    _own("birthCertificateNumber", TEXT, "No Registrasi Akta Lahir", "Nomor Akta Lahir", sensitive=True),
    _own("skhun", TEXT, "SKHUN", "No SKHUN"),
    _own("height", INTEGER, "Tinggi Badan"),
    _own("weight", INTEGER, "Berat Badan"),
    _own("headCircumference", INTEGER, "Lingkar Kepala"),
    _own("hobby", TEXT, "Hobi"),
    _own("aspiration", TEXT, "Cita-cita"),
    _own("residenceType", _word(words.RESIDENCE), "Jenis Tinggal"),
    _own("transportationMode", _word(words.TRANSPORTATION), "Alat Transportasi", "Moda Transportasi"),
    _own("distance", NUMBER, "Jarak Rumah ke Sekolah (m)", "Jarak (m)"),
    _own("travelTime", NUMBER, "Waktu Tempuh (menit)", "Waktu Tempuh"),
    _own("birthOrder", INTEGER, "Anak ke-berapa", "Anak ke"),
    _own("siblings", INTEGER, "Jumlah Saudara"),
    _own("numberOfSiblings", INTEGER, "Jml. Saudara Kandung", "Jumlah Saudara Kandung"),
    _own("father", PARENT_INFO, "Ayah", sensitive=True),
    _own("mother", PARENT_INFO, "Ibu", sensitive=True),
    _own("guardian", PARENT_INFO, "Wali", sensitive=True),
    Member("classId", ID, nullable=True),
    Member("className", TEXT, nullable=True, headers=("Rombel Saat Ini",)),
    Member("active", BOOLEAN),
    description="A student.",
    parts=(USER_PROFILE,),
)
_EMPLOYED = (
    *_PROFILE,
    _own("nip", digits(18), "NIP"),
    _own("nuptk", digits(16), "NUPTK"),
    _own("npwp", TEXT, "NPWP"),
    _own("employmentStatus", _word(words.EMPLOYMENT), "Status Kepegawaian"),
    _own("employmentStartDate", DATE, "TMT Pengangkatan", "TMT Kerja"),
    _own("position", TEXT, "Jabatan", "Jenis PTK"),
    _own("maritalStatus", _word(words.MARITAL_STATUS), "Status Perkawinan"),
    _own("spouseName", TEXT, "Nama Suami/Istri"),
    _own("photoUrl", WEB_ADDRESS, "Tautan Foto"),
)
STAFF = record(
    "Staff",
    *_EMPLOYED,
    Member("active", BOOLEAN),
    description="A member of the staff.",
    parts=(USER_PROFILE,),
)
TEACHER = record(
    "Teacher",
    *_EMPLOYED,
    _own_list("subjects", TEXT, "Mata Pelajaran"),
    Member("active", BOOLEAN),
    description="A teacher.",
    parts=(USER_PROFILE,),
)

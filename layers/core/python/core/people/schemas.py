"""People as they cross the wire: the shapes of contract section 3."""

from typing import Literal

from pydantic import Field, model_validator

from core.kernel.bodies import Body
from core.people import enumerations as words
from core.people.fields import Line, Needs, PastDate, Phone, Year, digits, line, number, one_of, whole
from core.users.schemas import Email, ImageAddress, Name

Nik = digits(16, "A NIK")


class Location(Body):
    """A point in GeoJSON (RFC 7946): longitude before latitude."""

    type: Literal["Point"]
    coordinates: list[float] = Field(min_length=2, max_length=2)

    @model_validator(mode="after")
    def _on_earth(self) -> "Location":
        longitude, latitude = self.coordinates
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise ValueError("Coordinates are longitude (-180 to 180), then latitude (-90 to 90).")
        return self


class Address(Body):
    """Where somebody lives."""

    street: Line | None = None
    rt: digits(3, "An RT") | None = None
    rw: digits(3, "An RW") | None = None
    subDistrict: Line | None = None
    district: Line | None = None
    city: Line | None = None
    province: Line | None = None
    postalCode: digits(5, "A postal code") | None = None
    country: Line | None = None
    location: Location | None = None


class ParentInfo(Body):
    """A father, mother or guardian."""

    name: Name | None = None
    nik: Nik | None = None
    birthPlace: Line | None = None
    birthDate: PastDate | None = None
    education: one_of(words.EDUCATION) | None = None
    occupation: Line | None = None
    income: one_of(words.INCOME) | None = None
    phoneNumber: Phone | None = None
    specialNeeds: Needs | None = None


class EducationHistoryObject(Body):
    """A school or course somebody went to."""

    level: one_of(words.EDUCATION)
    institution: Line
    major: Line | None = None
    startYear: Year | None = None
    endYear: Year | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "EducationHistoryObject":
        if self.startYear and self.endYear and self.endYear < self.startYear:
            raise ValueError("The end year lies before the start year.")
        return self


class UserProfile(Body):
    """The personal part that staff, teachers and students share."""

    name: Name
    email: Email | None = None
    nik: Nik | None = None
    gender: one_of(words.GENDER) | None = None
    religion: one_of(words.RELIGION) | None = None
    birthPlace: Line | None = None
    birthDate: PastDate | None = None
    nationality: Line | None = None
    phoneNumber: Phone | None = None
    address: Address | None = None
    bloodType: one_of(words.BLOOD_TYPE) | None = None
    specialNeeds: Needs | None = None
    educationHistory: list[EducationHistoryObject] | None = Field(default=None, max_length=30)


class StudentBody(UserProfile):
    """A student as a body sends it."""

    nisn: digits(10, "A NISN") | None = None
    nipd: line(30) | None = None
    landline: Phone | None = None
    familyCardNumber: digits(16, "A family card number") | None = None
    birthCertificateNumber: line(50) | None = None
    skhun: line(50) | None = None
    height: whole(30, 250) | None = None
    weight: whole(2, 300) | None = None
    headCircumference: whole(20, 80) | None = None
    hobby: Line | None = None
    aspiration: Line | None = None
    residenceType: one_of(words.RESIDENCE) | None = None
    transportationMode: one_of(words.TRANSPORTATION) | None = None
    distance: number(0, 1_000_000) | None = None
    travelTime: number(0, 1440) | None = None
    birthOrder: whole(1, 30) | None = None
    siblings: whole(0, 30) | None = None
    numberOfSiblings: whole(0, 30) | None = None
    father: ParentInfo | None = None
    mother: ParentInfo | None = None
    guardian: ParentInfo | None = None


class StaffBody(UserProfile):
    """A member of the staff as a body sends it."""

    nip: digits(18, "A NIP") | None = None
    nuptk: digits(16, "A NUPTK") | None = None
    npwp: line(30) | None = None
    employmentStatus: one_of(words.EMPLOYMENT) | None = None
    employmentStartDate: PastDate | None = None
    position: Line | None = None
    maritalStatus: one_of(words.MARITAL_STATUS) | None = None
    spouseName: Name | None = None
    photoUrl: ImageAddress | None = None


class TeacherBody(StaffBody):
    """A teacher as a body sends it."""

    subjects: list[line(100)] | None = Field(default=None, max_length=50)


class Erasure(Body):
    """POST /api/{kind}/{id}/erasure. The reason stays in the audit trail, so it names nobody."""

    reason: line(500)

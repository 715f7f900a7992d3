"""What schools write for the words of an enumeration, besides the word itself and its Dapodik code."""

from collections.abc import Mapping

from core.people import enumerations

_GENDER = {"laki-laki": "MALE", "laki": "MALE", "pria": "MALE", "perempuan": "FEMALE", "wanita": "FEMALE"}

_RELIGION = {
    "kristen": "PROTESTANT",
    "kristen protestan": "PROTESTANT",
    "protestan": "PROTESTANT",
    "katolik": "CATHOLIC",
    "katholik": "CATHOLIC",
    "kristen katolik": "CATHOLIC",
    "budha": "BUDDHIST",
    "buddha": "BUDDHIST",
    "khonghucu": "CONFUCIAN",
    "konghucu": "CONFUCIAN",
    "kong hu cu": "CONFUCIAN",
    "kepercayaan kepada tuhan yme": "INDIGENOUS_BELIEF",
    "kepercayaan": "INDIGENOUS_BELIEF",
    "lainnya": "OTHER",
}

_RESIDENCE = {
    "bersama orang tua": "WITH_PARENTS",
    "orang tua": "WITH_PARENTS",
    "wali": "WITH_GUARDIAN",
    "bersama wali": "WITH_GUARDIAN",
    "kos": "BOARDING_HOUSE",
    "kost": "BOARDING_HOUSE",
    "asrama": "DORMITORY",
    "panti asuhan": "ORPHANAGE",
    "pesantren": "PESANTREN",
    "lainnya": "OTHER",
}

_TRANSPORTATION = {
    "jalan kaki": "WALKING",
    "angkutan umum": "PUBLIC_TRANSPORT",
    "kendaraan umum": "PUBLIC_TRANSPORT",
    "angkutan umum/bus/pete-pete": "PUBLIC_TRANSPORT",
    "antar jemput": "SCHOOL_SHUTTLE",
    "jemputan sekolah": "SCHOOL_SHUTTLE",
    "mobil/bus antar jemput": "SCHOOL_SHUTTLE",
    "kereta api": "TRAIN",
    "ojek": "MOTORCYCLE_TAXI",
    "becak": "PEDICAB",
    "andong/bendi/sado/dokar/delman/becak": "PEDICAB",
    "perahu": "BOAT",
    "perahu penyeberangan/rakit/getek": "BOAT",
    "kuda": "HORSE",
    "sepeda": "BICYCLE",
    "motor": "MOTORCYCLE",
    "sepeda motor": "MOTORCYCLE",
    "mobil": "PRIVATE_CAR",
    "mobil pribadi": "PRIVATE_CAR",
    "lainnya": "OTHER",
}

_INCOME = {
    "kurang dari rp. 500,000": "BELOW_500K",
    "rp. 500,000 - rp. 999,999": "FROM_500K_TO_1M",
    "rp. 1,000,000 - rp. 1,999,999": "FROM_1M_TO_2M",
    "rp. 2,000,000 - rp. 4,999,999": "FROM_2M_TO_5M",
    "rp. 5,000,000 - rp. 20,000,000": "FROM_5M_TO_20M",
    "lebih dari rp. 20,000,000": "ABOVE_20M",
    "tidak berpenghasilan": "NONE",
}

_EDUCATION = {
    "tidak sekolah": "NONE",
    "tk / sederajat": "TK",
    "sd / sederajat": "SD",
    "smp / sederajat": "SMP",
    "sma / sederajat": "SMA",
    "smk": "SMA",
    "paket a": "PAKET_A",
    "paket b": "PAKET_B",
    "paket c": "PAKET_C",
    "profesi": "PROFESSION",
    "sp-1": "SP1",
    "sp-2": "SP2",
    "lainnya": "OTHER",
}

_EMPLOYMENT = {
    "gty/pty": "GTY_PTY",
    "guru tetap yayasan": "GTY_PTY",
    "pegawai tetap yayasan": "GTY_PTY",
    "gtt/ptt provinsi": "GTT_PTT_PROVINCE",
    "gtt/ptt kab/kota": "GTT_PTT_DISTRICT",
    "guru honor sekolah": "HONORARY_SCHOOL",
    "tenaga honor sekolah": "HONORARY_SCHOOL",
    "honor sekolah": "HONORARY_SCHOOL",
    "honor daerah tk.i provinsi": "HONORARY_REGION",
    "honor daerah tk.ii kab/kota": "HONORARY_REGION",
    "honor daerah": "HONORARY_REGION",
    "guru bantu pusat": "CENTRAL_AID_TEACHER",
    "lainnya": "OTHER",
}

_MARITAL_STATUS = {
    "menikah": "MARRIED",
    "kawin": "MARRIED",
    "belum menikah": "SINGLE",
    "belum kawin": "SINGLE",
    "cerai": "DIVORCED",
    "cerai hidup": "DIVORCED",
    "cerai mati": "WIDOWED",
    "janda/duda": "WIDOWED",
    "janda": "WIDOWED",
    "duda": "WIDOWED",
}


def folded(text: str) -> str:
    """`text` as it is compared: without case and repeated blanks."""
    return " ".join(text.casefold().split())


def _lookup(values: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    codes = {folded(code): word for word, code in values.items()}
    own = {folded(word): word for word in values}
    spaced = {folded(word.replace("_", " ")): word for word in values}
    return {**more, **codes, **spaced, **own}


#: How each enumeration is read, by the last part of the member's path.
WORDS: dict[str, dict[str, str]] = {
    "gender": _lookup(enumerations.GENDER, _GENDER),
    "religion": _lookup(enumerations.RELIGION, _RELIGION),
    "bloodType": _lookup(enumerations.BLOOD_TYPE, {}),
    "residenceType": _lookup(enumerations.RESIDENCE, _RESIDENCE),
    "transportationMode": _lookup(enumerations.TRANSPORTATION, _TRANSPORTATION),
    "income": _lookup(enumerations.INCOME, _INCOME),
    "education": _lookup(enumerations.EDUCATION, _EDUCATION),
    "employmentStatus": _lookup(enumerations.EMPLOYMENT, _EMPLOYMENT),
    "maritalStatus": _lookup(enumerations.MARITAL_STATUS, _MARITAL_STATUS),
}

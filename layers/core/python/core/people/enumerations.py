"""The words that a school's records use, each with its code in Dapodik, the national school data.

Over the wire they are English upper snake case; exports carry the codes. Source: contract section 3.
"""

GENDER = {"MALE": "L", "FEMALE": "P"}

RELIGION = {
    "ISLAM": "1",
    "PROTESTANT": "2",
    "CATHOLIC": "3",
    "HINDU": "4",
    "BUDDHIST": "5",
    "CONFUCIAN": "6",
    "INDIGENOUS_BELIEF": "7",
    "OTHER": "99",
}

BLOOD_TYPE = {f"{group}{sign}": f"{group}{sign}" for group in ("A", "B", "AB", "O") for sign in ("", "+", "-")}

RESIDENCE = {
    "WITH_PARENTS": "1",
    "WITH_GUARDIAN": "2",
    "BOARDING_HOUSE": "3",
    "DORMITORY": "4",
    "ORPHANAGE": "5",
    "PESANTREN": "10",
    "OTHER": "99",
}

TRANSPORTATION = {
    "WALKING": "1",
    "PUBLIC_TRANSPORT": "3",
    "SCHOOL_SHUTTLE": "4",
    "TRAIN": "5",
    "MOTORCYCLE_TAXI": "6",
    "PEDICAB": "7",
    "BOAT": "8",
    "HORSE": "11",
    "BICYCLE": "12",
    "MOTORCYCLE": "13",
    "PRIVATE_CAR": "14",
    "OTHER": "99",
}

#: Rupiah a month.
INCOME = {
    "BELOW_500K": "11",
    "FROM_500K_TO_1M": "12",
    "FROM_1M_TO_2M": "13",
    "FROM_2M_TO_5M": "14",
    "FROM_5M_TO_20M": "15",
    "ABOVE_20M": "16",
    "NONE": "99",
}

EDUCATION = {
    "NONE": "0",
    "PAUD": "1",
    "TK": "2",
    "SD": "4",
    "SMP": "5",
    "SMA": "6",
    "PAKET_A": "7",
    "PAKET_B": "8",
    "PAKET_C": "9",
    "D1": "20",
    "D2": "21",
    "D3": "22",
    "D4": "23",
    "S1": "30",
    "PROFESSION": "31",
    "SP1": "32",
    "S2": "35",
    "SP2": "37",
    "S3": "40",
    "OTHER": "99",
}

#: Dapodik names these in words and gives them no code of one column.
EMPLOYMENT = {
    each: each
    for each in (
        "PNS",
        "CPNS",
        "PPPK",
        "GTY_PTY",
        "GTT_PTT_PROVINCE",
        "GTT_PTT_DISTRICT",
        "HONORARY_SCHOOL",
        "HONORARY_REGION",
        "CENTRAL_AID_TEACHER",
        "OTHER",
    )
}

#: Dapodik has one code for who is divorced or widowed. A file with it names the last of them.
MARITAL_STATUS = {"MARRIED": "1", "SINGLE": "2", "DIVORCED": "3", "WIDOWED": "3"}

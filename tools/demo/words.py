"""Places and words of the demo's records."""


def _words(text: str, separator: str | None = None) -> list[str]:
    return text.split(separator)


#: Sub-districts of Samarinda with their districts and postal codes. The last two lie across the river.
PLACES = (
    ("Air Putih", "Samarinda Ulu", "75124"),
    ("Sidodadi", "Samarinda Ulu", "75123"),
    ("Sungai Pinang Dalam", "Sungai Pinang", "75117"),
    ("Temindung Permai", "Sungai Pinang", "75119"),
    ("Sempaja Selatan", "Samarinda Utara", "75118"),
    ("Lempake", "Samarinda Utara", "75117"),
    ("Karang Anyar", "Sungai Kunjang", "75126"),
    ("Loa Bakung", "Sungai Kunjang", "75129"),
    ("Harapan Baru", "Loa Janan Ilir", "75131"),
    ("Sungai Keledang", "Samarinda Seberang", "75132"),
)
ACROSS_THE_RIVER = PLACES[-2:]
STREETS = _words("Melati Kenanga Cempaka Anggrek Mawar Flamboyan Dahlia Kamboja Teratai Bougenville")
ELSEWHERE = _words("Balikpapan Bontang Tenggarong Sangatta Banjarmasin Makassar Surabaya Banyuwangi")
TOWNS = ["Samarinda"] * 12 + ELSEWHERE
HOBBIES = _words("Futsal Membaca Basket Menulis Bersepeda Musik Menggambar Badminton Memasak Fotografi Pramuka Catur")
ASPIRATIONS = _words("Dokter Guru Insinyur Perawat Wirausahawan Pilot Programmer Polisi Arsitek Akuntan Apoteker")
SPECIAL_NEEDS = _words("Tuna netra,Tuna rungu,Tuna daksa ringan,Kesulitan belajar,Hiperaktif", ",")

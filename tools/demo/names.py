"""Words that the demo's people are made of. Whoever has one of these names is meant by none of them."""


def _words(text: str, separator: str | None = None) -> list[str]:
    return text.split(separator)


GIVEN = {
    "MALE": _words(
        "Adi Ahmad Aldi Alif Andi Arif Arya Bagas Bayu Bima Dani Dimas Dwi Eka Fadil Fajar Farhan Galih Gilang Hendra "
        "Ilham Irfan Joko Kevin Lukman Muhammad Nanda Putra Rafi Raka Rangga Rendi Reza Rizky Satria Surya Teguh Umar "
        "Wahyu Yoga Yusuf Zaki"
    ),
    "FEMALE": _words(
        "Aisyah Amelia Anisa Aulia Ayu Bunga Cahya Citra Dewi Dian Dinda Eka Farah Fitri Gita Hana Indah Intan Kartika "
        "Khadijah Laras Lestari Maya Mega Nabila Nadia Novi Nur Putri Rani Ratna Rizka Salma Sari Siti Tania Tiara "
        "Vina Wulan Yuni Zahra"
    ),
}
FAMILY = {
    "MALE": _words(
        "Firmansyah Gunawan Hidayat Kurniawan Maulana Nugraha Pangestu Pratama Purnomo Ramadhan Saputra Setiawan "
        "Simanjuntak Sitorus Susanto Syahputra Tarigan Wibowo Wijaya Wiratama"
    ),
    "FEMALE": _words(
        "Anggraini Handayani Kusumawati Lestari Maharani Nurhaliza Oktaviani Permata Pertiwi Puspitasari Rahmawati "
        "Ramadhani Safitri Simanjuntak Sitorus Suryani Tarigan Utami Wahyuni Wulandari"
    ),
}
#: Sub-districts of Samarinda with their districts and postal codes.
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
STREETS = _words("Melati Kenanga Cempaka Anggrek Mawar Flamboyan Dahlia Kamboja Teratai Bougenville")
TOWNS = ["Samarinda"] * 12 + _words("Balikpapan Bontang Tenggarong Sangatta Banjarmasin Makassar Surabaya Banyuwangi")
HOBBIES = _words("Futsal Membaca Basket Menulis Bersepeda Musik Menggambar Badminton Memasak Fotografi Pramuka Catur")
ASPIRATIONS = _words("Dokter Guru Insinyur Perawat Wirausahawan Pilot Programmer Polisi Arsitek Akuntan Apoteker")
JOBS = _words("Karyawan swasta,Wiraswasta,Pegawai negeri,Petani,Nelayan,Buruh,Pedagang,Sopir,Guru", ",")
SUBJECTS = _words(
    "Matematika,Bahasa Indonesia,Bahasa Inggris,Fisika,Kimia,Biologi,Sejarah,Geografi,Ekonomi,Sosiologi,"
    "Pendidikan Agama Islam,Pendidikan Pancasila,Seni Budaya,PJOK,Informatika",
    ",",
)
POSITIONS = _words(
    "Kepala tata usaha,Bendahara,Operator Dapodik,Pustakawan,Laboran,Administrasi kesiswaan,Administrasi kepegawaian,"
    "Petugas kebersihan,Penjaga sekolah,Teknisi komputer",
    ",",
)

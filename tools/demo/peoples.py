"""Names of the demo's people, by religion and where families come from. Whoever has one of them is meant by none.

A Batak, Toraja, Minahasa, Dayak, Flores or Chinese family's name goes from the father to the children. Javanese, Banjar
and Bugis families have none, so that everybody has a last name of their own. A Balinese name begins with the order of
birth. East Kalimantan has people of all of them.
"""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class People:
    """How a people names its children: given names and last names, by gender."""

    given: dict[str, list[str]]
    last: dict[str, list[str]]
    #: Whether children have their father's last name.
    inherits: bool = False
    #: What a name begins with, by the order of birth; the fifth child is named as the first.
    order: dict[str, list[list[str]]] | None = None

    def name(
        self, dice: Random, gender: str, birth_order: int = 1, family: str | None = None, other_than: str = ""
    ) -> str:
        """A name.

        Args:
            dice: whose name it becomes.
            gender: of the person.
            birth_order: which child of its parents.
            family: the father's last name, where children have it.
            other_than: the husband's last name: nobody marries within a family.
        """
        if self.order:
            first = dice.choice(self.order[gender][(birth_order - 1) % len(self.order[gender])])
            return f"{first} {dice.choice(self.last[gender])}"
        given = dice.sample(self.given[gender], dice.choice((1, 2, 2)))
        return " ".join([*given, family or self._last(dice, gender, {*given, other_than})])

    def _last(self, dice: Random, gender: str, taken: set[str]) -> str:
        return dice.choice([each for each in self.last[gender] if each not in taken])


def family_of(name: str) -> str:
    """The last name."""
    return name.rpartition(" ")[2]


def _words(male: str, female: str | None = None) -> dict[str, list[str]]:
    """The words for men and for women; the same for both where only one text is given."""
    return {"MALE": male.split(), "FEMALE": (female or male).split()}


_MUSLIM = People(
    _words(
        "Adi Ahmad Aldi Alif Arif Arya Bagas Bayu Bima Dani Dimas Dwi Eka Fadil Fajar Farhan Galih Gilang Hendra Ilham "
        "Irfan Joko Lukman Muhammad Nanda Putra Rafi Raka Rangga Rendi Reza Rizky Satria Surya Teguh Umar Wahyu Yoga "
        "Yusuf Zaki",
        "Aisyah Amelia Anisa Aulia Ayu Bunga Cahya Citra Dewi Dian Dinda Eka Farah Fitri Gita Hana Indah Intan Kartika "
        "Khadijah Laras Lestari Maya Mega Nabila Nadia Novi Nur Putri Rani Ratna Rizka Salma Sari Siti Tania Tiara "
        "Wulan Yuni Zahra",
    ),
    _words(
        "Anshari Fauzan Firmansyah Gunawan Hidayat Kurniawan Maulana Nugraha Pangestu Pratama Purnomo Rahman Ramadhan "
        "Saputra Setiawan Susanto Syahputra Wibowo Wijaya Wiratama",
        "Anggraini Azizah Handayani Hasanah Kusumawati Lestari Maharani Maulida Nurhaliza Oktaviani Permata Pertiwi "
        "Puspitasari Rahmawati Ramadhani Safitri Suryani Utami Wahyuni Wulandari",
    ),
)
_PROTESTANT = _words(
    "Andreas Daniel Jonathan Kevin Marthen Michael Rivaldo Ruben Samuel Timotius Yakub Yosua",
    "Debora Ester Gloria Grace Kristina Marthina Naomi Priskila Rut Sara Yohana Yuliana",
)
_CATHOLIC = _words(
    "Antonius Benediktus Dominikus Fransiskus Gabriel Ignasius Paulus Stefanus Yohanes Yosef",
    "Agnes Bernadeta Elisabet Klara Lusia Maria Monika Sesilia Theresia Veronika",
)
_CHINESE = People(
    _words(
        "Albert Calvin Edwin Felix Hendry Ivan Leonardo Steven Vincent William",
        "Angeline Cindy Felicia Jessica Karen Melissa Natalia Stefanie Valencia Vivian",
    ),
    _words("Halim Hartono Kosasih Lim Salim Tan Tanuwijaya Tjandra Widjaja Wongso"),
    inherits=True,
)
_BALINESE = People(
    {},
    _words(
        "Adnyana Arta Darmawan Mahendra Pradnyana Suardika Sudarma Widiana Wirawan Yudistira",
        "Adnyani Astuti Lestari Pradnyani Pratiwi Purnamasari Sriani Suartini Widiani Widyastuti",
    ),
    order={
        "MALE": [["I Wayan", "I Putu", "I Gede"], ["I Made", "I Kadek"], ["I Nyoman", "I Komang"], ["I Ketut"]],
        "FEMALE": [
            ["Ni Wayan", "Ni Putu", "Ni Luh"],
            ["Ni Made", "Ni Kadek"],
            ["Ni Nyoman", "Ni Komang"],
            ["Ni Ketut"],
        ],
    },
)

#: The peoples of each religion.
PEOPLES = {
    "ISLAM": [_MUSLIM],
    "PROTESTANT": [
        People(_PROTESTANT, _words("Hutapea Nainggolan Siahaan Simanjuntak Sitorus Tarigan"), inherits=True),
        People(_PROTESTANT, _words("Palimbong Patiung Rantetana Tandililing Tumbelaka Rumengan"), inherits=True),
        People(_PROTESTANT, _words("Bilung Jalung Lahang Ngau Usat"), inherits=True),
    ],
    "CATHOLIC": [
        People(_CATHOLIC, _words("Bala Fernandez Keraf Ndona Parera Wangge"), inherits=True),
        People(_CATHOLIC, _words("Hibau Himang Lawing Ubung"), inherits=True),
    ],
    "HINDU": [_BALINESE],
    "BUDDHIST": [_CHINESE],
    "CONFUCIAN": [_CHINESE],
}

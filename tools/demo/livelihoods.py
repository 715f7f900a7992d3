"""What parents of the demo do: nobody is a doctor who left school at twelve, and no fisherman earns 20 million.

The words are Dapodik's where it has one. Numbers are weights.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

#: Somebody who has died stays in a record by name, with this as occupation, as Dapodik has it.
DECEASED = "Sudah meninggal"


@dataclass(frozen=True)
class Livelihood:
    """An occupation: how many fathers and mothers have it, with which education, and for what a month."""

    occupation: str
    fathers: float
    mothers: float
    education: dict[str, float]
    income: dict[str, float]


_NOTHING = {"NONE": 1.0}
_LITTLE: dict[str, float] = {"BELOW_500K": 1, "FROM_500K_TO_1M": 3, "FROM_1M_TO_2M": 4, "FROM_2M_TO_5M": 2}
_WAGES: dict[str, float] = {"FROM_1M_TO_2M": 2, "FROM_2M_TO_5M": 6, "FROM_5M_TO_20M": 1}
_SALARY: dict[str, float] = {"FROM_2M_TO_5M": 5, "FROM_5M_TO_20M": 5}
_GOOD: dict[str, float] = {"FROM_5M_TO_20M": 8, "ABOVE_20M": 2}

_LIVELIHOODS = (
    Livelihood("Karyawan swasta", 26, 9, {"SMA": 6, "D3": 2, "S1": 4}, _WAGES),
    Livelihood("Wiraswasta", 14, 5, {"SMP": 2, "SMA": 6, "D3": 1, "S1": 3}, {**_WAGES, "FROM_5M_TO_20M": 4}),
    Livelihood("Buruh", 12, 2, {"SD": 3, "SMP": 4, "SMA": 4}, {**_LITTLE, "FROM_2M_TO_5M": 4}),
    Livelihood("PNS/TNI/Polri", 10, 6, {"SMA": 2, "D3": 1, "S1": 6, "S2": 1}, _SALARY),
    Livelihood("Petani", 9, 3, {"SD": 4, "SMP": 3, "SMA": 3}, _LITTLE),
    Livelihood("Pedagang kecil", 8, 9, {"SD": 2, "SMP": 3, "SMA": 5}, _LITTLE),
    Livelihood("Sopir", 6, 0, {"SMP": 3, "SMA": 6}, {"FROM_1M_TO_2M": 3, "FROM_2M_TO_5M": 6}),
    Livelihood("Nelayan", 4, 0, {"SD": 5, "SMP": 3, "SMA": 1}, _LITTLE),
    Livelihood("Karyawan BUMN", 4, 1, {"D3": 2, "S1": 6, "S2": 1}, _GOOD),
    Livelihood("Guru", 3, 7, {"S1": 9, "S2": 1}, {"FROM_1M_TO_2M": 1, **_SALARY}),
    Livelihood("Perawat", 1, 3, {"D3": 6, "S1": 3}, {"FROM_2M_TO_5M": 8, "FROM_5M_TO_20M": 2}),
    Livelihood("Dokter", 0.7, 0.7, {"PROFESSION": 6, "S2": 2}, _GOOD),
    Livelihood("Ibu rumah tangga", 0, 52, {"NONE": 1, "SD": 14, "SMP": 20, "SMA": 48, "D3": 6, "S1": 11}, _NOTHING),
    Livelihood("Tidak bekerja", 2, 1, {"SD": 2, "SMP": 2, "SMA": 2}, _NOTHING),
)


def drawn(dice: Random, weights: dict[str, float]) -> str:
    """One of the words, by their weights."""
    return dice.choices(list(weights), list(weights.values()))[0]


def livelihood(dice: Random, gender: str) -> dict[str, Any]:
    """Education, occupation and income of a parent."""
    weights = [each.fathers if gender == "MALE" else each.mothers for each in _LIVELIHOODS]
    [own] = dice.choices(_LIVELIHOODS, weights)
    return {
        "education": drawn(dice, own.education),
        "occupation": own.occupation,
        "income": drawn(dice, own.income),
    }

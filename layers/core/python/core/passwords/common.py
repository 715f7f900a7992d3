"""The passwords that too many people use."""

import gzip
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "common-passwords.txt.gz"


@cache
def _common() -> frozenset[str]:
    return frozenset(gzip.decompress(_FILE.read_bytes()).decode().split("\n"))


def is_common(password: str) -> bool:
    """Whether `password` is among the 10,000 most common, whatever its case.

    The file is made by tools/common_passwords.py, which names its source; it leaves out what is too short anyway.
    """
    return password.casefold() in _common()

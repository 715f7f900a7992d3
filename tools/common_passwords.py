"""Makes the list of common passwords from the one that the Django project ships (BSD licence).

Django's list is the top 20,000 of a public breach corpus, most common first, by Royce Williams. This keeps the
first 10,000 and of those only what is long enough to be accepted otherwise.

Usage: python tools/common_passwords.py (in an environment with django installed)
"""

import gzip
from importlib.resources import files
from pathlib import Path

TARGET = Path(__file__).parents[1] / "layers/core/python/core/passwords/common-passwords.txt.gz"
MOST_COMMON = 10_000
SHORTEST = 8


def main() -> None:
    """Writes the file, the same bytes each time."""
    source = files("django.contrib.auth").joinpath("common-passwords.txt.gz").read_bytes()
    ranked = gzip.decompress(source).decode().split()[:MOST_COMMON]
    kept = sorted({password.casefold() for password in ranked if len(password) >= SHORTEST})
    TARGET.write_bytes(gzip.compress("\n".join(kept).encode(), mtime=0))
    print(f"{len(kept)} passwords written to {TARGET.name}")


if __name__ == "__main__":
    main()

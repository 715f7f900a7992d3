"""Writes docs/openapi.json: `make openapi`."""

import json

from tools.openapi.document import document
from tools.sam_template import ROOT

FILE = ROOT / "docs/openapi.json"


def text() -> str:
    """The document as it is committed."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
    print(FILE.relative_to(ROOT))

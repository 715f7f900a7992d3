"""python -m tools.local start | stop | reset: what the make targets call."""

import os
import sys

from tools.local.cloud import LocalError
from tools.local.core import forget, start_in_foreground, stop_running


def main() -> int:
    """Does what the first argument says; 1 when that failed, with the reason on standard error."""
    try:
        match sys.argv[1:]:
            case ["start"]:
                start_in_foreground(int(os.environ.get("PORT", "3000")))
            case ["stop"]:
                stop_running()
            case ["reset"]:
                forget()
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except LocalError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


sys.exit(main())

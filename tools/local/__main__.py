"""python -m tools.local start | stop | reset | mail | invoke | start-api | containers: what the make targets call."""

import os
import sys

from tools.local.cloud import LocalError
from tools.local.containers import invoke, open_to_containers, start_api
from tools.local.core import forget, start_in_foreground, stop_running
from tools.local.mail import show


def main() -> int:
    """Does what the first argument says; 1 when that failed, with the reason on standard error."""
    port = int(os.environ.get("PORT", "3000"))
    try:
        match sys.argv[1:]:
            case ["start"]:
                start_in_foreground(port)
            case ["stop"]:
                stop_running()
            case ["reset"]:
                forget()
            case ["mail"]:
                show(port)
            case ["invoke", event]:
                return invoke(event, port)
            case ["start-api"]:
                return start_api(port)
            case ["containers"]:
                open_to_containers(port)
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except LocalError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


sys.exit(main())

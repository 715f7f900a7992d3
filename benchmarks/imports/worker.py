"""One worker of the benchmark: functions/importer with messages as SQS brings them, and how long it took inside."""

import importlib.util
import json
import sys
import time
from pathlib import Path
from types import SimpleNamespace

_APP = Path(__file__).parents[2] / "functions/importer/app.py"


def main() -> None:
    """Works off the chunks that the arguments name and prints seconds of the clock and of the processor."""
    organization, import_id, *chunks = sys.argv[1:]
    spec = importlib.util.spec_from_file_location("importer", _APP)
    app = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(app)
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 28_000)
    took: list[float] = []
    used = 0.0
    for number, chunk in enumerate(chunks):
        body = json.dumps({"organization": organization, "import": import_id, "chunk": int(chunk)})
        message = {"messageId": chunk, "body": body, "attributes": {"ApproximateReceiveCount": "1"}}
        began, processor = time.perf_counter(), time.process_time()
        answer = app.handler({"Records": [message]}, context)
        if answer["batchItemFailures"]:
            sys.exit(f"chunk {chunk} failed")
        if number:  # the first one pays for the start, as it does in Lambda once
            took.append(time.perf_counter() - began)
            used += time.process_time() - processor
    print(json.dumps({"chunks": len(took), "seconds": sum(took), "processor": used}))


if __name__ == "__main__":
    main()

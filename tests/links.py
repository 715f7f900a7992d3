"""The `Link` of an answer, as a client follows it."""

import re
from urllib.parse import parse_qsl

from tests.gateway import Reply


def parameters_of_next(reply: Reply, path: str) -> dict[str, str] | None:
    """The query of the next part, at the same path; None at the end."""
    link = reply.headers.get("link")
    if link is None:
        return None
    found = re.fullmatch(r'<([^?>]+)\?([^>]+)>; rel="next"', link)
    assert found, link
    assert found[1] == path
    return dict(parse_qsl(found[2], strict_parsing=True))

"""Where a page may be sent after signing in or following a link: only to what the deployment trusts."""

import re

from core.kernel.settings import settings

#: Printable ASCII without blanks, as RFC 3986 has it; a browser takes a backslash for a slash.
_URL = re.compile(r"[!-\[\]-~]{1,2000}")


def trusted_url(url: str) -> bool:
    """Whether `url` is a path of ours or lies on a trusted origin. What a browser might read differently is not."""
    if not _URL.fullmatch(url):
        return False
    if url.startswith("/"):
        return not url.startswith("//")
    return any(url == origin or url.startswith(f"{origin}/") for origin in settings().trusted_origins)

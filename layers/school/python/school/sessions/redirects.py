"""Where a page may be sent after signing in or following a link: only to what the deployment trusts."""

from school.settings import settings


def trusted_url(url: str) -> bool:
    """Whether `url` is a path of ours or lies on a trusted origin. What a browser might read differently is not."""
    if any(each in url for each in "\\\r\n\t") or len(url) > 2000:
        return False
    if url.startswith("/"):
        return not url.startswith("//")
    return any(url == origin or url.startswith(f"{origin}/") for origin in settings().trusted_origins)

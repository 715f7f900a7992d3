"""What a user agent tells of a device. The library and its thousand patterns load with the first one that is read."""

from functools import lru_cache

#: What kinds of devices there are.
TYPES = ("desktop", "mobile", "tablet", "bot", "other")
_DESKTOPS = ("Windows", "Mac OS X", "Linux", "Ubuntu", "Debian", "Fedora", "Chrome OS", "FreeBSD")
_GENERIC = ("Generic", "Generic_Android", "Generic_Android_Tablet")


@lru_cache(512)
def describe(user_agent: str | None) -> dict[str, str | None]:
    """The contract's device: `{type, model, os, browser}`, null where the user agent does not tell.

    `type` is one of `TYPES`.
    """
    from ua_parser import parse  # noqa: PLC0415 - costs 90 ms, which only lists of devices and sign-ins shall pay

    result = parse(user_agent or "")
    system, device, browser = result.os, result.device, result.user_agent
    family = system.family if system else ""
    model = None
    if device and device.family != "Spider":
        # Chrome on Android tells the model K of every phone.
        model = None if device.model == "K" else device.model
        if model and device.brand and device.brand not in _GENERIC and not model.startswith(device.brand):
            model = f"{device.brand} {model}"
    return {
        "type": _type(user_agent or "", family, device.family if device else "", device.brand if device else None),
        "model": model,
        "os": _name(family, system.major if system else None),
        "browser": _name(browser.family, browser.major) if browser else None,
    }


def _name(family: str, major: str | None) -> str | None:
    return f"{family} {major}" if family and major else family or None


def _type(user_agent: str, system: str, device: str, brand: str | None) -> str:
    if device == "Spider":
        return "bot"
    if device == "iPad" or brand == "Generic_Android_Tablet":
        return "tablet"
    if system == "Android":
        return "mobile" if "Mobile" in user_agent else "tablet"
    if system == "iOS":
        return "mobile"
    return "desktop" if system in _DESKTOPS else "other"

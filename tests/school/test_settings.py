"""Settings: what a function was not given is an error that names it (acceptance A9)."""

import pytest
from school.settings import settings

KEYS = ("pepper", "cursor_key", "link_key", "throttle_key", "import_key")
VARIABLES = {
    "pepper": "PASSWORD_KEY",
    "cursor_key": "CURSOR_KEY",
    "link_key": "LINK_KEY",
    "throttle_key": "THROTTLE_KEY",
    "import_key": "IMPORT_KEY",
    "hash_cost": "HASH_COST",
    "public_origin": "PUBLIC_ORIGIN",
    "mail_sender": "MAIL_SENDER",
    "bucket_name": "BUCKET_NAME",
    "import_queue_url": "IMPORT_QUEUE_URL",
    "pictures_function": "PICTURES_FUNCTION",
}


@pytest.mark.parametrize("name", VARIABLES)
@pytest.mark.parametrize("change", [lambda patch, name: patch.delenv(name), lambda patch, name: patch.setenv(name, "")])
def test_what_is_missing_is_named_when_it_is_needed_and_hinders_nothing_else(monkeypatch, name, change):
    change(monkeypatch, VARIABLES[name])
    with pytest.raises(RuntimeError, match=VARIABLES[name]):
        getattr(settings(), name)
    for other in VARIABLES.keys() - {name}:
        assert getattr(settings(), other)


def test_equal_secrets_are_different_keys_for_different_purposes(monkeypatch):
    for name in KEYS:
        monkeypatch.setenv(VARIABLES[name], "the same")
    assert len({getattr(settings(), name) for name in KEYS}) == len(KEYS)


def test_passwords_made_before_there_were_more_secrets_still_fit(monkeypatch):
    monkeypatch.setenv("PASSWORD_KEY", "as it was")
    assert settings().pepper == b"pepper:as it was"


@pytest.mark.parametrize("cost", ["3", "17"])
def test_a_cost_out_of_range_is_refused(monkeypatch, cost):
    monkeypatch.setenv("HASH_COST", cost)
    with pytest.raises(RuntimeError, match="HASH_COST"):
        _ = settings().hash_cost

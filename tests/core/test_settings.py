"""Settings: what a function was not given is an error that names it (acceptance A9), and production is no test."""

import pytest
from core.kernel.settings import settings

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
    "urgent_mails_url": "URGENT_MAILS_URL",
    "bulk_mails_url": "BULK_MAILS_URL",
    "mails_per_second": "MAILS_PER_SECOND",
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


@pytest.fixture
def started(monkeypatch):
    """The settings of a function that starts with some variables set otherwise."""

    def start(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return settings.__wrapped__()

    return start


SOUND = {"STAGE": "prod", "PUBLIC_ORIGIN": "https://core.example.sch.id", "HASH_COST": "12"}


@pytest.mark.parametrize(
    ("name", "value"), [("PUBLIC_ORIGIN", "http://core.example.sch.id"), ("HASH_COST", "4"), ("HASH_COST", "11")]
)
def test_production_does_not_start_with_what_is_only_good_for_tests(started, name, value):
    with pytest.raises(RuntimeError, match=name):
        started(**SOUND | {name: value})


def test_production_starts_with_https_and_dear_hashes_and_without_any_hashes(started):
    assert started(**SOUND).secure
    assert started(**SOUND | {"HASH_COST": ""}).stage == "prod"


@pytest.mark.parametrize("stage", ["dev", "test"])
def test_other_stages_start_on_http_with_cheap_hashes(started, stage):
    assert not started(STAGE=stage, PUBLIC_ORIGIN="http://localhost:3000", HASH_COST="4").secure


def test_trusted_origins_may_be_listed_as_people_write_lists(started):
    found = started(PUBLIC_ORIGIN="https://core.test/", TRUSTED_ORIGINS="https://a.test/, https://b.test ,")
    assert found.trusted_origins == {"https://core.test", "https://a.test", "https://b.test"}

"""The check of the template fails for what is open and for waivers that waive nothing."""

import pytest

from tools import check_template
from tools.check_template import Finding, Waiver, waivers

FINDING = Finding("written", "RULE_1", "UsersFunction", "is missing")


@pytest.fixture
def check(monkeypatch):
    def run(found: list[Finding], waived: list[Waiver]) -> int:
        monkeypatch.setattr(check_template, "findings", lambda: found)
        monkeypatch.setattr(check_template, "waivers", lambda: waived)
        return check_template.main()

    return run


def test_nothing_found_is_good(check):
    assert check([], []) == 0


def test_an_open_finding_fails_and_is_named(check, capsys):
    assert check([FINDING], []) == 1
    assert "RULE_1 UsersFunction (as written): is missing" in capsys.readouterr().out


def test_a_waived_finding_does_not_fail(check):
    assert check([FINDING], [Waiver("RULE_1", "*Function", "because")]) == 0


@pytest.mark.parametrize(
    "waiver",
    [
        Waiver("RULE_2", "*Function", "another rule"),
        Waiver("RULE_1", "Table", "another resource"),
        Waiver("RULE_1", "*Function", "another form", form="translated"),
    ],
)
def test_a_waiver_for_something_else_fails_because_it_waives_nothing(check, waiver, capsys):
    assert check([FINDING], [waiver]) == 1
    assert "waives nothing" in capsys.readouterr().out


@pytest.mark.parametrize("waiver", waivers(), ids=lambda each: each.rule)
def test_every_waiver_gives_its_reason(waiver):
    assert len(waiver.reason.split()) >= 10

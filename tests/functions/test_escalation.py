"""Acceptance A6: nobody grants what they don't hold, nor touches a stronger account, whatever they try."""

import logging

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.functions.escalation import Escalations, tally
from tests.schools import clear

EDITS = 5000


def run(table, examples: int, steps: int) -> None:
    """Tries so many schools with so many edits each. The table is emptied between them, because moto copies it."""

    class OneAtATime(Escalations):
        def teardown(self):
            clear(table)

    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    logging.disable(logging.INFO)
    try:
        run_state_machine_as_test(OneAtATime, settings=chosen)
    finally:
        logging.disable(logging.NOTSET)


def test_a6_no_edit_raises_anybody_above_the_editor_or_touches_somebody_stronger(table):
    run(table, examples=4, steps=25)


@pytest.mark.proof
def test_a6_of_5000_edits_none_raises_anybody(table, capsys):
    tally.clear()
    try:
        while tally["tried"] < EDITS:
            run(table, examples=20, steps=50)
    finally:
        told = ", ".join(f"{tally[each]} {each}" for each in ("tried", "accepted", "refused"))
        with capsys.disabled():
            print(f"\nEdits by anybody of anybody: {told}; escalations found: {tally['escalations']}")
    assert tally["accepted"] > tally["tried"] / 10

"""What every answer carries, and what the door of every function refuses."""

import pytest

from tests.gateway import call


def test_no_answer_is_taken_for_something_else_than_it_says(school, admin):
    for token in (admin, None):
        assert call("users", "GET", "/api/users", token=token).headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:3000.evil.example"])
def test_a_page_of_somebody_elses_reads_no_answer(admin, origin):
    answer = call("users", "GET", "/api/users", token=admin, headers={"Origin": origin})
    assert answer.status == 200
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("end", ["\n", "\r", "\x00", "\x7f"])
def test_a_path_with_a_control_character_is_no_path_of_ours(admin, end):
    answer = call("users", "GET", f"/api/users/me{end}", token=admin)
    assert (answer.status, answer.codes) == (404, [(None, "not_found")])

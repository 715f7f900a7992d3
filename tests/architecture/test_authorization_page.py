"""docs/authorization.md says what the policy says."""

from tools.authorization.page import PAGE, page


def test_the_page_on_who_may_do_what_is_as_make_authorization_writes_it():
    assert PAGE.read_text() == page()

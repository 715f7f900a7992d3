"""python -m tools.authorization: writes docs/authorization.md."""

from tools.authorization.page import PAGE, page

PAGE.write_text(page())

"""What is wrong, as answers and rows of reports tell it."""

from core.contract.shapes import Member, Shape
from core.contract.values import TEXT

#: The contract's Error: what is wrong, with which member, and what to do.
ERROR = Shape(
    "Error",
    Member("code", TEXT),
    Member("field", TEXT, nullable=True),
    Member("message", TEXT),
    description="What is wrong: a stable code, the member that it is about, a sentence that a person can act on.",
)

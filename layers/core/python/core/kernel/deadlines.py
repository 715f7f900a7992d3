"""Until when work is begun: the one deadline of a request, a message or a batch of a stream.

The door of a function makes one of the time that its run has left, and hands it to whatever works on many. A deadline
never cuts anything short: it says whether something more is still begun.
"""

from typing import Any, NamedTuple, Self

from core.kernel import clock

#: So much of a run is left for what is under way when the deadline passes: a call of the table that gives up after 6
#: seconds and its last attempt, and the answer. Of the 28 seconds that functions have, 20 remain to begin something.
RESERVE_SECONDS = 8.0


class OutOfTime(Exception):
    """The deadline has passed. What is written is written; the rest is for the next request."""


class Deadline(NamedTuple):
    """An instant after which nothing more is begun."""

    #: As `clock.seconds` tells it.
    at: float

    @classmethod
    def of(cls, context: Any, reserve: float = RESERVE_SECONDS) -> Self:
        """The deadline of a run of a function.

        Args:
            context: as AWS Lambda gives it.
            reserve: the seconds that are kept for what is under way then.
        """
        return cls(clock.seconds() + context.get_remaining_time_in_millis() / 1000 - reserve)

    @property
    def seconds_left(self) -> float:
        """How long something is still begun; negative when no more."""
        return self.at - clock.seconds()

    @property
    def has_passed(self) -> bool:
        """Whether nothing more is to be begun."""
        return self.seconds_left <= 0

    def require_time(self) -> None:
        """Raises OutOfTime when nothing more is to be begun."""
        if self.has_passed:
            raise OutOfTime


#: Of work that nobody waits for.
NEVER = Deadline(float("inf"))

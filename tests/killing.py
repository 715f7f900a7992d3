"""Processes that end anywhere (acceptance D5): before or after any call, and then the operation is repeated."""

from tests.schools import clear, everything, restore
from tests.wire import intercepted


class Killed(BaseException):
    """Ends the process where it stands: nothing catches it."""


class Killing:
    """Ends the process before or after its n-th call of the table."""

    def __init__(self, at: int, after: bool) -> None:
        self.at, self.after, self.seen = at, after, 0

    def __call__(self, send, operation, arguments):
        self.seen += 1
        if self.seen == self.at and not self.after:
            raise Killed
        answer = send(operation, arguments)
        if self.seen == self.at:
            raise Killed
        return answer


def killed_anywhere(operate, check, restore):
    """Runs `operate`, killed at every call before and after it in turn, repeats it whole, and checks."""
    for after in (False, True):
        at = 0
        while True:
            at += 1
            killing = Killing(at, after)
            try:
                with intercepted(killing):
                    operate()
                finished = True
            except Killed:
                finished = False
                operate()
            check()
            restore()
            if finished:
                assert at > 3
                break


def keep(table):
    """What brings the table back to what it is now."""
    kept = everything(table)

    def put_back():
        clear(table)
        restore(table, kept)

    return put_back

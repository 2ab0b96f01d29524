"""The one clock: what issues and what verifies, codes, sessions and tokens all read it. A test can move or stop it."""

import time
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from mock_idp.errors import UserError

FIRST, LAST = 0, 253_402_300_799
"""1970 and 9999: a token's times have to be within."""


class Clock:
    """Seconds since 1970, in UTC: the system's time, unless it was moved or stopped.

    It asks the system each time, so it follows a library that moves the time of the whole process.
    """

    def __init__(self) -> None:
        self._ahead = 0
        self._stopped: int | None = None

    def now(self) -> int:
        """The present in whole seconds."""
        return int(time.time()) + self._ahead if self._stopped is None else self._stopped

    def travel(self, to: datetime | timedelta | str, /) -> "Moved":
        """Go to a time, or by a span, and let time pass on from there.

        Args:
            to: a date and time (without a zone it is UTC), one in ISO 8601, or how far to go: forward, or back when
                it is negative.

        Returns:
            What can be used in ``with``: the clock is as before at its end.

        Raises:
            UserError: that is no time.
        """
        before = Moved(self, self._ahead, self._stopped)
        target = self.now() + round(to.total_seconds()) if isinstance(to, timedelta) else _seconds(to)
        if not FIRST <= target <= LAST:
            raise _no_time(f"{to!r} leads out of the years 1970 to 9999")
        if self._stopped is None:
            self._ahead += target - self.now()
        else:
            self._stopped = target
        return before

    def freeze(self, at: datetime | timedelta | str | None = None, /) -> "Moved":
        """Stop time, at the present or, see :meth:`travel`, at another.

        Raises:
            UserError: that is no time.
        """
        before = Moved(self, self._ahead, self._stopped)
        if at is not None:
            self.travel(at)
        self._stopped = self.now()
        return before

    def reset(self) -> None:
        """Be the system's time again."""
        self.set(0, None)

    def set(self, ahead: int, stopped: int | None) -> None:
        """Be ``ahead`` seconds before the system's time, or stand still at ``stopped``."""
        self._ahead, self._stopped = ahead, stopped


class Moved:
    """A clock that was moved, as a context manager.

    Args:
        clock: the clock.
        ahead: how far it was ahead of the system's time before.
        stopped: where it stood before, if it did.
    """

    def __init__(self, clock: Clock, ahead: int, stopped: int | None) -> None:
        self._clock = clock
        self._before = (ahead, stopped)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._clock.set(*self._before)


def _seconds(to: datetime | str) -> int:
    try:
        found = datetime.fromisoformat(to) if isinstance(to, str) else to
        return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        raise _no_time(f"{to!r} came") from None
    except (AttributeError, TypeError):
        raise _no_time(f"{type(to).__name__} {to!r} came") from None


def _no_time(came: str) -> UserError:
    return UserError(
        "The clock cannot go there.",
        f"{came}; expected a datetime, a timedelta, or a text such as '2030-01-31T12:00Z'.",
        'Write, for instance, entra.clock.travel(timedelta(hours=2)) or entra.clock.freeze("2030-01-31T12:00Z").',
    )


def stamp(seconds: int) -> str:
    """``timestamp`` of an error document: ``2026-09-04 01:51:06Z``."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def long_stamp(seconds: int) -> str:
    """A time as the text of a revoked or expired grant shows it: ``2023-01-03T06:29:27.0000000Z``."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.0000000Z")

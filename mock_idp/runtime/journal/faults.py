"""Exceptions inside the server, kept for the test that caused them."""

import traceback
from collections.abc import Iterator
from typing import NamedTuple

from mock_idp.runtime.journal.entry import Entry


class Fault(NamedTuple):
    """An exception inside the server: a fault of ours, never a client's.

    Attributes:
        entry: the exchange, answered with status 500.
        error: with its traceback, whose frames hold no values any more.
    """

    entry: Entry
    error: Exception


def forget_values(error: BaseException) -> None:
    """Clear the frames of an exception and of those that it came from, for some of what they hold is secret.

    The outermost one still runs, so that it cannot be cleared; it is taken out of the traceback.
    """
    if error.__traceback__:
        error.__traceback__ = error.__traceback__.tb_next
    for each in _chain(error):
        traceback.clear_frames(each.__traceback__)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception, its causes, and what it happened in the middle of."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        current = waiting.pop()
        if id(current) not in seen:
            seen.add(id(current))
            yield current
            waiting += [each for each in (current.__cause__, current.__context__) if each]

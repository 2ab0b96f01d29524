"""What was asked, by whom, what was answered, and what was guessed on the way.

Secrets, codes and tokens never get in here: an entry holds names, numbers and hints.
"""

from collections import deque
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

from mock_idp.errors import EntraError

KEPT = 1_000
"""How many entries are remembered."""

MAX_NOTES = 30
"""How many notes an entry takes."""

_MENTIONED = 200
"""Characters of a value from outside that an entry shows."""

_MESSAGE = 400
_HINT = 800
"""Characters of a text that an entry keeps; texts quote what came from outside."""


@dataclass(slots=True, kw_only=True)
class Entry:
    """One exchange.

    Attributes:
        time: seconds since 1970.
        method: HTTP method.
        what: host and path asked.
        about: details worth a line, in order: who, which grant, which scopes.
        notes: what was guessed or will surprise.
        status: HTTP status answered; 0 while under way.
        error: AADSTS number, or 0.
        message: Microsoft's text.
        hint: ours.
    """

    time: int
    method: str
    what: str
    about: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    status: int = 0
    error: int = 0
    message: str = ""
    hint: str = ""


_current: ContextVar[Entry | None] = ContextVar("journal_entry", default=None)


class Journal:
    """The last :data:`KEPT` exchanges.

    Args:
        sink: called with each finished entry, for instance to print it.
    """

    def __init__(self, sink: Callable[[Entry], None] | None = None) -> None:
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self.sink = sink

    def open(self, entry: Entry) -> None:
        """Make ``entry`` the one that :meth:`note` and :meth:`about` write to in this task."""
        _current.set(entry)

    def close(self, entry: Entry) -> None:
        """Keep a finished entry."""
        self.entries.append(entry)
        if self.sink:
            self.sink(entry)

    def note(self, text: str) -> None:
        """Say that something was guessed, or that an answer will surprise."""
        entry, text = _current.get(), printable(text, _HINT)
        if entry is not None and text not in entry.notes and len(entry.notes) < MAX_NOTES:
            entry.notes.append(text)

    def refused(self, error: EntraError) -> None:
        """Say which error was answered, and why."""
        entry = _current.get()
        if entry is not None:
            entry.error, entry.message, entry.hint = (
                error.number,
                printable(error.message, _MESSAGE),
                printable(error.hint, _HINT),
            )

    def about(self, **details: str) -> None:
        """Add details; values from outside are made printable and cut to :data:`_MENTIONED` characters."""
        entry = _current.get()
        if entry is not None:
            entry.about.update({name: printable(value) for name, value in details.items() if value})


def printable(text: str, limit: int = _MENTIONED) -> str:
    """Text from outside as it may be shown: without control characters, and not endless.

    Args:
        text: anything a client sent.
        limit: characters kept.
    """
    shown = text[:limit]
    if not shown.isprintable():
        shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in shown)
    return shown + "…" if len(text) > limit else shown

"""What was asked, by whom, what was answered and issued, and what was guessed on the way.

Secrets, codes and tokens never get in here: an entry holds names, numbers and hints, and what
:mod:`~mock_idp.runtime.journal.redaction` lets pass. Tests ask :class:`Questions` of it.
"""

import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import TYPE_CHECKING, Any

from mock_idp.errors import EntraError
from mock_idp.exchange import Request
from mock_idp.runtime.journal import redaction
from mock_idp.runtime.journal.entry import Entry, Issued
from mock_idp.runtime.journal.questions import Questions
from mock_idp.runtime.journal.redaction import presentable, printable

if TYPE_CHECKING:
    from mock_idp.runtime.journal.faults import Fault

__all__ = ["Entry", "Issued", "Journal", "Questions", "Recording", "presentable", "printable"]

KEPT = 1_000
"""How many entries are remembered."""

KEPT_FAULTS = 20
"""How many faults are remembered."""

MAX_NOTES = 30
"""How many notes an entry takes."""

_MESSAGE = 400
_HINT = 800
"""Characters of a text that an entry keeps; texts quote what came from outside."""

_current: ContextVar[Entry | None] = ContextVar("journal_entry", default=None)


class Journal(Questions):
    """The last :data:`KEPT` exchanges.

    Written by the server's thread, read by any.

    Args:
        sink: called with each finished entry, for instance to print it.

    Attributes:
        entries: the finished exchanges, oldest first, in the order in which they ended; those of our own commands too.
        endpoints: the names that :attr:`Entry.endpoint` may have.
    """

    def __init__(self, sink: Callable[[Entry], None] | None = None) -> None:
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self.endpoints: Collection[str] = ()
        self.sink = sink
        self._faults: deque[Fault] = deque(maxlen=KEPT_FAULTS)
        self._lock = Lock()
        self._last = 0
        self._cleared = 0
        self._lost = 0

    @property
    def total(self) -> int:
        """How many exchanges there were since the server started, forgotten ones too."""
        return self._last

    # written by the server

    def open(self, entry: Entry) -> None:
        """Make ``entry`` the one that :meth:`note` and :meth:`about` write to in this task."""
        self._last += 1
        entry.number, entry.moment = self._last, time.perf_counter()
        _current.set(entry)

    def received(self, request: Request) -> None:
        """Keep what may be kept of a request's parameters, and who sent them."""
        entry = _current.get()
        if entry is not None:
            came = {**request.query, **request.form}
            entry.parameters = redaction.parameters(came)
            entry.library = redaction.library(request.headers, came)

    def close(self, entry: Entry) -> None:
        """Keep a finished entry; not one that began before the journal was cleared."""
        with self._lock:
            if entry.number > self._cleared:
                if len(self.entries) == self.entries.maxlen:
                    self._lost = max(self._lost, self.entries[0].number)
                self.entries.append(entry)
        if self.sink:
            self.sink(entry)

    def note(self, text: str) -> None:
        """Say that something was guessed, or that an answer will surprise."""
        entry, text = _current.get(), redaction.presentable(text, _HINT)
        if entry is not None and text not in entry.notes and len(entry.notes) < MAX_NOTES:
            entry.notes.append(text)

    def refused(self, error: EntraError, oauth_error: str = "") -> None:
        """Say which error was answered, and why.

        Args:
            error: the refusal.
            oauth_error: as it was answered; otherwise the error's own.
        """
        entry = _current.get()
        if entry is not None:
            entry.error, entry.oauth_error = error.number, oauth_error or error.error
            entry.message = redaction.presentable(error.message, _MESSAGE)
            entry.hint = redaction.presentable(error.hint, _HINT)

    def about(self, **details: str) -> None:
        """Add details; values from outside are made printable and cut."""
        entry = _current.get()
        if entry is not None:
            for name, value in details.items():
                if value:
                    entry.about[name] = redaction.scopes(value) if name == "scope" else redaction.presentable(value)

    def issued(self, kind: str, claims: Mapping[str, Any], user: str = "") -> None:
        """Say what was handed out; never the thing itself.

        Args:
            kind: see :attr:`Issued.kind`; the version of an access token is taken from its claims.
            claims: of a token its payload; of anything else those members that it has.
            user: user principal name; empty for app-only.
        """
        entry = _current.get()
        if entry is not None:
            entry.issued.append(Issued.of(kind, claims, user))

    def fault(self, entry: Entry, error: Exception) -> None:
        """Keep an exception inside the server, without the values that its frames hold: some are secret."""
        from mock_idp.runtime.journal.faults import Fault, forget_values  # noqa: PLC0415 - faults only

        entry.message = f"mock-idp has a fault: {type(error).__name__}"
        entry.hint = "It is not yours. The traceback is in the server's log; please report it."
        forget_values(error)
        with self._lock:
            if entry.number > self._cleared:
                self._faults.append(Fault(entry, error))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._cleared, self._lost = self._last, 0
            self.entries.clear()
            self._faults.clear()

    # read by tests

    @property
    def faults(self) -> "list[Fault]":
        """The last exceptions inside the server."""
        with self._lock:
            return list(self._faults)

    def mark(self) -> int:
        """This moment, for :meth:`since`."""
        return self._last

    def since(self, mark: int) -> "Recording":
        """What was asked after a moment."""
        return Recording(self, mark)

    @contextmanager
    def recording(self) -> "Iterator[Recording]":
        """What is asked meanwhile: ``with journal.recording() as seen: ...``."""
        seen = Recording(self, self.mark())
        try:
            yield seen
        finally:
            seen.stop()

    def between(self, first: int, last: int | None) -> list[Entry]:
        """The entries that began after one moment and not after another."""
        with self._lock:
            kept = list(self.entries)
        return [entry for entry in kept if first < entry.number and (last is None or entry.number <= last)]

    def lost_since(self, mark: int) -> bool:
        """Whether entries after a moment had to make room for newer ones."""
        return self._lost > mark

    def _snapshot(self) -> list[Entry]:
        return self.between(self._cleared, None)

    def _endpoints(self) -> Collection[str]:
        return self.endpoints

    def _forgotten(self) -> bool:
        return self.lost_since(self._cleared)


class Recording(Questions):
    """The part of the journal after a moment, growing until it is stopped.

    Args:
        journal: the whole.
        mark: the moment.
    """

    def __init__(self, journal: Journal, mark: int) -> None:
        self._journal = journal
        self._mark = mark
        self._end: int | None = None

    def stop(self) -> None:
        """Take no more."""
        self._end = self._journal.mark()

    def _snapshot(self) -> list[Entry]:
        return self._journal.between(self._mark, self._end)

    def _endpoints(self) -> Collection[str]:
        return self._journal.endpoints

    def _forgotten(self) -> bool:
        return self._journal.lost_since(self._mark)

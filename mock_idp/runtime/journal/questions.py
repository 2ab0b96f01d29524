"""Questions on the journal: which exchanges there were, asked as a test asks."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from mock_idp.errors import UserError
from mock_idp.runtime.journal.entry import Entry

_SHOWN = 8
"""How many entries a failure names of those that fit, and of those that nearly do."""


class _Found(NamedTuple):
    """What a question found.

    Attributes:
        question: in words.
        near: the endpoint's other entries, each with its differences.
    """

    question: str
    fitting: list[Entry]
    near: list[tuple[Entry, list[str]]]


class Questions(ABC):
    """Exchanges, oldest first, and what can be asked about them.

    ``endpoint`` is the protocol's word for what was asked: ``authorize``, ``login`` (the sign-in page's post),
    ``token``, ``keys``, ``openid_configuration``, ``logout``, ``me``; ``None`` means any. A condition names an
    attribute of :class:`~mock_idp.runtime.journal.entry.Entry` or a parameter of the request:

    * a value, or several in a list or set, of which one has to fit;
    * ``True`` for "was there", ``False`` for "was not there";
    * a function that says of the value whether it fits.

    ``user`` fits by the short name too, ``scope`` is among those asked for, with or without the resource in front, and
    ``error`` is an AADSTS number or an OAuth error. A name that there is not is a :class:`~mock_idp.errors.UserError`.
    """

    @abstractmethod
    def _snapshot(self) -> list[Entry]:
        """The entries by now, those of our own commands included."""

    @abstractmethod
    def _endpoints(self) -> Collection[str]:
        """Names that an endpoint may have; empty when nobody knows."""

    @abstractmethod
    def _forgotten(self) -> bool:
        """Whether entries that belong here had to make room for newer ones."""

    def all(self, endpoint: str | None = None, /, **conditions: object) -> list[Entry]:
        """Every exchange that fits, oldest first."""
        return self._find(endpoint, conditions).fitting

    def one(self, endpoint: str | None = None, /, **conditions: object) -> Entry:
        """The only exchange that fits.

        Raises:
            AssertionError: there is none, or more than one; the message says what there was.
        """
        __tracebackhide__ = True
        found = self._find(endpoint, conditions, to_the_beginning=True)
        if len(found.fitting) != 1:
            raise AssertionError(self._failure("exactly one", found))
        return found.fitting[0]

    def first(self, endpoint: str | None = None, /, **conditions: object) -> Entry:
        """The first exchange that fits.

        Raises:
            AssertionError: there is none; the message says what there was.
        """
        __tracebackhide__ = True
        found = self._find(endpoint, conditions, to_the_beginning=True)
        if not found.fitting:
            raise AssertionError(self._failure("at least one", found))
        return found.fitting[0]

    def last(self, endpoint: str | None = None, /, **conditions: object) -> Entry:
        """The last exchange that fits.

        Raises:
            AssertionError: there is none; the message says what there was.
        """
        __tracebackhide__ = True
        found = self._find(endpoint, conditions)
        if not found.fitting:
            raise AssertionError(self._failure("at least one", found))
        return found.fitting[-1]

    def none(self, endpoint: str | None = None, /, **conditions: object) -> None:
        """Nothing fits.

        Raises:
            AssertionError: something does; the message says what.
        """
        __tracebackhide__ = True
        found = self._find(endpoint, conditions, to_the_beginning=True)
        if found.fitting:
            raise AssertionError(self._failure("no", found))

    def count(self, endpoint: str | None = None, /, **conditions: object) -> int:
        """How many exchanges fit."""
        return len(self._find(endpoint, conditions, to_the_beginning=True).fitting)

    def asked(self, endpoint: str | None = None, /, **conditions: object) -> bool:
        """Whether any exchange fits."""
        # of all that is kept; when nothing fits there, count says whether that is all there was
        return bool(self.all(endpoint, **conditions)) or self.count(endpoint, **conditions) > 0

    def text(self) -> str:
        """All exchanges as a failing test prints them; of a long journal the beginning, a summary and the end."""
        from mock_idp.runtime.journal.telling import text  # noqa: PLC0415 - texts only

        return text(self._asked())

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self)}>"

    def __len__(self) -> int:
        return len(self._asked())

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._asked())

    def __getitem__(self, index: int) -> Entry:
        return self._asked()[index]

    def _asked(self) -> list[Entry]:
        """The entries without those of our own commands."""
        return [entry for entry in self._snapshot() if not entry.is_ours]

    def _find(self, endpoint: str | None, filters: Mapping[str, object], *, to_the_beginning: bool = False) -> _Found:
        """Ask.

        Raises:
            UserError: for a wrong name; ``to_the_beginning`` also when the oldest entries are forgotten, so that nobody
                can know what there was.
        """
        from mock_idp.runtime.journal.filters import conditions  # noqa: PLC0415 - questions only

        if to_the_beginning and self._forgotten():
            raise UserError(
                "The journal cannot tell.",
                f"It keeps {len(self._snapshot())} exchanges; there were more, so the oldest are forgotten.",
                "Ask of a shorter time: with journal.recording() as seen: ...",
            )
        entries = self._snapshot() if endpoint else self._asked()
        self._check_endpoint(endpoint, entries)
        wanted = conditions(filters, entries)
        described = ", ".join(map(str, wanted))
        found = _Found(f"{endpoint or ''} request{f' with {described}' if described else ''}".strip(), [], [])
        for entry in entries:
            if endpoint in (None, entry.endpoint):
                differences = [said for condition in wanted if (said := condition.difference(entry))]
                if differences:
                    found.near.append((entry, differences))
                else:
                    found.fitting.append(entry)
        return found

    def _check_endpoint(self, endpoint: str | None, entries: Iterable[Entry]) -> None:
        known = {*self._endpoints(), *(entry.endpoint for entry in entries)}
        if endpoint and known and endpoint not in known:
            from mock_idp.runtime.journal.filters import nearest  # noqa: PLC0415 - mistakes only

            raise UserError(
                f"There is no endpoint '{endpoint}'.",
                f"There are: {', '.join(sorted(known))}.",
                f"Did you mean '{nearest(endpoint, known)}'?",
            )

    def _failure(self, wanted: str, found: _Found) -> str:
        """Why a question fails: what fits, else what nearly does, and what was asked at all."""
        from mock_idp.runtime.journal.telling import glance, text, told  # noqa: PLC0415 - failures only

        count = len(found.fitting)
        said = [f"Expected {wanted} {found.question}; there {'was' if count == 1 else 'were'} {count or 'none'}."]
        said += [told(entry) for entry in found.fitting[:_SHOWN]]
        if found.near and not found.fitting:
            nearest_first = sorted(found.near, key=lambda near: len(near[1]))
            said += [
                "Nearly:",
                *(f"    {glance(entry)}, but {differs[0]}" for entry, differs in nearest_first[:_SHOWN]),
            ]
        return "\n".join([*said, "", "What was asked in all:", text(self._asked(), glance)])

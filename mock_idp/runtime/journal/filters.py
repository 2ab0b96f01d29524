"""How a question's conditions are compared with an entry, and how a difference is worded."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from mock_idp.errors import UserError
from mock_idp.runtime.journal import redaction
from mock_idp.runtime.journal.entry import Entry

ATTRIBUTES = frozenset(name for name in dir(Entry) if not name.startswith("_"))
"""What an entry may be asked for, besides its parameters."""

_ALIASES = {"scope": "scopes", "grant": "grant_type"}
_AADSTS = re.compile(r"(?:AADSTS)?(\d+)")


class Condition(NamedTuple):
    """What an entry has to be like.

    Attributes:
        name: an attribute of an entry, or a parameter.
        expected: the value; several mean one of them. ``True``: is there; ``False`` or ``None``: is not there, or is
            blank. A function is called with the value.
    """

    name: str
    expected: object

    def difference(self, entry: Entry) -> str:
        """How an entry fails this, in words; empty when it does not."""
        actual = self._actual(entry)
        if self._holds(actual) or (self.name == "client" and self._holds(entry.client_id)):
            return ""
        return f"{self.name} is {_worded(actual)}, not {self.worded}"

    def __str__(self) -> str:
        return f"{self.name}={self.worded}"

    @property
    def worded(self) -> str:
        """The value as a message shows it."""
        if callable(self.expected):
            return f"what {getattr(self.expected, '__name__', 'the function')} accepts"
        return repr(self.expected)

    @property
    def _is_presence(self) -> bool:
        return self.expected is None or isinstance(self.expected, bool)

    def _actual(self, entry: Entry) -> object:
        name = _ALIASES.get(self.name, self.name)
        if name == "error" and isinstance(self.expected, str) and not _AADSTS.fullmatch(self.expected):
            return entry.oauth_error
        return getattr(entry, name) if name in ATTRIBUTES else entry.parameters.get(name)

    def _holds(self, actual: object) -> bool:
        expected = self.expected
        if callable(expected):
            return bool(expected(actual))
        if self._is_presence:
            return bool(actual) == bool(expected)
        if self.name == "scopes":
            return _same_scopes(actual, expected)
        same = _COMPARED.get(self.name) or _equal
        if self.name in redaction.SHOWN and self.name not in _COMPARED:
            same = _kept_of(self.name)
        if isinstance(expected, list | tuple | set | frozenset):
            return any(same(actual, each) for each in expected)
        return same(actual, expected)


def conditions(filters: Mapping[str, object], entries: Sequence[Entry]) -> list[Condition]:
    """The conditions of a question, each of which has to name something that an entry has.

    Args:
        filters: as they were written.
        entries: whose parameters may be asked for too.

    Raises:
        UserError: with the nearest right name; or for the value of a parameter that is not kept.
    """
    found = [Condition(name, expected) for name, expected in filters.items()]
    known = ATTRIBUTES | _ALIASES.keys() | redaction.SHOWN | redaction.HIDDEN
    for condition in found:
        _check_name(condition.name, known, entries)
        _check_value(condition)
    return found


def _check_name(name: str, known: Collection[str], entries: Iterable[Entry]) -> None:
    if name not in known and not any(name in entry.parameters for entry in entries):
        raise UserError(
            f"The journal cannot be asked for '{name}'.",
            "It is no attribute of an entry, and no parameter that is known or came.",
            f"Did you mean '{nearest(name, known)}'? docs/journal.md has them all.",
        )


def _check_value(condition: Condition) -> None:
    name, expected = condition
    if name in ATTRIBUTES or name in _ALIASES or redaction.is_shown(name):
        return
    if not (isinstance(expected, bool) or expected is None or callable(expected)):
        raise UserError(
            f"The journal cannot compare '{name}'.",
            "It may be secret, so only how long it was is kept.",
            f"Ask whether it was there: {name}=True or {name}=False.",
        )


def nearest(name: str, known: Iterable[str]) -> str:
    """Of the names that are known, the one most like this one."""
    from difflib import get_close_matches  # noqa: PLC0415 - mistakes only

    return get_close_matches(name[:100].lower(), sorted(known), n=1, cutoff=0.0)[0]


def _worded(actual: object) -> str:
    return "missing" if actual in (None, "", (), []) else repr(actual)


def _equal(actual: Any, expected: Any) -> bool:
    return bool(actual == (str(expected) if isinstance(actual, str) else expected)) or str(actual) == expected


def _folded(actual: Any, expected: Any) -> bool:
    return str(actual or "").casefold() == str(expected).casefold()


def _person(actual: Any, expected: Any) -> bool:
    """The whole name, or what stands before ``@``."""
    name = str(actual or "").casefold()
    return str(expected).casefold() in (name, name.partition("@")[0])


def _number(actual: Any, expected: Any) -> bool:
    found = _AADSTS.fullmatch(str(expected))
    return actual == int(found[1]) if found else bool(actual == expected)


def _said(actual: Any, expected: Any) -> bool:
    """Part of a text, or of one of several."""
    texts = [actual] if isinstance(actual, str) else [str(each) for each in actual or ()]
    return any(str(expected).casefold() in text.casefold() for text in texts)


def _handed_out(actual: Any, expected: Any) -> bool:
    return any(str(expected) in each.kind for each in actual)


def _among(actual: Any, expected: Any) -> bool:
    """Every scope of a text is among those there, written with or without the resource."""
    return all(_has_scope(actual, wanted) for wanted in str(expected).split())


def _same_scopes(actual: Any, expected: Any) -> bool:
    """The same scopes in any order, each written with or without the resource."""
    wanted = expected.split() if isinstance(expected, str) else list(expected)
    return len(wanted) == len(actual) and all(_has_scope(actual, each) for each in wanted)


def _has_scope(actual: Iterable[str], wanted: str) -> bool:
    return any(wanted == scope or scope.endswith(f"/{wanted}") for scope in actual)


def _kept_of(name: str) -> Callable[[Any, Any], bool]:
    """Compare with what would be kept of a value, for long ones and those with a query are not kept whole."""
    return lambda actual, expected: bool(actual == redaction.kept(name, str(expected)))


_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "method": _folded,
    "host": _folded,
    "tenant": _folded,
    "client": _folded,
    "client_id": _folded,
    "user": _person,
    "error": _number,
    "message": _said,
    "hint": _said,
    "notes": _said,
    "library": _said,
    "issued": _handed_out,
    "scope": _among,
    "granted": _among,
    "roles": _among,
}
"""What is not compared as it stands."""

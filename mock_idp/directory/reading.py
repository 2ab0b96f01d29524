"""Tables as they are written, checked by :mod:`mock_idp.directory.keys`: every key known, every value of its type."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from math import isfinite
from typing import Any

from mock_idp.directory.ids import is_guid
from mock_idp.directory.keys import Key, Kind, Section
from mock_idp.directory.source import Place
from mock_idp.directory.words import a, listed, nearest, shown
from mock_idp.errors import UserError

# texts, which are compiled when first used: most files need few of them
_UNPRINTABLE = r"[\x00-\x1f\x7f\ud800-\udfff]"
_UNSENDABLE = r"[\ud800-\udfff]"
_SPAN = r"(?:(\d)\.)?(\d{2}):(\d{2}):(\d{2})"
_DEEPEST = 20

SHORTEST_LIFETIME = 600
LONGEST_LIFETIME = 24 * 3600
"""Of tokens by policy, seconds. ED:configurable-token-lifetimes"""


class Table(dict[str, Any]):
    """A checked table: values by the keys' names, nested tables as tables.

    Attributes:
        place: where it stands.
        places: where its keys stand, for those that stand elsewhere.
    """

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.places: dict[str, Place] = {}
        self._texts: dict[str, list[tuple[str, Place]]] = {}

    def at(self, key: str, *steps: int) -> Place:
        """Where a key stands, or an element of its array."""
        return self.places.get(key, self.place.at(key)).at(*steps)

    def texts(self, key: str) -> list[tuple[str, Place]]:
        """The texts of an array, each with its place."""
        if key in self._texts:
            return self._texts[key]
        found = self.get(key, ())
        if isinstance(found, str):
            return [(found, self.at(key))]
        return [(text, self.at(key, index)) for index, text in enumerate(found)]

    def tables(self, key: str) -> "list[Table]":
        """The tables of an array."""
        return list(self.get(key, ()))

    def table(self, key: str) -> "Table":
        """A nested table; an empty one when it is not there."""
        found = self.get(key)
        return found if isinstance(found, Table) else Table(self.at(key))

    def under(self, other: "Table") -> "Table":
        """This table with what another says of the same: lists are added to, tables joined, all else is replaced."""
        joined = Table(self.place)
        joined.update(self)
        joined.places.update({key: self.at(key) for key in self})
        for key, value in other.items():
            mine = self.get(key)
            if isinstance(mine, tuple) and isinstance(value, tuple):
                joined[key] = mine + value
                joined._texts[key] = self.texts(key) + other.texts(key)
            elif isinstance(mine, list):
                joined[key] = mine + value
            elif isinstance(mine, Table):
                joined[key] = mine.under(value)
            elif isinstance(mine, dict):
                joined[key] = {**mine, **value}
            else:
                joined[key] = value
                joined.places[key] = other.at(key)
        return joined

    def required(self, key: str, what: str) -> Any:
        """The value of a key that has to be there.

        Raises:
            UserError: it is not.
        """
        if self.get(key) in (None, "", ()):
            raise self.place.mistake(f"has no {key}.", f"{a(what).capitalize()} needs {key}.", f"Add {key}.")
        return self[key]


def read(section: Section, raw: object, place: Place, places: Mapping[str, Place] | None = None) -> Table:
    """Check a table. Entra's own JSON may have unknown keys, and ``null`` for what is not there.

    Args:
        section: what may be in it.
        raw: what came.
        place: where it stands.
        places: where keys stand that stand elsewhere.

    Raises:
        UserError: a key is unknown, or a value is of another type.
    """
    if isinstance(raw, str) and section.short:
        raw = {section.short: raw}
        places = {section.short: place}
    if not isinstance(raw, Mapping):
        raise _wrong_type(place, raw, f"a table that is {a(section.name)}", "")
    table, strict = Table(place), place.source.strict
    table.places.update(places or {})
    for name, value in raw.items():
        key = section.key(name) if strict else _known_by(section, name, raw)
        if key is None and strict:
            raise _unknown(section, name, place)
        if key is None or (value is None and not strict):
            continue
        where = table.at(name)
        if name != key.name:
            table.places[key.name] = where
        table[key.name] = _value(key, value, where)
    return table


def _known_by(section: Section, name: str, raw: Mapping[str, Any]) -> Key | None:
    """The key that a member of Entra's JSON is; an older name counts where the newer one is not there too."""
    return next(
        (key for key in section.keys if name == key.name or (name in key.also and raw.get(key.name) is None)), None
    )


def _unknown(section: Section, name: object, place: Place) -> UserError:
    word, known = str(name), [key.name for key in section.keys]
    where = place.at(word)
    newer = next((key.name for key in section.keys if word in key.also), "")
    if newer:
        return where.mistake("is an older name.", f"Entra calls it {newer} now.", f"Write {newer}.")
    if word in section.inert:
        return where.mistake(
            "has no meaning here.",
            f"Entra has it in {a(section.name)}, but nothing here depends on it.",
            "Leave it out.",
        )
    near = nearest(word, known)
    return where.mistake(
        f"is no key of {a(section.name)}.",
        f"Nearest is {near}." if near else f"Its keys are {listed(sorted(known))}.",
        f"Write {near}, or leave it out." if near else "Leave it out.",
    )


def _value(key: Key, value: object, place: Place) -> Any:
    if key.kind == "tables" and key.section:
        if not isinstance(value, list | tuple):
            raise _wrong_type(place, value, f"an array of tables, each {a(key.section.name)}", key.name)
        section = key.section
        return [read(section, each, place.at(index)) for index, each in enumerate(value)]
    if key.kind == "table" and key.section:
        return read(key.section, value, place)
    check, expected = _KINDS[key.kind]
    found = check(value)
    if found is None:
        raise _wrong_type(place, value, expected, key.name)
    if key.choices:
        return _chosen(key, found, place)
    return found


def _chosen(key: Key, found: Any, place: Place) -> Any:
    """What was chosen, as Entra spells it."""
    if isinstance(found, str) and key.kind == "text":
        return _choice(key, found, place)
    parts = [part.strip() for part in found.split(",")] if isinstance(found, str) else found
    return tuple(_choice(key, part, place) for part in parts if part)


def _choice(key: Key, text: str, place: Place) -> str:
    for choice in key.choices:
        if choice.casefold() == text.casefold():
            return choice
    near = nearest(text, key.choices) or key.choices[0]
    raise place.mistake("is none of its values.", f"{shown(text)} came; it may be {listed(key.choices, 'or')}.",
                        f'Write "{near}".')  # fmt: skip


def _wrong_type(place: Place, value: object, expected: str, key: str) -> UserError:
    fix = "Change it."
    if isinstance(value, str) and "${{" in value:
        fix = "Fill the placeholder in: the manifest that was made from this template has its value."
    elif key and isinstance(value, str) and value.isprintable() and expected.startswith("an array of texts"):
        fix = f'Write {key} = ["{value[:60]}"].'
    elif value in ("true", "false") and expected.startswith("true"):
        fix = f"Write {key} = {value}, without quotes."
    elif isinstance(value, Mapping) and expected.startswith("an array of tables"):
        fix = f"Write its header in double brackets: {place.header}."
    return place.mistake("is of the wrong type.", f"{_type(value)} came; expected {expected}.", fix)


def _type(value: object) -> str:
    """What came, as a sentence begins."""
    for types, words in _TYPES:
        if isinstance(value, types):
            return words.format(shown(value))
    return f"A {type(value).__name__}"


_TYPES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    ((bool, type(None)), "{}"),
    (str, "The text {}"),
    ((int, float), "The number {}"),
    ((list, tuple), "The array {}"),
    (Mapping, "The table {}"),
    ((datetime, date, time), "The time {}"),
)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and not re.search(_UNPRINTABLE, value) else None


def _prose(value: object) -> str | None:
    return value if isinstance(value, str) and not re.search(_UNSENDABLE, value) else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: object) -> int | None:
    return value if value in (1, 2) and isinstance(value, int) and not isinstance(value, bool) else None


def _lifetime(value: object) -> int | None:
    """Seconds, written so or as a time span; from ten minutes to a day."""
    found = re.fullmatch(_SPAN, value) if isinstance(value, str) else None
    if found:
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        value = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and SHORTEST_LIFETIME <= value <= LONGEST_LIFETIME else None  # type: ignore[operator, return-value]


def _guid(value: object) -> str | None:
    return value.lower() if isinstance(value, str) and is_guid(value) else None


def _texts(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list | tuple):
        return None
    found = tuple(_text(each) for each in value)
    return found if all(each is not None for each in found) else None  # type: ignore[return-value]


def _names(value: object) -> str | tuple[str, ...] | None:
    return _text(value) if isinstance(value, str) else _texts(value)


def _moment(value: object) -> int | None:
    """Seconds since 1970; a time without a zone is UTC."""
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        elif isinstance(value, date) and not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day, tzinfo=UTC)
        if isinstance(value, datetime):
            return int((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None
    return None


def _free(value: object) -> dict[str, Any] | None:
    """A table of whatever JSON can hold."""
    return dict(value) if isinstance(value, Mapping) and all(_is_json(value, _DEEPEST)) else None


def _is_json(value: object, deep: int) -> Iterator[bool]:
    match value:
        case str():
            yield re.search(_UNSENDABLE, value) is None
        case bool() | int() | None:
            yield True
        case float():
            yield isfinite(value)
        case Mapping() if deep:
            for name, member in value.items():
                yield isinstance(name, str) and re.search(_UNSENDABLE, name) is None
                yield from _is_json(member, deep - 1)
        case list() | tuple() if deep:
            for member in value:
                yield from _is_json(member, deep - 1)
        case _:
            yield False


_KINDS: Mapping[Kind, tuple[Callable[[object], Any], str]] = {
    "text": (_text, "a text of one line"),
    "prose": (_prose, "a text"),
    "name": (_text, "a name"),
    "names": (_names, "an array of texts, or one text"),
    "flag": (_flag, "true or false"),
    "guid": (_guid, "a GUID, such as 11111111-2222-4333-8444-555555555555"),
    "texts": (_texts, "an array of texts"),
    "number": (_number, "1 or 2"),
    "lifetime": (_lifetime, "seconds from 600 to 86400, or a time span from 00:10:00 to 1.00:00:00"),
    "moment": (_moment, "a date and time, such as 2030-01-31T12:00:00Z"),
    "free": (_free, "a table of what JSON can hold (in TOML: no dates)"),
}
"""How each kind is checked, ``None`` being what it is not, and what a message says was expected."""

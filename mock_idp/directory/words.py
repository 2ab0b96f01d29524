"""How messages show values, paths and names, and which known word is nearest to a wrong one."""

import re
from collections.abc import Iterable, Mapping

KeyPath = tuple[str | int, ...]
"""The way to a value in a file: names of keys, and indexes into arrays."""

_BARE = r"[A-Za-z0-9_-]+"
_SHOWN_CHARACTERS = 100
_LISTED = 12


def dotted(path: Iterable[str | int]) -> str:
    """A path as TOML writes it, with indexes in brackets."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            name = step if re.fullmatch(_BARE, step) else shown(step)
            text += f".{name}" if text else name
    return text


def shown(value: object) -> str:
    """A value as a message can hold it: one line, not long."""
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case str():
            return "'" + cut(value.encode("unicode_escape").decode() if not value.isprintable() else value) + "'"
        case Mapping():
            return f"with {listed(map(str, value))}" if value else "{}"
        case list() | tuple():
            return cut(f"[{', '.join(map(shown, value[:_LISTED]))}{', …' if len(value) > _LISTED else ''}]")
        case _:
            return cut(str(value))


def a(name: str) -> str:
    """A noun with its article."""
    return f"an {name}" if name[0].lower() in "aeio" else f"a {name}"  # a user


def cut(text: str) -> str:
    """A text as far as a message holds it."""
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


def listed(names: Iterable[str], last: str = "and") -> str:
    """Some names as a sentence lists them."""
    found = [cut(str(name)) for name in names]
    if len(found) > _LISTED:
        return f"{', '.join(found[:_LISTED])} {last} {len(found) - _LISTED} more"
    return f" {last} ".join(filter(None, (", ".join(found[:-1]), *found[-1:])))


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like this one, or empty."""
    from difflib import get_close_matches  # noqa: PLC0415 - mistakes only

    by_folded = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold()[:200], by_folded, n=1, cutoff=0.5)
    return by_folded[found[0]] if found else ""

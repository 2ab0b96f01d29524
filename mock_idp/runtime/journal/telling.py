"""Entries as text: what a failing test prints, and what a terminal shows."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

from mock_idp.runtime.journal.entry import Entry, Issued
from mock_idp.runtime.journal.redaction import ELLIPSIS

FIRST, LAST = 10, 30
"""How many entries a text shows of a longer journal, from its beginning and its end."""

_VALUE = 160
"""Characters of a value in a text; the entry has more of it."""

_INDENT = "    "

Part = Literal["head", "about", "error", "hint", "note"]


class Line(NamedTuple):
    """A line of an entry's text.

    Attributes:
        part: what it is of; a terminal gives each its colour.
        text: not indented.
    """

    part: Part
    text: str

    @property
    def indented(self) -> str:
        """As it stands below its entry's first line."""
        return self.text if self.part == "head" else _INDENT + self.text


def lines(entry: Entry) -> Iterator[Line]:
    """An entry's text: first what was asked and answered, then who and what, the error, the hint, the notes."""
    yield Line("head", head(entry))
    if entry.about:
        yield Line("about", "  ".join(f"{name}={_cut(value)}" for name, value in _about(entry)))
    if entry.issued:
        yield Line("about", f"issued: {', '.join(map(_issued, entry.issued))}")
    if not entry.ok and (sent := _sent(entry)):
        by = f" by {entry.library}" if entry.library else ""
        yield Line("about", f"sent{by}: {sent}")
    if entry.error or entry.message:
        number = f"AADSTS{entry.error}: " if entry.error else ""
        yield Line("error", number + entry.message)
    if entry.hint:
        yield Line("hint", f"hint: {entry.hint}")
    for note in entry.notes:
        yield Line("note", f"note: {note}")


def head(entry: Entry) -> str:
    """What was asked and answered, on a line."""
    return f"{entry.status} {entry.method:4} {entry.what}"


def glance(entry: Entry) -> str:
    """An entry on a line, with what tells it from others."""
    facts = [f"{name}={entry.about[name]}" for name in ("grant", "user") if name in entry.about]
    facts += [f"AADSTS{entry.error}"] if entry.error else []
    return _plain("  ".join([head(entry), *facts]))


def told(entry: Entry) -> str:
    """An entry as text of its own."""
    return _plain("\n".join(line.indented for line in lines(entry)))


def text(entries: Sequence[Entry], tell: Callable[[Entry], str] = told) -> str:
    """Entries as a failing test prints them, each with the seconds since the first began.

    Args:
        entries: in the order to be told.
        tell: how much of each.
    """
    if not entries:
        return "Nothing was asked."
    began = min(entry.moment for entry in entries)
    blocks = [f"+{entry.moment - began:.3f}s {tell(entry)}" for entry in entries]
    if len(entries) > FIRST + LAST + 1:
        blocks[FIRST:-LAST] = [_summary(entries[FIRST:-LAST])]
    return "\n".join(blocks)


def _summary(entries: Sequence[Entry]) -> str:
    counts = Counter(f"{entry.endpoint} {entry.status}".strip() for entry in entries)
    return f"... {len(entries)} more: {', '.join(f'{count} x {what}' for what, count in counts.most_common())} ..."


def _about(entry: Entry) -> Iterator[tuple[str, str]]:
    """The details, with a client's name beside its id."""
    name = entry.about.get("client_name", "")
    for key, value in entry.about.items():
        if key == "client" and name:
            yield key, f"{value} ({name})"
        elif key != "client_name":
            yield key, value


def _sent(entry: Entry) -> str:
    """The parameters, without those that are among the details."""
    known = set(entry.about.values())
    return "  ".join(f"{name}={_cut(value)}" for name, value in entry.parameters.items() if value not in known)


def _issued(issued: Issued) -> str:
    """``access token v2.0 (aud=…, scp=data.read, roles=…)``."""
    members = {"aud": issued.audience, "scp": " ".join(issued.scopes), "roles": " ".join(issued.roles)}
    shown = ", ".join(f"{name}={_cut(value)}" for name, value in members.items() if value)
    return f"{issued.kind} ({shown})" if shown else issued.kind


def _cut(value: str) -> str:
    return value if len(value) <= _VALUE else value[:_VALUE] + ELLIPSIS


def _plain(shown: str) -> str:
    """For logs that take ASCII only; letters in names stay as they are."""
    return shown.replace(ELLIPSIS, "...")

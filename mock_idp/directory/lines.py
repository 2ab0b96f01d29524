"""Where things stand in a file: the line of every key and element, for messages. tomllib and json tell none.

Both scanners read text that tomllib or json has read before, so they need not look for mistakes. They run only when
there is something to tell.
"""

import re
import tomllib
from bisect import bisect_right

from mock_idp.directory.words import KeyPath

_TOML_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_TOML_KEY = re.compile(r"""[ \t]*("(?:\\.|[^"\\])*"|'[^']*'|[A-Za-z0-9_-]+)[ \t]*""")
_TOML_SCALAR = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'"
    r"|\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]+"  # the one value with a blank in it
    r"|[^\s,\]}#]+",
    re.DOTALL,
)
_JSON_GAP = re.compile(r"\s*")
_JSON_STRING = re.compile(r'"(?:\\.|[^"\\])*"')
_JSON_SCALAR = re.compile(r'"(?:\\.|[^"\\])*"|[^\s,\]}]+')


class _Scanner:
    """What both have in common: a place in the text, and the lines found so far."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[KeyPath, int] = {}
        self._breaks = [match.start() for match in re.finditer("\n", text)]

    def note(self, path: KeyPath, at: int | None = None) -> None:
        """Note that ``path`` is first met here, or at another place."""
        place = self.at if at is None else at
        self.found.setdefault(path, bisect_right(self._breaks, place - 1) + 1)

    def next(self, gap: re.Pattern[str]) -> str:
        """Skip what means nothing; the character that follows, or an empty string at the end."""
        self.at = _end(gap.match(self.text, self.at), self.at)
        return self.text[self.at : self.at + 1]

    def took(self, text: str) -> bool:
        """Go past ``text``, if it stands here."""
        if not self.text.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def scalar(self, pattern: re.Pattern[str]) -> None:
        """Go past a value that holds no others."""
        self.at = max(_end(pattern.match(self.text, self.at), self.at), self.at + 1)


def _end(match: re.Match[str] | None, otherwise: int) -> int:
    return match.end() if match else otherwise


class _Toml(_Scanner):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._arrays: dict[KeyPath, int] = {}
        table: KeyPath = ()
        while self.next(_TOML_GAP):
            if self.took("[["):
                table = self._header(array=True)
                self.took("]]")
            elif self.took("["):
                table = self._header(array=False)
                self.took("]")
            else:
                self._pair(table)

    def _names(self) -> list[str]:
        """A key and, in dotted form, its table's."""
        names = []
        while match := _TOML_KEY.match(self.text, self.at):
            names.append(_name(match[1]))
            self.at = match.end()
            if not self.took("."):
                break
        return names

    def _header(self, *, array: bool) -> KeyPath:
        """The table that a header begins; a name on the way to it may be an array's, and then means its last table."""
        path: KeyPath = ()
        start, names = self.at, self._names()
        for position, name in enumerate(names):
            path = (*path, name)
            self.note(path, start)
            if array and position == len(names) - 1:
                self._arrays[path] = self._arrays.get(path, -1) + 1
            if path in self._arrays:
                path = (*path, self._arrays[path])
                self.note(path, start)
        return path

    def _pair(self, table: KeyPath) -> None:
        path = table
        start, names = self.at, self._names()
        for name in names:
            path = (*path, name)
            self.note(path, start)
        self.took("=")
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        self.next(_TOML_GAP)
        if self.took("["):
            index = 0
            while self.next(_TOML_GAP) not in ("]", ""):
                self.note((*path, index))
                self._value((*path, index))
                self.next(_TOML_GAP)
                self.took(",")
                index += 1
            self.took("]")
        elif self.took("{"):
            while self.next(_TOML_GAP) not in ("}", ""):
                self._pair(path)
                self.next(_TOML_GAP)
                self.took(",")
            self.took("}")
        else:
            self.scalar(_TOML_SCALAR)


def _name(written: str) -> str:
    if written[0] == "'":
        return written[1:-1]
    return str(tomllib.loads(f"name = {written}")["name"]) if written[0] == '"' else written


class _Json(_Scanner):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._value(())

    def _value(self, path: KeyPath) -> None:
        self.next(_JSON_GAP)
        if self.took("["):
            index = 0
            while self.next(_JSON_GAP) not in ("]", ""):
                self.note((*path, index))
                self._value((*path, index))
                self.next(_JSON_GAP)
                self.took(",")
                index += 1
            self.took("]")
        elif self.took("{"):
            while self.next(_JSON_GAP) not in ("}", ""):
                self._member(path)
                self.next(_JSON_GAP)
                self.took(",")
            self.took("}")
        else:
            self.scalar(_JSON_SCALAR)

    def _member(self, path: KeyPath) -> None:
        from json import loads  # noqa: PLC0415 - mistakes only

        match = _JSON_STRING.match(self.text, self.at)
        name = loads(match[0]) if match else ""
        self.note((*path, name))
        self.at = _end(match, self.at)
        self.next(_JSON_GAP)
        self.took(":")
        self._value((*path, name))


def toml_lines(text: str) -> dict[KeyPath, int]:
    """The line, from 1, of each key and array element of a TOML document that tomllib can read."""
    try:
        return _Toml(text).found
    except RecursionError:
        return {}


def json_lines(text: str) -> dict[KeyPath, int]:
    """The line, from 1, of each member and array element of a JSON document that json can read."""
    try:
        return _Json(text).found
    except RecursionError:
        return {}

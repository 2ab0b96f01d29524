"""The files that a directory is read from, and how a mistake in one is told: file, line, key and the right word."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, NamedTuple

from mock_idp.directory.words import KeyPath, cut, dotted
from mock_idp.errors import UserError

MAX_BYTES = 20_000_000
"""Of a file; more is no directory."""

_TABLE = ("tool", "mock-idp")


class Source:
    """A file, or what a program gave in its place.

    Args:
        name: what a person calls it.
        text: what is in it.
        language: what it is written in; ``None`` when it has no lines.
        prefix: the way to what is ours in it.
        strict: a person wrote it for us, and is told of everything that is wrong. Entra's own JSON is as it is.
    """

    def __init__(
        self,
        name: str,
        text: str = "",
        language: Literal["TOML", "JSON"] | None = None,
        prefix: KeyPath = (),
        *,
        strict: bool = True,
    ) -> None:
        self.name = name
        self.strict = strict
        self.prefix = prefix
        self._text = text
        self._language = language

    @cached_property
    def _lines(self) -> Mapping[KeyPath, int]:
        from mock_idp.directory.lines import json_lines, toml_lines  # noqa: PLC0415 - mistakes only

        find = {"TOML": toml_lines, "JSON": json_lines}.get(self._language or "")
        return find(self._text) if find else {}

    def where(self, path: KeyPath) -> str:
        """File and line of what is at ``path``, or of the nearest thing around it."""
        whole = (*self.prefix, *path)
        for length in range(len(whole), 0, -1):
            if whole[:length] in self._lines:
                return f"{self.name}, line {self._lines[whole[:length]]}"
        return self.name


class Place(NamedTuple):
    """A place in a source."""

    source: Source
    path: KeyPath = ()

    def at(self, *steps: str | int) -> "Place":
        """A place below this one."""
        return Place(self.source, (*self.path, *steps))

    @property
    def key(self) -> str:
        """Its path in the file, as TOML writes it."""
        return dotted((*self.source.prefix, *self.path))

    @property
    def header(self) -> str:
        """How TOML begins an element of the array of tables that it is."""
        return f"[[{dotted(step for step in (*self.source.prefix, *self.path) if isinstance(step, str))}]]"

    def mistake(self, what: str, why: str, fix: str) -> UserError:
        """A mistake here: what is wrong with the key, why, and what to write."""
        return UserError(f"{self.source.where(self.path)}: {self.key or 'this'} {what}", why, fix)


@dataclass(slots=True)
class Inputs:
    """What a directory was read from.

    Attributes:
        files: digests, by path.
        found: which files of a folder a pattern matched: folder, pattern, paths.
    """

    files: dict[str, str] = field(default_factory=dict)
    found: list[tuple[str, str, list[str]]] = field(default_factory=list)

    def are_same(self) -> bool:
        """Whether all of it is as it was."""
        try:
            return all(digest(Path(path).read_bytes()) == known for path, known in self.files.items()) and all(
                [str(path) for path in _matching(Path(folder), pattern)] == paths
                for folder, pattern, paths in self.found
            )
        except (OSError, ValueError, NotImplementedError):
            return False


_NOTED: ContextVar[Inputs | None] = ContextVar("inputs", default=None)


@contextmanager
def inputs() -> Iterator[Inputs]:
    """Note what is read in the block."""
    noted = Inputs()
    token = _NOTED.set(noted)
    try:
        yield noted
    finally:
        _NOTED.reset(token)


def digest(raw: bytes) -> str:
    """By which content is known again."""
    return sha256(raw).hexdigest()


def matching(folder: Path, pattern: str) -> list[Path]:
    """The files of a folder that a pattern matches, sorted.

    Raises:
        ValueError, NotImplementedError, OSError: it is no pattern, or the folder cannot be read.
    """
    found = _matching(folder, pattern)
    if noted := _NOTED.get():
        noted.found.append((str(folder.absolute()), pattern, [str(path.absolute()) for path in found]))
    return found


def _matching(folder: Path, pattern: str) -> list[Path]:
    return sorted(path for path in folder.glob(pattern) if path.is_file())


def read_text(path: Path) -> tuple[str, bytes]:
    """A file's text, in the encoding that its byte order mark names, else UTF-8; and its bytes.

    PowerShell writes UTF-16 when output is redirected.

    Raises:
        UserError: it cannot be read, or holds no text.
    """
    name = file_name(path)
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(f"{name} cannot be read.", f"The system says: {reason}.", "Check the path.") from None
    if len(raw) > MAX_BYTES:
        raise UserError(f"{name} cannot be read.", f"It has more than {MAX_BYTES:,} bytes.", "Check the path.")
    if noted := _NOTED.get():
        noted.files[str(path.absolute())] = digest(raw)
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return raw.decode(encoding), raw
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise UserError(
            f"{name}, line {line}: this is no text.", f"It is not {encoding.upper()[:6].rstrip('-')}.",
            "Save the file as UTF-8.",
        ) from None  # fmt: skip


_WRITE_TOML = "Text stands in quotes, a table's name in brackets: see https://toml.io."
_MIXED = "What was begun with = ends there: write all elements in one array, or each with a header of its own."


def file_name(path: Path) -> str:
    """A file as a message names it: below the current directory without what leads there."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def toml_source(name: str, text: str, prefix: KeyPath = ()) -> tuple[dict[str, Any], Source]:
    """A TOML document.

    Raises:
        UserError: it is none; line and column are told.
    """
    import tomllib  # noqa: PLC0415 - only with a file

    try:
        return tomllib.loads(text), Source(name, text, "TOML", prefix)
    except RecursionError:
        raise UserError(f"{name} cannot be read.", "It is nested too deeply.", "Nest it less.") from None
    except ValueError as error:
        why, _, place = str(error).rpartition(")")[0].partition(" (at ")
        place = f"line {text.count(chr(10)) + 1}, at the end" if place == "end of document" else place
        raise UserError(
            f"{name}{', ' if place else ''}{place}: this is not TOML.",
            f"{cut(why or str(error))}.",
            _MIXED if "immutable namespace" in why else _WRITE_TOML,
        ) from None


def our_table(path: Path) -> tuple[dict[str, Any], Source] | None:
    """Our table of a ``pyproject.toml``, if it has one."""
    text, _ = read_text(path)
    document, source = toml_source(file_name(path), text, _TABLE)
    tool = document.get("tool")
    table = tool.get("mock-idp") if isinstance(tool, dict) else None
    return (table, source) if isinstance(table, dict) else None


def json_source(name: str, text: str) -> tuple[Any, Source]:
    """A JSON document; comments, and a comma after the last member, are let pass as Entra's editor does.

    Raises:
        UserError: it is none; line and column are told.
    """
    import json  # noqa: PLC0415 - only with a file

    try:
        try:
            return json.loads(text), Source(name, text, "JSON", strict=False)
        except json.JSONDecodeError:
            plain = _plain(text)
            return json.loads(plain), Source(name, plain, "JSON", strict=False)
    except RecursionError:
        raise UserError(f"{name} cannot be read.", "It is nested too deeply.", "Nest it less.") from None
    except json.JSONDecodeError as error:
        raise UserError(
            f"{name}, line {error.lineno}, column {error.colno}: this is not JSON.",
            f"{error.msg}.",
            "Save it again as it was downloaded.",
        ) from None
    except ValueError as error:
        raise UserError(
            f"{name} cannot be read.", f"{cut(str(error))}.", "Save it again as it was downloaded."
        ) from None


_IGNORED = r'(?s)"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/|,(?=(?:\s|//[^\n]*|/\*.*?\*/)*[}\]])'


def _plain(text: str) -> str:
    """JSON without comments and last commas; everything else stays in its place."""
    return re.sub(_IGNORED, lambda found: found[0] if found[0][0] == '"' else re.sub(r"[^\n]", " ", found[0]), text)


def write_new(path: Path, text: str, *, force: bool) -> None:
    """Write a file that is not there yet.

    Raises:
        UserError: it is there, and that was not asked for; or it cannot be written.
    """
    name = file_name(path)
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UserError(
            f"{name} was not written.", "It is there already.", "Name another file, or add --force to write over it."
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(f"{name} cannot be written.", f"The system says: {reason}.", "Check the path.") from None

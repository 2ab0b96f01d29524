"""Which directory a project declares, and by which key a running server is known to serve it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mock_idp.directory.models import Directory

BUILT_IN_KEY = "built-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A directory with where it came from.

    Attributes:
        directory: what is declared.
        key: of its content; a command with another key must not join a server.
        path: the file, or ``None`` for the built-in directory and for one made in a program.
    """

    directory: Directory
    key: str
    path: Path | None = None


@cache
def built_in() -> Declared:
    """What there is when nobody declares anything."""
    from mock_idp.directory.default import DIRECTORY  # noqa: PLC0415 - not needed by whoever only joins

    return Declared(directory=DIRECTORY, key=BUILT_IN_KEY)

"""Which directory a project declares, and by which key a running server is known to serve it.

The file is ``mock-idp.toml``, or the table ``[tool.mock-idp]`` in ``pyproject.toml``, in the current directory or the
nearest above it. What reads it is imported when there is one.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from mock_idp.directory.models import Directory
from mock_idp.facts.wellknown import UNDECLARED_TENANT

if TYPE_CHECKING:
    from mock_idp.directory.kept import Shelf

FILE_NAME = "mock-idp.toml"
PYPROJECT = "pyproject.toml"
ENVIRONMENT_VARIABLE = "MOCK_IDP_DIRECTORY"

BUILT_IN_KEY = "built-in"

_MAY_DECLARE = rb"""tool["']?\s*(\.\s*["']?mock-idp|[\]=])"""
"""How our table may be written: nearly every other ``pyproject.toml`` need not be taken apart, which costs 4 ms."""


class ProjectSettings(NamedTuple):
    """What the file says besides the directory; ``None`` where it says nothing.

    Attributes:
        tenant: id of the tenant that tests mean when they name none.
        multi_resource_code: see :class:`mock_idp.runtime.settings.Settings`.
        graph_nonce: likewise.
    """

    tenant: str | None = None
    multi_resource_code: Literal["entra", "strict"] | None = None
    graph_nonce: bool | None = None


class Declared(NamedTuple):
    """A directory with where it came from.

    Attributes:
        directory: what is declared.
        key: of its content; a command with another key must not join a server.
        path: the file, or ``None`` for the built-in directory and for one made in a program.
        settings: what else the file says.
        has_tenants: somebody declared them; else they are the built-in ones.
    """

    directory: Directory
    key: str
    path: Path | None = None
    settings: ProjectSettings = ProjectSettings()
    has_tenants: bool = True

    @property
    def default_tenant(self) -> str:
        """Id of the tenant that counts where none is named: the first, but an undeclared one if nobody declared any."""
        return self.settings.tenant or (self.directory.tenants[0].id if self.has_tenants else UNDECLARED_TENANT)


@cache
def built_in() -> Declared:
    """What there is when nobody declares anything."""
    from mock_idp.directory.default import DIRECTORY  # noqa: PLC0415 - not needed by whoever only joins

    return Declared(directory=DIRECTORY, key=BUILT_IN_KEY, has_tenants=False)


def find(start: Path, shelf: "Shelf | None" = None) -> Declared:
    """The directory of the project that ``start`` is in; the built-in one when it declares none.

    Args:
        start: a folder.
        shelf: see :func:`load`.

    Raises:
        UserError: the file that was found cannot be read as a directory.
    """
    path = find_file(start)
    return load(path, shelf) if path else built_in()


def find_file(start: Path) -> Path | None:
    """The file that declares the directory of the project that ``start`` is in.

    Raises:
        UserError: a ``pyproject.toml`` that has our table is no TOML.
    """
    absolute = start.absolute()
    for folder in (absolute, *absolute.parents):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
        if (folder / PYPROJECT).is_file() and _has_our_table(folder / PYPROJECT):
            return folder / PYPROJECT
    return None


def _has_our_table(path: Path) -> bool:
    try:
        raw = path.read_bytes()
        if b"mock-idp" not in raw or not re.search(_MAY_DECLARE, raw):
            return False
    except OSError:
        return False
    from mock_idp.directory.source import our_table  # noqa: PLC0415 - only with a file

    return our_table(path) is not None


def load(path: Path, shelf: "Shelf | None" = None) -> Declared:
    """The directory that a file declares.

    Args:
        path: the file, or a folder with it.
        shelf: where a large directory is kept as it was read, to be quick from the second time on.

    Raises:
        UserError: it cannot be read as a directory.
    """
    from mock_idp.directory import loading  # noqa: PLC0415 - only with a file

    return loading.load(path, shelf)


def from_toml(text: str, *, source: str, folder: Path) -> Declared:
    """The directory that a text declares.

    Args:
        text: what would stand in ``mock-idp.toml``.
        source: what messages call it.
        folder: what paths in it are relative to.

    Raises:
        UserError: it cannot be read as a directory.
    """
    from mock_idp.directory import loading  # noqa: PLC0415 - only with a directory of one's own

    return loading.from_toml(text, source=source, folder=folder)


def from_mapping(mapping: Mapping[str, Any], *, source: str = "the mapping", folder: Path | None = None) -> Declared:
    """The directory that a mapping declares: what ``tomllib`` would make of the file.

    Args:
        mapping: the keys of the file.
        source: what messages call it.
        folder: what paths in it are relative to.

    Raises:
        UserError: it cannot be read as a directory.
    """
    from mock_idp.directory import loading  # noqa: PLC0415 - only with a directory of one's own

    return loading.from_mapping(mapping, source=source, folder=folder)

"""What a fixture or a marker may give for a directory."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_idp.directory.models import Directory
from mock_idp.directory.project import Declared
from mock_idp.errors import UserError

if TYPE_CHECKING:
    from mock_idp.directory.kept import Shelf

IN_PROGRAM = "made in a program"
"""Key of a directory that no file holds."""

DirectoryLike = Declared | Directory | Mapping[str, Any] | Path | str | None
"""A file, the text of one, its content as a dict, a :class:`Directory`; or ``None`` for the project's own."""


def declared_of(value: DirectoryLike, folder: Path, shelf: "Shelf | None" = None) -> Declared:
    """The directory that was given.

    Args:
        value: see :data:`DirectoryLike`; text with a line break or ``=`` in it is TOML, other text a path.
        folder: what relative paths are relative to; the project is looked for from here upwards.
        shelf: where a large one is kept as it was read.

    Raises:
        UserError: it cannot be read.
    """
    from mock_idp.directory import project  # noqa: PLC0415 - not needed by whoever only names a type

    match value:
        case None:
            return project.find(folder, shelf)
        case Declared():
            return value
        case Directory():
            return Declared(directory=value, key=IN_PROGRAM)
        case str() if "\n" in value or "=" in value:
            return project.from_toml(value, source="the text given", folder=folder)
        case str() | Path():
            return project.load(folder / value, shelf)
        case Mapping():
            return project.from_mapping(value, source="the dict given", folder=folder)
    raise UserError(
        "That is no directory.",
        f"{type(value).__name__} came; expected a path, TOML text, a dict, a mock_idp Directory, or None.",
        'Return, for instance, Path("mock-idp.toml").',
    )

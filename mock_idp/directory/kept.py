"""A directory that was read once and is kept as data, so that a large one is read quickly from the second time on.

Kept under a key of the file's content, together with what else was read for it: manifests, certificates, and which
files a pattern matched. If any of that is different now, the files are read again. JSON: data and nothing else.
"""

import os
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol, get_args, get_origin, get_type_hints

from mock_idp import __version__
from mock_idp.directory import models
from mock_idp.directory.models import Directory
from mock_idp.directory.project import Declared, ProjectSettings
from mock_idp.directory.source import Inputs, digest, inputs
from mock_idp.errors import UserError

WORTH_SECONDS = 0.1
"""What takes less to read is not kept."""

PREFIX = "directory-"
_MOST = 4
"""How many are kept; the one unused for longest goes."""

_LAYOUT = 1
_MOST_MODELS = 64

_MODELS = frozenset(each for each in vars(models).values() if hasattr(each, "_fields"))


class Shelf(Protocol):
    """Where it is kept: the state directory."""

    files: Path

    def read(self, name: str) -> dict[str, Any] | None:
        """A JSON document, or ``None``."""

    def write(self, name: str, document: dict[str, Any]) -> None:
        """Keep one."""


def declared(path: Path, shelf: Shelf, read: Callable[[], Declared]) -> Declared:
    """The directory that a file declares, as kept; else read, and kept if that took long.

    Args:
        path: the file.
        shelf: where it may be kept.
        read: reads the file.

    Raises:
        UserError: the file cannot be read as a directory; a mistake is told each time, and never kept.
    """
    name = _name(path)
    if name is None:
        return read()
    known = _known(name, path, shelf)
    if known:
        return known
    begun = time.perf_counter()
    with inputs() as read_for_it:
        found = read()
    if time.perf_counter() - begun > WORTH_SECONDS:
        _keep(name, found, read_for_it, shelf)
    return found


def _name(path: Path) -> str | None:
    try:
        raw = path.read_bytes()
    except (OSError, ValueError):
        return None
    key = "\n".join((str(_LAYOUT), __version__, str(path.absolute()), digest(raw), _shape(Directory)))
    return f"{PREFIX}{sha256(key.encode()).hexdigest()[:16]}.json"


def _known(name: str, path: Path, shelf: Shelf) -> Declared | None:
    document = shelf.read(name)
    if document is None:
        return None
    try:
        if not Inputs(document["files"], document["found"]).are_same():
            return None
        known = Declared(
            directory=_made(Directory, document["directory"]),
            key=document["key"],
            path=path,
            settings=ProjectSettings(**document["settings"]),
            has_tenants=document["has_tenants"],
        )
        os.utime(shelf.files / name)
    except (KeyError, TypeError, AttributeError, ValueError, OSError):
        return None
    return known


def _keep(name: str, found: Declared, read_for_it: Inputs, shelf: Shelf) -> None:
    document = {
        "files": read_for_it.files,
        "found": read_for_it.found,
        "key": found.key,
        "settings": _data(found.settings),
        "has_tenants": found.has_tenants,
        "directory": _data(found.directory),
    }
    try:
        _remove_unused(shelf)
        shelf.write(name, document)
    except (UserError, OSError, ValueError, TypeError):
        return  # it is there to be quick, and not needed


def _remove_unused(shelf: Shelf) -> None:
    kept = sorted(shelf.files.glob(f"{PREFIX}*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in kept[_MOST - 1 :]:
        file.unlink(missing_ok=True)


def _data(model: Any) -> dict[str, Any]:
    """A model as JSON holds it, without what is as by default."""
    found: dict[str, Any] = {}
    for name, value in zip(model._fields, model, strict=True):
        if name in model._field_defaults and value == model._field_defaults[name]:
            continue
        if isinstance(value, tuple):
            found[name] = [_data(each) if type(each) in _MODELS else each for each in value]
        else:
            found[name] = dict(value) if isinstance(value, Mapping) else value
    return found


def _made(model: type[Any], data: Mapping[str, Any]) -> Any:
    """The model that :func:`_data` told."""
    makers = _makers(model)  # type: ignore[arg-type]
    return model(**{name: makers[name](value) if name in makers else value for name, value in data.items()})


@lru_cache(maxsize=_MOST_MODELS)
def _makers(model: type[Any]) -> dict[str, Callable[[Any], Any]]:
    """How to make those fields that JSON has no type for: tuples, of texts or of models."""
    found: dict[str, Callable[[Any], Any]] = {}
    for name, hint in get_type_hints(model).items():
        if get_origin(hint) is tuple:
            element = get_args(hint)[0]
            found[name] = _several(element) if element in _MODELS else tuple
    return found


def _several(model: type[Any]) -> Callable[[Any], Any]:
    return lambda rows: tuple([_made(model, row) for row in rows])


@lru_cache(maxsize=_MOST_MODELS)
def _shape(model: type[Any]) -> str:
    """The names of all fields, so that another version's models do not fit."""
    below = [get_args(hint)[0] for hint in get_type_hints(model).values() if get_origin(hint) is tuple]
    return f"{model._fields}{[_shape(each) for each in below if each in _MODELS]}"

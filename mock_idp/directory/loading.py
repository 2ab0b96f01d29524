"""Loads a directory file with the manifests beside it."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_idp.directory.ids import is_domain, is_guid
from mock_idp.directory.keys import FILE
from mock_idp.directory.models import Directory
from mock_idp.directory.names import unknown
from mock_idp.directory.project import FILE_NAME, PYPROJECT, Declared, ProjectSettings, built_in
from mock_idp.directory.reading import Table, read
from mock_idp.directory.source import Place, Source, file_name, matching, our_table, read_text, toml_source
from mock_idp.directory.tenants import directory
from mock_idp.directory.words import shown
from mock_idp.errors import UserError

if TYPE_CHECKING:
    from mock_idp.directory.kept import Shelf
    from mock_idp.directory.manifests import Manifest


def load(path: Path, shelf: "Shelf | None" = None) -> Declared:
    """See :func:`mock_idp.directory.project.load`."""
    path = _file_in(path) if path.is_dir() else path
    if shelf is None or path.suffix.lower() == ".json":
        return _load(path)
    from mock_idp.directory.kept import declared  # noqa: PLC0415 - only with a file

    return declared(path, shelf, lambda: _load(path))


def _load(path: Path) -> Declared:
    if path.suffix.lower() == ".json":
        raise UserError(
            f"{file_name(path)} is no directory file.",
            "It is JSON; a directory file is TOML, and Entra's JSON goes into a folder beside it.",
            f"Turn it into one: mock-idp import {file_name(path)} -o {FILE_NAME}",
        )
    beside = path.parent / (FILE_NAME if path.name == PYPROJECT else path.name).removesuffix(".toml")
    if path.name == PYPROJECT:
        found = our_table(path)
        if found is None:
            raise UserError(
                f"{file_name(path)} declares no directory.",
                "It has no table [tool.mock-idp].",
                f"Name a file that has one, or write one: mock-idp init {FILE_NAME}",
            )
    else:
        text, _ = read_text(path)
        found = toml_source(file_name(path), text)
    return _declared(*found, path.parent, path=path, beside=beside)


def _file_in(folder: Path) -> Path:
    for name in (FILE_NAME, PYPROJECT):
        if (folder / name).is_file():
            return folder / name
    raise UserError(
        f"{file_name(folder)} declares no directory.",
        f"It is a folder without {FILE_NAME} and {PYPROJECT}.",
        f"Name the file, or write one: mock-idp init {file_name(folder / FILE_NAME)}",
    )


def from_toml(text: str, *, source: str, folder: Path) -> Declared:
    """See :func:`mock_idp.directory.project.from_toml`."""
    return _declared(*toml_source(source, text.removeprefix("\ufeff")), folder)


def from_mapping(mapping: Mapping[str, Any], *, source: str, folder: Path | None) -> Declared:
    """See :func:`mock_idp.directory.project.from_mapping`."""
    return _declared(mapping, Source(source), folder)


def _declared(
    raw: Mapping[str, Any], source: Source, folder: Path | None, *, path: Path | None = None, beside: Path | None = None
) -> Declared:
    file = read(FILE, raw, Place(source))
    tenants = file.tables("tenants")
    downloaded = [_manifests(table, folder) for table in tenants]
    if beside:
        _add_default_folder(tenants, downloaded, beside, source)
    found = directory(tenants, downloaded, folder) if tenants else built_in().directory
    settings = ProjectSettings(
        tenant=_tenant(file, found),
        multi_resource_code=file.get("multi_resource_code"),
        graph_nonce=file.get("graph_nonce"),
    )
    key = sha256(repr((bool(tenants), found if tenants else "", settings)).encode()).hexdigest()[:16]
    return Declared(directory=found, key=key, path=path, settings=settings, has_tenants=bool(tenants))


def _tenant(file: Table, found: Directory) -> str | None:
    """The id of the tenant that tests mean; it may also be one that nobody declared."""
    name = file.get("tenant")
    if not name:
        return None
    for tenant in found.tenants:
        if name.casefold() in (tenant.id, tenant.display_name.casefold(), *tenant.domains):
            return tenant.id
    if is_guid(name) or is_domain(name):
        return str(name).lower()
    raise unknown("tenant", name, file.at("tenant"), [tenant.display_name for tenant in found.tenants])


def _manifests(tenant: Table, folder: Path | None) -> "list[Manifest]":
    """What the files that the tenant names hold."""
    found: dict[Path, list[Manifest]] = {}
    for pattern, place in tenant.texts("manifests"):
        if folder is None:
            raise place.mistake("is relative to nothing.", f"{shown(pattern)} came.", "Leave it out.")
        files = _matching(folder, pattern, place)
        if not files:
            raise place.mistake(
                "matches no file.", f"{shown(pattern)} came; {folder} has none of that name.", "Check the path."
            )
        found.update({path: _held(path) for path in files if path not in found})
    return [each for held in found.values() for each in held]


def _held(path: Path) -> "list[Manifest]":
    from mock_idp.directory.manifests import manifests  # noqa: PLC0415 - only where there are some

    return manifests(path)


def _matching(folder: Path, pattern: str, place: Place) -> list[Path]:
    anchor = Path(pattern).anchor
    base, rest = (Path(anchor), pattern[len(anchor) :]) if anchor else (folder, pattern)
    try:
        return matching(base, rest)
    except (ValueError, NotImplementedError, OSError) as error:
        raise place.mistake("is no path.", f"{error}.", 'Write, for instance, "entra/*.json".') from None


def _add_default_folder(tenants: list[Table], downloaded: "list[list[Manifest]]", beside: Path, source: Source) -> None:
    """The manifests in the folder that is named as the file, unless the file names manifests itself."""
    if any("manifests" in table for table in tenants):
        return
    files = matching(beside, "*.json")
    if not files:
        return
    if len(tenants) != 1:
        count = f"{len(files)} {'file' if len(files) == 1 else 'files'}"
        raise UserError(
            f"{source.name} does not say which tenant the manifests are of.",
            f"{file_name(beside)} holds {count}, and {len(tenants) or 'no'} tenants are declared.",
            f'Add manifests = "{beside.name}/*.json" to the tenant whose they are.' if tenants
            else 'Declare the tenant: [[tenants]] with domains = ["contoso.example"].',
        )  # fmt: skip
    downloaded[0].extend(each for path in files for each in _held(path))

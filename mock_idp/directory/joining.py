"""One application in several files: its manifest, its service principal, and what the directory file says of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mock_idp.directory.reading import Table
from mock_idp.directory.words import shown

if TYPE_CHECKING:
    from mock_idp.directory.manifests import Manifest


def gathered(written: Sequence[Table], downloaded: "Sequence[Manifest]") -> list[Table]:
    """The tables of a tenant's applications: those of the same client id or name, in TOML and in JSON, joined.

    Raises:
        UserError: two files hold the same application.
    """
    apps = _joined_principals(downloaded)
    found = []
    for table in written:
        same = [app for app in apps if _is_same(table, app)]
        if len(same) > 1:
            raise table.place.mistake(
                f"is the name of {len(same)} manifests.", f"{shown(table.get('displayName'))} came.",
                "Write the appId of the one you mean.",
            )  # fmt: skip
        apps = [app for app in apps if not _is_same(table, app)]
        found.append(_corrected(same[0], table) if same else table)
    return found + apps


def _joined_principals(downloaded: "Sequence[Manifest]") -> list[Table]:
    apps: dict[str, Table] = {}
    for table in (each.table for each in downloaded if not each.is_principal):
        key = table.get("appId") or table["displayName"]
        if key in apps:
            raise table.place.mistake(
                "is there twice.",
                f"{apps[key].place.source.name} holds {key} too.", "Keep one of the two.",
            )  # fmt: skip
        apps[key] = table
    for table in (each.table for each in downloaded if each.is_principal):
        key = table["appId"]
        if key in apps:
            settings = Table(table.place)
            settings["servicePrincipal"] = table.table("servicePrincipal")
            apps[key] = apps[key].under(settings)
        else:
            apps[key] = table
    return list(apps.values())


def _is_same(written: Table, downloaded: Table) -> bool:
    if "appId" in written:
        return bool(written["appId"] == downloaded.get("appId"))
    return str(written.get("displayName", "")).casefold() == str(downloaded.get("displayName")).casefold()


def _corrected(downloaded: Table, written: Table) -> Table:
    """A manifest with what the directory file says of it."""
    joined = downloaded.under(written)
    joined.place = written.place
    return joined

"""A directory file from Entra's own JSON, and what the JSON does not say."""

import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mock_idp.directory.ids import is_domain, is_guid
from mock_idp.directory.keys import TENANT
from mock_idp.directory.manifests import Manifest, manifests
from mock_idp.directory.models import Application, Tenant
from mock_idp.directory.names import first_party
from mock_idp.directory.project import from_toml
from mock_idp.directory.reading import read
from mock_idp.directory.source import Place, Source, file_name
from mock_idp.directory.tenants import directory
from mock_idp.directory.words import listed, shown
from mock_idp.directory.writing import application_text, table_text
from mock_idp.errors import UserError

_PLACEHOLDER = "contoso.example"

_HEAD = """\
# Made by `mock-idp import` from {files}.
# Every key: docs/directory.md of mock-idp.

"""
_PEOPLE = """\
# who may sign in; without a password, any is right
users = []"""


class Imported(NamedTuple):
    """A directory file.

    Attributes:
        text: in TOML.
        notes: what is not in the JSON and may have to be added.
    """

    text: str
    notes: list[str]


def imported(files: Sequence[Path], tenant: str | None) -> Imported:
    """The directory file that says what some files of Entra's JSON say.

    Args:
        files: manifests, or what the Azure CLI printed.
        tenant: id or domain of the tenant that they are of; else the publisher domain that they name.

    Raises:
        UserError: a file is none of Entra's, or holds what Entra would not take; or the tenant is neither.
    """
    downloaded = [each for path in files for each in manifests(path)]
    if not downloaded:
        raise UserError(
            "There is nothing to import.", f"{listed(map(file_name, files))} hold no application.",
            "Name a manifest, or what `az ad app show` printed.",
        )  # fmt: skip
    published = next((each.publisher_domain.lower() for each in downloaded if is_domain(each.publisher_domain)), "")
    keys = _tenant(tenant, published or _PLACEHOLDER)
    made = directory([read(TENANT, keys, Place(Source("--tenant")))], [downloaded], None).tenants[0]
    text = _HEAD.format(files=listed(path.name for path in files))
    text += "\n\n".join(
        [
            f"{table_text('tenants', keys.items())}\n{_PEOPLE}",
            *(application_text(a, made.id) for a in made.applications),
        ]
    )
    notes = [*_notes(made, downloaded)]
    if not (published or is_domain(tenant or "")):
        notes.insert(0, f"{_PLACEHOLDER} stands for the tenant's domain, which the files do not name")
    from_toml(text, source="what would be written", folder=Path())  # it has to be a directory file
    return Imported(f"{text}\n", notes)


def _tenant(asked: str | None, domain: str) -> dict[str, Any]:
    """What is known of the tenant."""
    if asked is None:
        return {"domains": [domain]}
    if is_guid(asked):
        return {"domains": [domain], "id": asked.lower()}
    if is_domain(asked):
        return {"domains": [asked.lower()]}
    raise UserError(
        "--tenant names no tenant.", f"{shown(asked)} came; expected an id (GUID) or a domain.",
        "Write the tenant id that the portal shows, or a domain of the tenant.",
    )  # fmt: skip


def _notes(tenant: Tenant, downloaded: Sequence[Manifest]) -> Iterator[str]:
    yield 'no people: fill in users, for instance ["rita"]'
    if any(app.required_resources for app in tenant.applications):
        yield "no consents: users consent as they sign in; for all users add [[tenants.grants]]"
    alone = {each.table["appId"] for each in downloaded if each.is_principal} - {
        each.table.get("appId") for each in downloaded if not each.is_principal
    }
    for app in tenant.applications:
        yield from (f"{app.display_name}: {note}" for note in _of(app, downloaded))
        if app.app_id in alone:
            yield f"{app.display_name}: only its service principal came; requestedAccessTokenVersion is not in it"


def _of(app: Application, downloaded: Iterable[Manifest]) -> Iterator[str]:
    hints = [secret.hint for secret in app.secrets if secret.value is None]
    for hint in hints:
        yield f'a secret is not in the manifest; any that begins with "{hint}" is right until you put it into secrets'
    if any(secret.ends_at is not None and secret.ends_at < time.time() for secret in app.secrets):
        yield "a secret has expired: AADSTS7000222, until you put a present one into secrets"
    tables = [each.table for each in downloaded if each.table.get("appId") == app.app_id]
    unknown = [
        each for table in tables for each in table.tables("passwordCredentials")
        if not (each.get("secretText") or each.get("hint"))
    ]  # fmt: skip
    if unknown:
        yield f"nothing is known of {len(unknown)} of its secrets; put them into secrets"
    if any(uri.platform == "web" for uri in app.redirect_uris) and not (app.secrets or unknown or app.certificates):
        yield "it has no secret; a web app needs one: add secrets"
    if any(not each.get("key") for table in tables for each in table.tables("keyCredentials")):
        yield 'a certificate is not in the manifest; add keyCredentials = [{ file = "certificate.pem" }]'
    strange = [each.resource_app_id for each in app.required_resources if not first_party().find(each.resource_app_id)]
    if strange:
        yield f"asks for permissions of {listed(strange)}; declare that API if your app calls it"

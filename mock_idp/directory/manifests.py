"""Entra's own JSON, as it is downloaded: which form it has, and the tables that it is in ours.

The forms are told by their members: the manifest in Microsoft Graph's format and ``az ad app show``, which are one; the
older manifest (ED:reference-app-manifest) and what the Azure CLI printed before 2.37, which are Azure AD Graph's; and a
service principal (``az ad sp show``). Most older names are in :mod:`mock_idp.directory.keys`; what has another shape is
turned here.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from mock_idp.directory.ids import is_guid
from mock_idp.directory.keys import APPLICATION
from mock_idp.directory.reading import Table, read
from mock_idp.directory.source import Place, file_name, json_source, read_text
from mock_idp.directory.words import listed, shown
from mock_idp.errors import UserError
from mock_idp.facts.microsoft_apis import RESOURCES

_OLD = (
    "replyUrlsWithType", "replyUrls", "accessTokenAcceptedVersion", "oauth2Permissions", "oauth2AllowImplicitFlow",
    "oauth2AllowIdTokenImplicitFlow", "allowPublicClient", "availableToOtherTenants", "odata.metadata", "objectType",
)  # fmt: skip
_PRINCIPAL = ("servicePrincipalType", "servicePrincipalNames", "appOwnerOrganizationId", "appRoleAssignmentRequired")
_GRAPH = ("api", "web", "spa", "publicClient", "signInAudience", "identifierUris", "requiredResourceAccess", "appRoles")

_PLATFORMS = {"web": "web", "spa": "spa", "installedclient": "publicClient"}
_FIRST_PARTY = frozenset(row.app_id for row in RESOURCES)


class Manifest(NamedTuple):
    """An application, or its service principal, as Entra's JSON has it.

    Attributes:
        table: as an application's in the directory file.
        is_principal: it is the service principal alone.
        publisher_domain: the tenant's, where it is told.
    """

    table: Table
    is_principal: bool
    publisher_domain: str


def manifests(path: Path) -> list[Manifest]:
    """What a file holds: one object, an array, or a page of Graph's (``value``).

    Raises:
        UserError: it is no JSON, or none of Entra's.
    """
    text, _ = read_text(path)
    document, source = json_source(file_name(path), text)
    return [_manifest(raw, place) for raw, place in _objects(document, Place(source)) if not _is_microsofts(raw)]


def _objects(document: Any, place: Place) -> Iterator[tuple[Any, Place]]:
    if isinstance(document, Mapping) and isinstance(document.get("value"), list) and "appId" not in document:
        document, place = document["value"], place.at("value")
    if isinstance(document, list):
        yield from ((each, place.at(index)) for index, each in enumerate(document))
    else:
        yield document, place


def _is_microsofts(raw: Any) -> bool:
    """A list of service principals names Microsoft's own APIs too, which are in every tenant anyway."""
    return isinstance(raw, Mapping) and str(raw.get("appId")).lower() in _FIRST_PARTY


def _manifest(raw: Any, place: Place) -> Manifest:
    if not isinstance(raw, Mapping) or not any(name in raw for name in (*_OLD, *_PRINCIPAL, *_GRAPH)):
        raise _not_one(raw, place)
    is_principal = any(name in raw for name in _PRINCIPAL)
    shaped, places = raw, dict[str, Place]()
    if is_principal:
        shaped = _from_principal(raw, place)
    elif any(name in raw for name in _OLD):
        shaped, places = _from_old(raw, place)
    table = read(APPLICATION, shaped, place, places)
    if not (table.get("appId") or (table.get("displayName") and not is_principal)):
        raise place.mistake("is an application without a name.", "It has no appId.", "Download it again.")
    return Manifest(table, is_principal, str(raw.get("publisherDomain") or ""))


def _not_one(raw: Any, place: Place) -> UserError:
    came = f"It has {listed(raw)}" if isinstance(raw, Mapping) else f"{shown(raw)} came"
    return UserError(
        f"{place.source.where(place.path)}: this is no application of Entra's.",
        f"{came}; expected an app manifest, or what `az ad app show` or `az ad sp show` prints.",
        "Download the manifest again (App registrations, your app, Manifest), or take the file out of this folder.",
    )


def _from_old(raw: Mapping[str, Any], place: Place) -> tuple[dict[str, Any], dict[str, Place]]:
    """Azure AD Graph's form in Microsoft Graph's shape, and where its members came from."""
    shaped, places = dict(raw), {}
    native = shaped.get("publicClient")
    if isinstance(native, bool) or native is None:
        shaped.pop("publicClient", None)
        if native:
            shaped.setdefault("isFallbackPublicClient", native)
            places["isFallbackPublicClient"] = place.at("publicClient")
    if shaped.get("availableToOtherTenants") is True and not shaped.get("signInAudience"):
        shaped["signInAudience"] = "AzureADMultipleOrgs"
    for platform, uris in _old_redirect_uris(raw, place, native=native is True).items():
        if not isinstance(shaped.get(platform), Mapping):
            shaped[platform] = {"redirectUris": uris}
            places[platform] = place.at("replyUrlsWithType" if "replyUrlsWithType" in raw else "replyUrls")
    web = shaped.get("web")
    shaped["web"] = {
        "logoutUrl": raw.get("logoutUrl"),
        "implicitGrantSettings": {
            "enableAccessTokenIssuance": raw.get("oauth2AllowImplicitFlow"),
            "enableIdTokenIssuance": raw.get("oauth2AllowIdTokenImplicitFlow"),
        },
        **(web if isinstance(web, Mapping) else {}),
    }
    return shaped, places


def _old_redirect_uris(raw: Mapping[str, Any], place: Place, *, native: bool) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for uri in _array(raw, "replyUrls", place):
        found.setdefault("publicClient" if native else "web", []).append(uri)
    for index, typed in enumerate(_array(raw, "replyUrlsWithType", place)):
        kind = str(typed.get("type")).lower() if isinstance(typed, Mapping) else ""
        if kind not in _PLATFORMS:
            raise place.at("replyUrlsWithType", index).mistake(
                "is no reply URL.", f"{shown(typed)} came; expected a url, and a type that is Web, Spa or "
                "InstalledClient.", "Download the manifest again.",
            )  # fmt: skip
        found.setdefault(_PLATFORMS[kind], []).append(typed.get("url"))
    return found


def _array(raw: Mapping[str, Any], name: str, place: Place) -> list[Any]:
    found = raw.get(name)
    if found is not None and not isinstance(found, list):
        raise place.at(name).mistake("is no array.", f"{shown(found)} came.", "Download it again.")
    return found or []


def _from_principal(raw: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """A service principal as an application: its settings, and what it repeats of the application's."""
    names = _array(raw, "servicePrincipalNames", place)
    return {
        "appId": raw.get("appId"),
        "displayName": raw.get("appDisplayName") or raw.get("displayName"),
        "signInAudience": raw.get("signInAudience"),
        "identifierUris": [name for name in names if isinstance(name, str) and not is_guid(name)],
        "oauth2PermissionScopes": raw.get("oauth2PermissionScopes") or raw.get("oauth2Permissions"),
        "appRoles": raw.get("appRoles"),
        "web": {"redirectUris": raw.get("replyUrls"), "logoutUrl": raw.get("logoutUrl")},
        "servicePrincipal": {
            "id": raw.get("id") or raw.get("objectId"),
            "appRoleAssignmentRequired": raw.get("appRoleAssignmentRequired"),
            "accountEnabled": raw.get("accountEnabled"),
        },
    }

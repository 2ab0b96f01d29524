"""How a client proves itself, as it was written: secrets, certificates, and other issuers' tokens."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mock_idp.directory.models import FederatedCredential, KeyCredential, PasswordCredential
from mock_idp.directory.reading import Table
from mock_idp.directory.source import Place, read_text
from mock_idp.directory.words import shown

_PEM = r"(?s)-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----"
_BASE64 = r"[A-Za-z0-9+/]+={0,2}"


def secrets(table: Table) -> tuple[PasswordCredential, ...]:
    """The client secrets; of one that is told, the hint that a manifest holds is not needed any more."""
    found = [PasswordCredential(value=text) for text, _ in table.texts("secrets") if text]
    for each in table.tables("passwordCredentials"):
        value, hint = each.get("secretText") or None, each.get("hint") or ""
        if each.place.source.strict and not (value or hint):
            each.required("secretText", "client secret")
        if value or hint:
            found.append(PasswordCredential(value=value, hint=hint, ends_at=each.get("endDateTime")))
    told = [secret.value for secret in found if secret.value]
    return tuple(secret for secret in found if secret.value or not any(value.startswith(secret.hint) for value in told))


def certificates(table: Table, folder: Path | None) -> Iterable[KeyCredential]:
    """The certificates; one of a manifest that does not hold it is left out."""
    for each in table.tables("keyCredentials"):
        key = "".join(str(each.get("key") or "").split())
        if each.get("file"):
            key = _pem(each["file"], each.at("file"), folder)
        if each.place.source.strict and not key:
            each.required("key", "certificate")
        if each.place.source.strict and not re.fullmatch(_BASE64, key):
            raise each.at("key").mistake("is no certificate.", "Expected DER in base64.", 'Write file = "client.pem".')
        if key:
            yield KeyCredential(certificate=key, ends_at=each.get("endDateTime"))


def _pem(name: str, place: Place, folder: Path | None) -> str:
    if folder is None:
        raise place.mistake("is relative to nothing.", f"{shown(name)} came.", "Write key with the certificate in it.")
    text, _ = read_text(folder / name)
    found = re.search(_PEM, text)
    if not found:
        raise place.mistake(
            "is no certificate.",
            f"{shown(name)} has no line -----BEGIN CERTIFICATE-----.",
            "Name the PEM file with it.",
        )
    return "".join(found[1].split())


def federated(table: Table, folder: Path | None) -> FederatedCredential:
    """Whose tokens are accepted as the client's assertion."""
    subject = table.required("subject", "federated identity credential")
    return FederatedCredential(
        name=table.get("name") or subject,
        issuer=table.required("issuer", "federated identity credential"),
        subject=subject,
        audiences=table.get("audiences") or ("api://AzureADTokenExchange",),
        keys=_jwks(table["keys"], table.at("keys"), folder) if table.get("keys") else None,
    )


def _jwks(name: str, place: Place, folder: Path | None) -> dict[str, Any]:
    if folder is None:
        raise place.mistake("is relative to nothing.", f"{shown(name)} came.", "Leave it out, or use a directory file.")
    try:
        found = json.loads(read_text(folder / name)[0])
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("keys"), list):
        raise place.mistake(
            "is no JWKS.", f'{shown(name)} is no JSON object with "keys".', "Save what the issuer's jwks_uri answers."
        )
    return found

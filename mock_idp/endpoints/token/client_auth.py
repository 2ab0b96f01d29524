"""How a client proves itself: a secret in the body or by HTTP Basic, or nothing for a public client.

Follows RFC 6749 §2.3.1 and facts §4; certificates and federated credentials are still to come, and an assertion is
refused, never ignored.
"""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from hmac import compare_digest
from typing import Any, Literal
from urllib.parse import unquote_plus

from mock_idp.directory.models import PasswordCredential
from mock_idp.endpoints.token.call import Call
from mock_idp.errors import EntraError
from mock_idp.runtime.clock import stamp

ClientAuth = Literal["must", "may", "must not"]
"""Whether a client has to prove itself."""


def read_credentials(call: Call) -> None:
    """Find client id and secret.

    Raises:
        EntraError: 900144 when no client is named; 9002313 for a Basic header that is none.
    """
    call.client_id, call.secret = call.get("client_id"), call.get("client_secret")
    header = call.request.headers.get("authorization", "")
    if header[:6].lower() == "basic ":
        basic_id, basic_secret = _basic(header[6:])
        if call.client_id and call.client_id.lower() != basic_id.lower():
            raise EntraError(
                9002313, error="invalid_request",
                hint="client_id in the body and in the Authorization header are not the same.",
            )  # fmt: skip
        call.client_id, call.secret = basic_id, basic_secret or call.secret
    if not call.client_id:
        raise EntraError(900144, parameter="client_id", hint="Add client_id to the body, or send it by HTTP Basic.")
    call.entra.journal.about(client=call.client_id)


def _basic(encoded: str) -> tuple[str, str]:
    try:
        user, colon, password = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (Base64Error, UnicodeDecodeError, ValueError):
        colon = ""
    if not colon:
        raise EntraError(
            9002313,
            error="invalid_request",
            hint="The Authorization header is no HTTP Basic: expected base64 of client_id:secret.",
        )
    return unquote_plus(user), unquote_plus(password)


def auth_for(call: Call, artefact: Mapping[str, Any] | None) -> ClientAuth:
    """How the client of a code or refresh token has to prove itself: the platform of the redirect URI decides.

    Args:
        call: the request, its client known.
        artefact: what was unsealed; for one that is none of this client's all its redirect URIs count.
    """
    if artefact and artefact["client"] == call.client.app_id:
        platforms = {artefact["platform"]}
    else:
        platforms = {registered.platform for registered in call.client.redirect_uris}
    if not platforms:  # grants without a redirect URI
        return "may" if call.client.fallback_public_client else "must"
    if platforms == {"web"}:
        return "must"
    return "may" if "web" in platforms else "must not"


def authenticate(call: Call, wanted: ClientAuth) -> None:
    """Check what the client presented; its ``client_proof`` is set.

    Raises:
        EntraError: 700025, 700027, 7000215, 7000216, 7000218 or 7000222.
    """
    if wanted == "must not" and (call.secret or call.get("client_assertion")):
        raise EntraError(
            700025, hint=f"{call.client.display_name} acts as a public client here (its redirect URI is registered as "
            "single-page or native); leave client_secret out.",
        )  # fmt: skip
    if call.get("client_assertion"):
        raise EntraError(
            700027, hint="A client_assertion came; certificates and federated credentials are not served yet. Use a "
            "client secret.",
        )  # fmt: skip
    if call.secret:
        _check_secret(call)
        call.client_proof = "1"
    elif wanted == "must":
        raise _missing(call)


def _missing(call: Call) -> EntraError:
    if call.get("grant_type") == "client_credentials":
        return EntraError(7000216, hint="client_credentials is for confidential clients: add client_secret.")
    if call.client.touched:
        return EntraError(
            7000218, hint="Neither client_secret nor code_verifier came: a web app sends the one, a public client the "
            "other.",
        )  # fmt: skip
    return EntraError(
        7000218,
        hint=f"{call.client.display_name} has a web redirect URI and is therefore confidential: add client_secret. "
        "Only a public client or single-page app goes without.",
    )


def _check_secret(call: Call) -> None:
    client = call.client
    if client.touched:
        return
    now, fitting = call.entra.clock.now(), [each for each in client.secrets if _fits(each, call.secret)]
    if fitting and all(each.ends_at is not None and each.ends_at <= now for each in fitting):
        raise EntraError(
            7000222, app_id=client.app_id,
            hint=f"The secret of {client.display_name} expired at {stamp(fitting[0].ends_at or 0)}.",
        )  # fmt: skip
    if fitting and fitting[0].value is None:
        call.entra.journal.note("the manifest holds only the secret's first characters: taken for the right one")
    if not fitting:
        count = f"{len(client.secrets)} registered" if client.secrets else "none registered"
        raise EntraError(
            7000215, app_id=client.app_id,
            hint=f"The secret ({len(call.secret)} characters) is not one of {client.display_name}'s ({count}).",
        )  # fmt: skip


def _fits(registered: PasswordCredential, secret: str) -> bool:
    """Whether a secret is the registered one; of a downloaded manifest's only the beginning is known."""
    if registered.value is None:
        return bool(registered.hint) and secret.startswith(registered.hint)
    return compare_digest(registered.value.encode(), secret.encode())

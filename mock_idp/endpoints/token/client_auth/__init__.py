"""How clients prove themselves: the methods, one module each, collected here.

Follows RFC 6749 §2.3, RFC 7521 §4.2 and facts §4. Only one may come, and what cannot be verified is refused, never
ignored.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from mock_idp.endpoints.token.call import Call
from mock_idp.endpoints.token.client_auth import certificate, federated, secret
from mock_idp.endpoints.token.client_auth.assertion import read_assertion
from mock_idp.endpoints.token.client_auth.credentials import read_credentials
from mock_idp.endpoints.token.client_auth.method import Method
from mock_idp.errors import EntraError

__all__ = ["METHODS", "ClientAuth", "Method", "auth_for", "authenticate", "read_credentials", "unproved"]

ClientAuth = Literal["must", "may", "must not"]
"""Whether a client has to prove itself."""

METHODS = (secret.METHOD, certificate.METHOD, federated.METHOD)
"""Every method that is served; a client that proves itself by none is a public one."""


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


def authenticate(call: Call, wanted: ClientAuth, refusal: Callable[[Call], EntraError]) -> None:
    """Check what the client presented; its ``client_proof`` is set.

    Args:
        call: the request, its client known.
        wanted: whether it has to present anything.
        refusal: the error when it has to, and did not.

    Raises:
        EntraError: 9002324 when a secret came beside an assertion; 700025 for a public client that presents anything;
            the refusal; and what the method raises.
        NotYet: the keys of an issuer have to be fetched first.
    """
    if call.secret and call.get("client_assertion"):
        raise EntraError(9002324, hint="client_secret and client_assertion came; send one of them.")
    if wanted == "must not" and (call.secret or call.get("client_assertion")):
        raise EntraError(
            700025, hint=f"{call.client.display_name} acts as a public client here (its redirect URI is registered as "
            "single-page or native); leave client_secret and client_assertion out.",
        )  # fmt: skip
    call.assertion = read_assertion(call)
    method = next((method for method in METHODS if method.is_presented(call)), None)
    if method:
        call.entra.journal.about(client_auth=method.name)
        method.check(call)
        call.client_proof = method.proof
    elif wanted == "must":
        raise refusal(call)


def unproved(call: Call, hint: str = "") -> EntraError:
    """AADSTS7000218, for a client that presented nothing.

    Args:
        call: the request, its client known.
        hint: why this one has to prove itself, if it is not its redirect URI.
    """
    if call.client.touched:
        hint = "Neither client_secret nor code_verifier came: a web app sends the one, a public client the other."
    return EntraError(
        7000218,
        hint=hint
        or f"{call.client.display_name} has a web redirect URI and is therefore confidential: add "
        "client_secret or client_assertion. Only a public client or single-page app goes without.",
    )

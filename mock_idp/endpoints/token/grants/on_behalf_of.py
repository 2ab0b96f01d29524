"""``jwt-bearer``: ED:v2-oauth2-on-behalf-of-flow. An API calls another one on behalf of the user who called it."""

from typing import Any

from mock_idp.directory.ids import is_guid
from mock_idp.directory.models import User
from mock_idp.endpoints.scopes import parse
from mock_idp.endpoints.targets import Resolver, oidc_target, one_target
from mock_idp.endpoints.token.call import Call
from mock_idp.endpoints.token.client_auth import ClientAuth, unproved
from mock_idp.endpoints.token.delegated import SignIn, account_here, authorize, load_user
from mock_idp.endpoints.token.grants import Grant
from mock_idp.endpoints.token.platform import not_cross_origin
from mock_idp.errors import EntraError
from mock_idp.forms import required
from mock_idp.runtime.clock import long_stamp
from mock_idp.tokens.authorization import Authorization
from mock_idp.tokens.verify import NotOurs

_REASONS = {
    "unknown key": "The key was not found.",
    "wrong signature": "Key was found, but use of the key to verify the signature failed.",
}
_SAML = "urn:ietf:params:oauth:token-type:saml"
_USE = "on_behalf_of"


def client_auth(call: Call) -> ClientAuth:  # noqa: ARG001 - a question that every grant answers
    """Always: whoever holds a token of a user must not turn it into others."""
    return "must"


def unproved_api(call: Call) -> EntraError:
    """An API has no redirect URI to tell why."""
    return unproved(call, "On-behalf-of is for APIs that prove themselves: add client_secret or client_assertion.")


def prove(call: Call) -> Authorization:
    """The assertion is an access token of ours, for this client, of a user; it is still good."""
    if call.origin:
        raise not_cross_origin(call, "On-behalf-of is for APIs: a secret has no place in a browser.")
    _check_use(call)
    claims = _assertion(call)
    asked = parse(required(call.request.form, "scope", "Add scope, for instance https://graph.microsoft.com/.default."))
    call.entra.journal.about(scope=asked.text)
    sign_in = _sign_in(call, claims, asked.text)
    found = Resolver(call.tenant, call.client, call.entra).targets(asked) or [oidc_target(call.tenant)]
    target = one_target(asked, found, call.entra)
    user = load_user(call, sign_in)
    return authorize(call, sign_in, user, asked, target)


def _check_use(call: Call) -> None:
    hint = "Add requested_token_use=on_behalf_of."
    use = required(call.request.form, "requested_token_use", hint)
    if use != _USE:
        raise EntraError(
            9002313, error="invalid_request", hint=f"requested_token_use is '{use}'; expected on_behalf_of.",
        )  # fmt: skip
    if call.get("requested_token_type").startswith(_SAML):
        raise EntraError(51000, hint="SAML assertions are not served; leave requested_token_type out for a JWT.")


def _assertion(call: Call) -> dict[str, Any]:
    """The payload of the user's token.

    Raises:
        EntraError: 240002, 50013, 500131, 500133, 50027 or 7000114.
    """
    token = required(call.request.form, "assertion", "Add assertion, the access token with which your API was called.")
    try:
        claims = call.entra.verifier.payload(token)
    except NotOurs as refusal:
        raise _not_ours(refusal) from None
    caller = claims.get("appid") or claims.get("azp")
    if caller is None:
        raise EntraError(
            240002,
            hint=f"The assertion is an id token, issued to {claims.get('aud')}. Send the access token that came to "
            "your API in the Authorization header.",
        )
    call.entra.journal.about(asked_by=str(caller))
    _check_times(call, claims)
    _check_user(call, claims, str(caller))
    _check_audience(call, str(claims.get("aud")))
    return claims


def _not_ours(refusal: NotOurs) -> EntraError:
    if refusal.reason == "malformed":
        return EntraError(
            50027, error="invalid_request",
            hint=f"The assertion is no JWT: {refusal.detail}. Send the access token as it came, without 'Bearer'.",
        )  # fmt: skip
    return EntraError(
        50013, reason=_REASONS[refusal.reason], thumbprint=refusal.thumbprint,
        hint="The assertion was not signed by this server's keys, or was changed. After `mock-idp clean`, and after a "
        "rotation that retired the key, older tokens are void.",
    )  # fmt: skip


def _check_times(call: Call, claims: dict[str, Any]) -> None:
    now, starts, expires = call.entra.clock.now(), claims.get("nbf"), claims.get("exp")
    if isinstance(starts, int) and isinstance(expires, int) and starts <= now < expires:
        return
    ends = expires if isinstance(expires, int) else 0
    raise EntraError(
        500133, now=long_stamp(now), expires=long_stamp(ends),
        hint=f"The assertion expired {now - ends} seconds ago. Let the caller get a new token, and refuse expired ones "
        "before you use them." if now >= ends else "The assertion is not valid yet.",
    )  # fmt: skip


def _check_user(call: Call, claims: dict[str, Any], caller: str) -> None:
    if "scp" not in claims and (claims.get("idtyp") == "app" or claims.get("sub") == claims.get("oid")):
        raise EntraError(
            7000114, app_id=call.client.app_id,
            hint=f"The assertion is the token of an application for itself ({caller}): there is no user on whose "
            "behalf to act. Use client_credentials.",
        )  # fmt: skip


def _check_audience(call: Call, audience: str) -> None:
    client = call.client
    own = {client.app_id, f"spn:{client.app_id}", *(uri.lower() for uri in client.identifier_uris)}
    if audience.lower().rstrip("/") in {name.rstrip("/") for name in own}:
        return
    if not _may_be_own(call, audience):
        raise EntraError(
            500131, audience=audience, app_id=client.app_id, name=client.display_name,
            hint=f"The assertion is a token for '{audience}', and {client.display_name} presents it. The caller has to "
            f"ask for a scope of {next(iter(client.identifier_uris), client.app_id)}; a token for Microsoft Graph "
            "cannot be passed on.",
        )  # fmt: skip
    call.entra.journal.note(
        f"{audience} is taken for an Application ID URI of client {client.app_id}: nobody declared it"
    )


def _may_be_own(call: Call, audience: str) -> bool:
    """Nobody declared which client a URI belongs to; one with a client id in it says so itself."""
    if not call.client.touched or is_guid(audience.lower().removeprefix("api://")):
        return False
    resource = call.tenant.find_resource(audience)
    return resource is not None and resource.touched


def _sign_in(call: Call, claims: dict[str, Any], scope: str) -> SignIn:
    """The user's sign-in as the token tells it."""
    tenant_id, sid, issued_at = str(claims.get("tid")), claims.get("sid"), int(claims["iat"])
    user = _user(call, tenant_id, claims)
    user = account_here(call, tenant_id, user.user_principal_name) or user
    return SignIn(
        user=user.user_principal_name,
        platform="web",
        scope=scope,
        consents={},
        sid=sid if isinstance(sid, str) else call.entra.chance.session_guid(),
        auth_time=issued_at,
        amr=_proofs(call, claims, user),
    )


def _proofs(call: Call, claims: dict[str, Any], user: User) -> tuple[str, ...]:
    """How the user signed in: v1.0 tokens say it, of v2.0 ones the session knows; asked only where it matters."""
    amr, sid = claims.get("amr"), claims.get("sid")
    if isinstance(amr, list):
        return tuple(map(str, amr))
    known = call.entra.store.signed_in(sid) if user.mfa_required and isinstance(sid, str) else None
    return known.amr if known else ("pwd",)


def _user(call: Call, tenant_id: str, claims: dict[str, Any]) -> User:
    """The user by object id; one made on touch is made again by its name.

    Raises:
        EntraError: 50034.
    """
    tenant = call.entra.live.tenant(tenant_id)
    names = (claims.get(name) for name in ("upn", "preferred_username", "unique_name", "oid"))
    return tenant.user_by_id(str(claims.get("oid"))) or tenant.user(next(str(name) for name in names if name))


GRANT = Grant(
    name="urn:ietf:params:oauth:grant-type:jwt-bearer",
    about="an API that calls another one for the user who called it (on behalf of)",
    source="ED:v2-oauth2-on-behalf-of-flow",
    clients="with a secret or assertion",
    client_auth=client_auth,
    prove=prove,
    unproved=unproved_api,
    challenges=True,
    interaction_error="interaction_required",
)

"""What the grants that act for a user share: from a user and the scopes asked to an :class:`Authorization`."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from mock_idp.directory.models import Platform, User
from mock_idp.endpoints import claims_request
from mock_idp.endpoints.assignment import check_assigned
from mock_idp.endpoints.consent import Consents, nobody_consented
from mock_idp.endpoints.guests import account_in, disabled
from mock_idp.endpoints.scopes import Asked, parse
from mock_idp.endpoints.second_factor import FACTOR, is_registered, needs_second_factor
from mock_idp.endpoints.targets import Target, check_own_api, check_resource
from mock_idp.endpoints.token.call import Call
from mock_idp.endpoints.token.client_auth import ClientAuth, unproved
from mock_idp.errors import EntraError
from mock_idp.facts.hosts import issuer_of
from mock_idp.facts.wellknown import OIDC_SCOPES
from mock_idp.tokens.authorization import Authorization, Subject

USERINFO_SCOPES = ("User.Read",)
"""What the answer to a sign-in alone calls its access token's scope, at v1.0 (facts §7.8)."""

MAX_RESOURCES = 20
"""Of how many resources a refresh token remembers what was consented to; it must not grow without end."""


class SignIn(NamedTuple):
    """What a code or refresh token says of the user's sign-in, unsealed.

    Attributes:
        platform: of the redirect URI it began with.
        scope: what was asked for at authorize.
        consents: scopes by resource app id, granted until then.
        nonce: of the authorization request; a refresh repeats it in its id token [O] 2023-11.
        spa_since: when an SPA's first refresh token was issued, or ``None``.
        claims: what the parameter ``claims`` asked for at authorize; of a code alone.
    """

    user: str
    platform: str
    scope: str
    consents: Mapping[str, list[str]]
    sid: str
    auth_time: int
    amr: tuple[str, ...]
    nonce: str = ""
    spa_since: int | None = None
    claims: claims_request.Wanted = claims_request.NOTHING

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "SignIn":
        """From the sealed content of an artefact."""
        return cls(
            user=content["user"],
            platform=content["platform"],
            scope=content["scope"],
            consents=content["consents"],
            sid=content["sid"],
            auth_time=content["auth_time"],
            amr=tuple(content["amr"]),
            nonce=content["nonce"],
            spa_since=content.get("spa_since"),  # a code has none
            claims=claims_request.Wanted(*map(tuple, content.get("claims", ()))),  # a refresh token has none
        )


def public_unless_proven(call: Call) -> ClientAuth:
    """How the client of a grant without a redirect URI has to prove itself: ``isFallbackPublicClient`` decides."""
    client = call.client
    if client.touched:
        return "may"
    if not client.fallback_public_client:
        return "must"
    credentials = client.secrets or client.certificates or client.federated_credentials
    return "may" if credentials else "must not"


def unproved_without_redirect(call: Call) -> EntraError:
    """AADSTS7000218, where no redirect URI tells the client's platform."""
    return unproved(
        call, f"{call.client.display_name} does not allow public client flows: set isFallbackPublicClient in its "
        "registration, or add client_secret or client_assertion.",
    )  # fmt: skip


def platform_without_redirect(call: Call) -> Platform:
    """What stands for the platform in the refresh token of such a grant: with a secret once, with a secret always."""
    return "publicClient" if call.client_proof == "0" else "web"


def account_here(call: Call, issued_by: str, name: str) -> User | None:
    """The account that a user has in the tenant that is asked, at home or as a guest; ``None`` for the very same.

    What one tenant issued is good wherever the user has an account (facts §4.2).

    Args:
        call: the request.
        issued_by: id of the tenant where the user signed in.
        name: the user principal name there.

    Raises:
        EntraError: 50020 when there is none.
    """
    if call.follow(issued_by):
        return None
    tenant = call.entra.live.tenant(issued_by)
    user = account_in(call.tenant, tenant.user(name), tenant, call.entra)
    if user is None:
        raise EntraError(
            50020, idp=issuer_of(issued_by, v1=True), tenant=call.tenant.display_name, app_id=call.client.app_id,
            name=call.client.display_name,
            hint=f"{name} has an account in tenant {issued_by}, and none in {call.tenant.display_name}.",
        )  # fmt: skip
    return user


def load_user(call: Call, sign_in: SignIn) -> User:
    """The user, still there and enabled.

    Raises:
        EntraError: 500341, 50057 or 500571.
    """
    try:
        user = call.tenant.user(sign_in.user)
    except EntraError as gone:
        raise EntraError(
            500341, tenant=call.tenant.id, hint=f"{sign_in.user} signed in and is not declared any more. {gone.hint}"
        ) from gone
    call.entra.journal.about(user=user.user_principal_name)
    if not user.account_enabled:
        raise disabled(user, f"{user.user_principal_name} was disabled after signing in.")
    return user


def authorize(call: Call, sign_in: SignIn, user: User, asked: Asked, target: Target) -> Authorization:
    """Authorize a client to act for a user on one resource, within what was consented to.

    Raises:
        EntraError: 50076, 50079, 50105, 65001, 90009, 9010010.
    """
    check_resource(call.get("resource"), [target], call.tenant)
    check_own_api(call.client, target, unnamed=target.default or asked.inherited)
    check_assigned(call.tenant, user, (call.client, target.resource))
    consents = Consents(call.entra, call.tenant, call.client, user)
    held = _consented(call, consents, sign_in, target)
    if user.mfa_required and FACTOR not in sign_in.amr:
        raise _needs_second_factor(call, target, user)
    signed_in_for = parse(sign_in.scope).oidc
    for_userinfo = call.v1 and not asked.items
    offered = tuple(scope for scope in OIDC_SCOPES if scope in signed_in_for or scope in asked.oidc)
    return Authorization(
        request_id=call.request.trace_id,
        tenant=call.tenant,
        client=call.client,
        client_proof=call.client_proof,
        subject=Subject(user=user, sid=sign_in.sid, auth_time=sign_in.auth_time, amr=sign_in.amr),
        resource=target.resource,
        audience=target.audience,
        prefixed=target.prefixed,
        asked_default=target.default,
        scopes=USERINFO_SCOPES if for_userinfo else held,
        oidc_scopes=asked.oidc or offered,
        nonce=sign_in.nonce or None,
        **claims_request.Wanted.of(call.get("claims")).over(sign_in.claims)._asdict(),
        refresh_token=_refresh_token(call, sign_in, user, target) if "offline_access" in offered else None,
        for_userinfo=for_userinfo,
    )


def _needs_second_factor(call: Call, target: Target, user: User) -> EntraError:
    """What can be mended by sending the user to authorize carries a challenge; passwords cannot (facts §4E)."""
    return needs_second_factor(
        target.resource.app_id,
        user.user_principal_name,
        registered=is_registered(call.entra, call.tenant.id, user),
        error=call.grant.interaction_error,
        tenant_id=call.tenant.id if call.grant.challenges else None,
    )


def _consented(call: Call, consents: Consents, sign_in: SignIn, target: Target) -> tuple[str, ...]:
    """All that was granted on the resource; every scope asked for has to be among it."""
    resource = target.resource
    kept = sign_in.consents.get(resource.app_id)
    if kept:
        consents.record(resource.app_id, tuple(kept))
    missing = consents.lacking(target)
    if missing and not call.tenant.strict:
        call.entra.journal.note(f"{resource.display_name}: {' '.join(missing)} taken as consented by the user")
        consents.record(resource.app_id, missing)
        missing = ()
    held = consents.granted(resource)
    nothing = target.default and not held and resource.app_id != call.client.app_id
    if missing or nothing:
        raise nobody_consented(call.client, resource, missing)
    return held


def _refresh_token(call: Call, sign_in: SignIn, user: User, target: Target) -> str:
    """A new refresh token; a single-page app's keeps its first date."""
    now = call.entra.clock.now()
    recorded = Consents(call.entra, call.tenant, call.client, user).recorded
    resource_ids = list({**sign_in.consents, target.resource.app_id: ()})[-MAX_RESOURCES:]
    consents = {resource_id: list(recorded(resource_id)) for resource_id in resource_ids}
    return call.entra.seal.seal(
        "refresh_token", call.tenant.id, call.client.app_id,
        {
            "issued_at": now,
            "revoked": call.entra.store.revoked(call.tenant.id, user.id)[0],
            "tenant": call.tenant.id,
            "client": call.client.app_id,
            "user": sign_in.user,
            "platform": sign_in.platform,
            "scope": sign_in.scope,
            "consents": consents,
            "sid": sign_in.sid,
            "auth_time": sign_in.auth_time,
            "amr": list(sign_in.amr),
            "nonce": sign_in.nonce,
            "spa_since": (sign_in.spa_since or now) if sign_in.platform == "spa" else None,
        },
    )  # fmt: skip

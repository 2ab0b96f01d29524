"""What the grants that act for a user share: from a user and the scopes asked to an :class:`Authorization`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mock_idp.directory.models import User
from mock_idp.endpoints.scopes import Asked, Target, granted
from mock_idp.endpoints.token.call import Call
from mock_idp.errors import EntraError
from mock_idp.facts.wellknown import OIDC_SCOPES
from mock_idp.tokens.authorization import Authorization, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """What a code or refresh token says of the user's sign-in, unsealed.

    Attributes:
        platform: of the redirect URI it began with.
        scope: what was asked for at authorize.
        consents: scopes by resource app id, granted until then.
        refreshable_since: when an SPA's first refresh token was issued, or ``None``.
    """

    user: str
    platform: str
    scope: str
    consents: Mapping[str, list[str]]
    sid: str
    auth_time: int
    amr: tuple[str, ...]
    spa_since: int | None = None

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
            spa_since=content.get("spa_since"),
        )


def load_user(call: Call, sign_in: SignIn) -> User:
    """The user, still there and enabled.

    Raises:
        EntraError: 50034 or 50057.
    """
    user = call.tenant.user(sign_in.user)
    call.entra.journal.about(user=user.user_principal_name)
    if not user.account_enabled:
        raise EntraError(50057, hint=f"{user.user_principal_name} was disabled after signing in.")
    return user


def authorize(call: Call, sign_in: SignIn, user: User, asked: Asked, target: Target) -> Authorization:
    """Authorize a client to act for a user on one resource, within what was consented to.

    Raises:
        EntraError: 65001, 90009.
    """
    _check_own_api(call, target)
    held = _consented(call, sign_in, user, target)
    offered = tuple(scope for scope in OIDC_SCOPES if scope in sign_in.scope.split() or scope in asked.oidc)
    return Authorization(
        tenant=call.tenant,
        client=call.client,
        client_proof=call.client_proof,
        subject=Subject(user=user, sid=sign_in.sid, auth_time=sign_in.auth_time, amr=sign_in.amr),
        resource=target.resource,
        audience=target.audience,
        prefixed=target.prefixed,
        asked_default=target.default,
        scopes=held,
        oidc_scopes=asked.oidc or offered,
        refresh_token=_refresh_token(call, sign_in, user, offered),
    )


def _check_own_api(call: Call, target: Target) -> None:
    """An app that asks ``.default`` for itself has to name itself by GUID (facts §4.3)."""
    if (
        target.default
        and target.resource.app_id == call.client.app_id
        and target.audience.lower() != call.client.app_id
    ):
        raise EntraError(
            90009, app_id=call.client.app_id, name=call.client.display_name,
            hint=f"The app asks for a token for itself; write {call.client.app_id}/.default instead of "
            f"{target.audience}/.default.",
        )  # fmt: skip


def _consented(call: Call, sign_in: SignIn, user: User, target: Target) -> tuple[str, ...]:
    """All that was granted on the resource; every scope asked for has to be among it."""
    ids = (call.tenant.id, call.client.app_id, user.id, target.resource.app_id)
    kept = sign_in.consents.get(target.resource.app_id)
    if kept:
        call.entra.store.consent(*ids, tuple(kept))
    held = granted(call.entra, call.tenant, call.client, user.id, target)
    missing = [name for name in target.names if name not in held]
    if missing and not call.tenant.strict:
        call.entra.journal.note(f"{target.audience}: {' '.join(missing)} taken as consented by the user")
        call.entra.store.consent(*ids, tuple(missing))
        held += tuple(missing)
        missing = []
    if missing or not held:
        wanted = " ".join(missing) or "any permission"
        raise EntraError(
            65001, app_id=call.client.app_id, name=call.client.display_name,
            hint=f"Nobody consented to {wanted} on {target.resource.display_name}. Ask for it at authorize, so that the "
            "user can agree.",
        )  # fmt: skip
    return held


def _refresh_token(call: Call, sign_in: SignIn, user: User, offered: tuple[str, ...]) -> str | None:
    """A new refresh token, when ``offline_access`` was granted; a single-page app's keeps its first date."""
    if "offline_access" not in offered:
        return None
    now = call.entra.clock.now()
    store = call.entra.store
    consents = {
        resource_id: list(store.consented(call.tenant.id, call.client.app_id, user.id, resource_id))
        for resource_id in sign_in.consents
    }
    return call.entra.seal.seal(
        "refresh_token", call.tenant.id, call.client.app_id,
        {
            "issued_at": now,
            "tenant": call.tenant.id,
            "client": call.client.app_id,
            "user": sign_in.user,
            "platform": sign_in.platform,
            "scope": sign_in.scope,
            "consents": consents,
            "sid": sign_in.sid,
            "auth_time": sign_in.auth_time,
            "amr": list(sign_in.amr),
            "spa_since": (sign_in.spa_since or now) if sign_in.platform == "spa" else None,
        },
    )  # fmt: skip

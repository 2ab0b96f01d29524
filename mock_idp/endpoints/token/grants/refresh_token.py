"""``refresh_token``: ED:refresh-tokens. Bound to user and client, not to a resource; use does not revoke it."""

from collections.abc import Mapping
from typing import Any

from mock_idp.endpoints.scopes import Asked, Item, one_target, parse, targets
from mock_idp.endpoints.token.call import Call
from mock_idp.endpoints.token.delegated import SignIn, authorize, load_user
from mock_idp.endpoints.token.grants import Grant
from mock_idp.endpoints.token.platform import check_origin
from mock_idp.errors import EntraError
from mock_idp.runtime.clock import long_stamp
from mock_idp.runtime.store import REFRESH_TOKEN_SECONDS, SPA_REFRESH_TOKEN_SECONDS
from mock_idp.tokens.authorization import Authorization


def needs_client_auth(call: Call) -> bool:
    """A web app's refresh token needs its secret; an undeclared client's platform is unknown."""
    if call.client.touched:
        return False
    content = call.entra.seal.open("refresh_token", call.get("refresh_token"))
    return bool(content is not None and content["platform"] == "web")


def prove(call: Call) -> Authorization:
    """Check the token, its client and its age; any scope that was consented to may be asked."""
    content = _open(call)
    check_origin(call, content["platform"])
    _check_life(call, content)
    sign_in = SignIn.from_content(content)
    asked = parse(call.get("scope")) if call.get("scope") else parse(sign_in.scope)
    call.entra.journal.about(scope=asked.text)
    if not asked.items:
        first = parse(sign_in.scope).items or (Item("", "User.Read"),)
        asked = Asked(asked.text, asked.oidc, first)
    found = targets(asked, call.tenant, call.client, call.entra)
    target = one_target(asked, found, call.entra)
    return authorize(call, sign_in, load_user(call, sign_in), asked, target)


def _open(call: Call) -> dict[str, Any]:
    token = call.required("refresh_token", "Add the refresh_token of an earlier answer.")
    content = call.entra.seal.open("refresh_token", token)
    if content is None:
        raise EntraError(
            9002313, error="invalid_grant",
            hint="This is no refresh token of this server. Sign in again; after `mock-idp clean` older ones are void.",
        )  # fmt: skip
    if content["client"] != call.client.app_id:
        raise EntraError(
            70000, hint=f"The token was issued to client {content['client']}, and {call.client.app_id} presents it."
        )
    if content["tenant"] != call.tenant.id:
        raise EntraError(70000, hint=f"The token is from tenant {content['tenant']}, where its user has an account.")
    return content


def _check_life(call: Call, content: Mapping[str, Any]) -> None:
    now, issued = call.entra.clock.now(), content["issued_at"]
    since = content.get("spa_since")
    if since is not None and now - since > SPA_REFRESH_TOKEN_SECONDS:
        raise EntraError(
            700084, issued=long_stamp(since), hint="A single-page app's refresh tokens end 24 hours after sign-in."
        )
    if now - issued > REFRESH_TOKEN_SECONDS:
        raise EntraError(
            700082, issued=long_stamp(issued), inactive="90.00:00:00", hint="Unused for 90 days; sign in again."
        )


GRANT = Grant(
    name="refresh_token",
    about="a refresh token, for any resource that was consented to",
    source="ED:refresh-tokens",
    needs_client_auth=needs_client_auth,
    prove=prove,
)

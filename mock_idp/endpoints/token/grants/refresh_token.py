"""``refresh_token``: ED:refresh-tokens. Bound to user and client, not to a resource; use does not revoke it."""

from collections.abc import Mapping
from typing import Any

from mock_idp.directory.models import User
from mock_idp.endpoints.scopes import Asked, parse
from mock_idp.endpoints.targets import Resolver, first_target, oidc_target
from mock_idp.endpoints.token.call import Call
from mock_idp.endpoints.token.client_auth import ClientAuth, auth_for
from mock_idp.endpoints.token.delegated import SignIn, account_here, authorize, load_user
from mock_idp.endpoints.token.grants import Grant
from mock_idp.endpoints.token.platform import check_origin
from mock_idp.errors import EntraError
from mock_idp.forms import required
from mock_idp.runtime.clock import long_stamp
from mock_idp.runtime.store import REFRESH_TOKEN_SECONDS, SPA_REFRESH_TOKEN_SECONDS
from mock_idp.tokens.authorization import Authorization


def client_auth(call: Call) -> ClientAuth:
    """A web app's refresh token needs its secret; an undeclared client's platform is unknown."""
    if call.client.touched:
        return "may"
    return auth_for(call, call.unsealed("refresh_token"))


def prove(call: Call) -> Authorization:
    """Check the token, its client and its age; any scope that was consented to may be asked."""
    content = _open(call)
    check_origin(call, content["platform"])
    _check_life(call, content)
    sign_in = _sign_in_here(call, content)
    asked = _asked(call, sign_in)
    call.entra.journal.about(scope=asked.text)
    found = Resolver(call.tenant, call.client, call.entra).targets(asked) or [oidc_target(call.tenant, v1=call.v1)]
    target = first_target(found, call.entra)  # of several resources, however they are written (facts §0.7)
    user = load_user(call, sign_in)
    _check_revoked(call, content, user)
    return authorize(call, sign_in, user, asked, target)


def _asked(call: Call, sign_in: SignIn) -> Asked:
    """The scopes of this call, else those of the sign-in; OIDC scopes alone are for what was signed in for."""
    first = parse(sign_in.scope)
    if not call.get("scope"):
        return first._replace(inherited=True)
    asked = parse(call.get("scope"))
    return asked if asked.items else asked._replace(items=first.items, inherited=True)


def _open(call: Call) -> dict[str, Any]:
    required(call.request.form, "refresh_token", "Add the refresh_token of an earlier answer.")
    content = call.unsealed("refresh_token")
    if content is None:
        raise EntraError(
            9002313,
            hint="This is no refresh token of this server. Sign in again; after `mock-idp clean` older ones are void.",
        )  # fmt: skip
    if content["client"] != call.client.app_id:
        raise EntraError(
            70000, hint=f"The token was issued to client {content['client']}, and {call.client.app_id} presents it."
        )
    return content


def _check_life(call: Call, content: Mapping[str, Any]) -> None:
    now, issued = call.entra.clock.now(), content["issued_at"]
    since = content["spa_since"]
    if since is not None and now - since > SPA_REFRESH_TOKEN_SECONDS:
        raise EntraError(
            700084, issued=long_stamp(since), hint="A single-page app's refresh tokens end 24 hours after sign-in."
        )
    if now - issued > REFRESH_TOKEN_SECONDS:
        raise EntraError(
            700082, issued=long_stamp(issued), inactive="90.00:00:00", hint="Unused for 90 days; sign in again."
        )


def _check_revoked(call: Call, content: Mapping[str, Any], user: User) -> None:
    revoked, when = call.entra.store.revoked(call.tenant.id, user.id)
    if revoked > content.get("revoked", 0):
        raise EntraError(
            50173, issued=long_stamp(content["issued_at"]), valid_from=long_stamp(when),
            hint=f"The sign-ins of {user.user_principal_name} were revoked after this token was issued; sign in again.",
        )  # fmt: skip


def _sign_in_here(call: Call, content: Mapping[str, Any]) -> SignIn:
    """A refresh token is good wherever the user has an account: at home, and as a guest (facts §4.2)."""
    sign_in = SignIn.from_content(content)
    user = account_here(call, content["tenant"], sign_in.user)
    return sign_in._replace(user=user.user_principal_name, consents={}) if user else sign_in


GRANT = Grant(
    name="refresh_token",
    about="a refresh token, for any resource that was consented to",
    source="ED:refresh-tokens",
    clients="as for the grant that it came from",
    client_auth=client_auth,
    prove=prove,
    knows_resource=True,
    challenges=True,
)

"""``device_code``: ED:v2-oauth2-device-code. What a device polls with while somebody signs in in a browser."""

from mock_idp.endpoints.scopes import parse
from mock_idp.endpoints.targets import Resolver, oidc_target, one_target
from mock_idp.endpoints.token.call import Call
from mock_idp.endpoints.token.client_auth import ClientAuth
from mock_idp.endpoints.token.delegated import (
    SignIn,
    authorize,
    load_user,
    platform_without_redirect,
    public_unless_proven,
    unproved_without_redirect,
)
from mock_idp.endpoints.token.grants import Grant
from mock_idp.endpoints.token.platform import not_cross_origin
from mock_idp.errors import EntraError
from mock_idp.forms import required
from mock_idp.runtime.store import DEVICE_CODE_SECONDS, DeviceCode, SignedIn
from mock_idp.tokens.authorization import Authorization


def client_auth(call: Call) -> ClientAuth:
    """A client that allows public client flows needs no secret; any other does."""
    return public_unless_proven(call)


def prove(call: Call) -> Authorization:
    """Somebody typed the code, signed in and agreed; it is used up."""
    if call.origin:
        raise not_cross_origin(call, "A page has a browser: send it to authorize.")
    code = _find(call)
    account = _approved(call, code)
    if not call.follow(account.tenant_id):
        raise EntraError(
            7000014, hint=f"{account.user_principal_name} signed in at tenant {account.tenant_id}. Poll where the code "
            "was asked for.",
        )  # fmt: skip
    sign_in = SignIn(
        user=account.user_principal_name, platform=platform_without_redirect(call), scope=code.scope, consents={},
        sid=account.sid, auth_time=account.auth_time, amr=account.amr,
    )  # fmt: skip
    asked = parse(code.scope)
    call.entra.journal.about(scope=asked.text)
    found = Resolver(call.tenant, call.client, call.entra).targets(asked) or [oidc_target(call.tenant, v1=call.v1)]
    user = load_user(call, sign_in)
    authorization = authorize(call, sign_in, user, asked, one_target(asked, found, call.entra))
    if not code.redeem():
        raise _used()
    return authorization


def _find(call: Call) -> DeviceCode:
    """The code, by ``device_code``; v1.0 clients call it ``code``, and MSAL sends both."""
    text = call.get("device_code") or call.get("code")
    if not text:
        required(call.request.form, "device_code", "Add the device_code that the devicecode endpoint gave.")
    code = call.entra.store.device_codes.get(text)
    if code is None:
        raise EntraError(
            7000014, hint="This is no device code of this server. They do not outlive a restart: begin anew.",
        )  # fmt: skip
    if code.client_id != call.client.app_id:
        raise EntraError(
            70000, hint=f"The device code was issued to client {code.client_id}, and {call.client.app_id} presents it."
        )
    return code


def _approved(call: Call, code: DeviceCode) -> SignedIn:
    """Who signed in; until then the errors that tell a device whether to go on asking."""
    if code.state == "redeemed":
        raise _used()
    age = call.entra.clock.now() - code.issued_at
    if code.expired(call.entra.clock.now()):
        raise EntraError(
            70020,
            error="code_expired" if call.v1 else None,
            hint=f"The device code is {age} seconds old; it lives {DEVICE_CODE_SECONDS}. Begin anew.",
        )
    if code.state == "declined":
        raise EntraError(65004, error="authorization_declined", hint="The person at the browser pressed Cancel.")
    if code.account is None:
        raise EntraError(
            70016, hint=f"Nobody finished the sign-in with the code {code.user_code} yet. Ask again in a few seconds; "
            "in a test, entra.approve_device(user_code) signs somebody in.",
        )  # fmt: skip
    return code.account


def _used() -> EntraError:
    return EntraError(70000, hint="The device code has already been used. It works once; then use the refresh token.")


GRANT = Grant(
    name="urn:ietf:params:oauth:grant-type:device_code",
    about="a sign-in in a browser elsewhere, for a device that has none",
    source="ED:v2-oauth2-device-code",
    clients="isFallbackPublicClient: nothing; any other: secret or assertion",
    client_auth=client_auth,
    prove=prove,
    unproved=unproved_without_redirect,
    short_name="device_code",  # v1.0 has it (AZ1), and msal-node polls the v2.0 endpoint so (facts §7.1)
    knows_resource=True,
)

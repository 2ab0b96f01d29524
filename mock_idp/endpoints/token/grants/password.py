"""``password`` (ROPC): ED:v2-oauth-ropc. Name and password straight from the client; who needs more than that fails."""

from mock_idp.directory.models import User
from mock_idp.endpoints.passwords import fits
from mock_idp.endpoints.scopes import parse
from mock_idp.endpoints.targets import Resolver, oidc_target, one_target
from mock_idp.endpoints.tenants import homes
from mock_idp.endpoints.token.call import Call
from mock_idp.endpoints.token.client_auth import ClientAuth
from mock_idp.endpoints.token.delegated import (
    SignIn,
    authorize,
    platform_without_redirect,
    public_unless_proven,
    unproved_without_redirect,
)
from mock_idp.endpoints.token.grants import Grant
from mock_idp.endpoints.token.platform import not_cross_origin
from mock_idp.errors import EntraError
from mock_idp.forms import required
from mock_idp.runtime.tenants import ALIASES, home_name
from mock_idp.tokens.authorization import Authorization


def client_auth(call: Call) -> ClientAuth:
    """A client that allows public client flows needs no secret; any other does."""
    return public_unless_proven(call)


def prove(call: Call) -> Authorization:
    """Check the password, and that this user may sign in with nothing else."""
    if call.origin:
        raise not_cross_origin(call, "A page must not ask for passwords: send the browser to authorize.")
    name = required(call.request.form, "username", "Add username, the user principal name.")
    password = required(call.request.form, "password", "Add password.")
    asked = parse(required(call.request.form, "scope", "Add scope, for instance 'openid User.Read'."))
    call.entra.journal.about(scope=asked.text)
    user = _member(call, name)
    _check_password(user, password)
    _check_account(user)
    found = Resolver(call.tenant, call.client, call.entra).targets(asked) or [oidc_target(call.tenant)]
    sign_in = SignIn(
        user=user.user_principal_name, platform=platform_without_redirect(call), scope=asked.text, consents={},
        sid=call.entra.chance.session_guid(), auth_time=call.entra.clock.now(), amr=("pwd",),
    )  # fmt: skip
    return authorize(call, sign_in, user, asked, one_target(asked, found, call.entra))


def _member(call: Call, name: str) -> User:
    """The user, at home in the tenant that is asked; on ``organizations`` in whichever it is.

    Raises:
        EntraError: 50034.
    """
    for home in homes(call.request.segment, call.tenant, call.entra):
        found = home.find_user(name)
        if found and found.user_type == "Member":
            call.follow(home.id)
            break
    user = call.tenant.user(name, directory=_directory(call.request.segment, name))
    call.entra.journal.about(user=user.user_principal_name)
    if user.user_type == "Guest":
        raise EntraError(
            50034, tenant=_directory(call.request.segment, name),
            hint=f"{home_name(user)} is a guest of {call.tenant.display_name}. The password grant is for a tenant's "
            "own people: ask the tenant that is the guest's home, or sign in on the pages.",
        )  # fmt: skip
    return user


def _directory(segment: str, name: str) -> str:
    """How 50034 names the tenant: as the path does; at an alias by the domain of the user's name (facts §4E)."""
    return name.rpartition("@")[2] if segment.lower() in ALIASES else segment


def _check_password(user: User, password: str) -> None:
    """A locked account is told as such whatever the password, any other only to who knows it."""
    name = user.user_principal_name
    if user.locked:
        raise EntraError(50053, hint=f"{name} is declared locked. Sign in as somebody else.")
    if not fits(user, password):
        raise EntraError(
            50126,
            hint=f"The password ({len(password)} characters) is not that of {name}; the sign-in page shows the right "
            "one.",
        )


def _check_account(user: User) -> None:
    name = user.user_principal_name
    if not user.account_enabled:
        raise EntraError(50057, hint=f"{name} is declared with accountEnabled = false. Sign in as somebody else.")
    if user.password_expired:
        raise EntraError(
            50055, hint=f"The password of {name} is declared expired. Sign in as somebody else, or take "
            "passwordExpired off the user.",
        )  # fmt: skip


GRANT = Grant(
    name="password",
    about="a user's name and password, without any page (ROPC)",
    source="ED:v2-oauth-ropc",
    clients="isFallbackPublicClient: nothing; any other: secret or assertion",
    client_auth=client_auth,
    prove=prove,
    unproved=unproved_without_redirect,
    not_on=("common", "consumers"),
)

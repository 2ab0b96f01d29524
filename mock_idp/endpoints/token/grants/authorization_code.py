"""``authorization_code``: ED:v2-oauth2-auth-code-flow; PKCE: RFC 7636 §4.6."""

from collections.abc import Mapping
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from mock_idp.endpoints.redirect_uris import match
from mock_idp.endpoints.scopes import Asked, parse
from mock_idp.endpoints.targets import Resolver, Target, oidc_target, one_target, several_explicit
from mock_idp.endpoints.token.call import Call
from mock_idp.endpoints.token.client_auth import ClientAuth, auth_for
from mock_idp.endpoints.token.delegated import SignIn, authorize, load_user
from mock_idp.endpoints.token.grants import Grant
from mock_idp.endpoints.token.platform import check_origin
from mock_idp.endpoints.v1 import no_resource
from mock_idp.errors import EntraError
from mock_idp.forms import required
from mock_idp.runtime.store import CODE_SECONDS
from mock_idp.tokens.authorization import Authorization
from mock_idp.tokens.keys import b64url


def client_auth(call: Call) -> ClientAuth:
    """A web app's code needs a secret, a public client's bears none.

    An undeclared client's platform is unknown: with PKCE it passes for a public client. What cannot be a code is
    told whatever the secret beside it (facts §4.8).

    Raises:
        EntraError: 9002313.
    """
    if call.secret and call.get("code") and call.unsealed("code") is None:
        raise _no_code()
    if call.client.touched:
        return "may" if call.get("code_verifier") else "must"
    return auth_for(call, call.unsealed("code"))


def prove(call: Call) -> Authorization:
    """Check the code, its client, redirect URI and verifier, and use it up."""
    content = _open(call)
    check_origin(call, content["platform"])
    _check_life(call, content)
    _check_redirect_uri(call, content["redirect_uri"], explicit=content["explicit"])
    _check_verifier(call, content["challenge"], content["method"])
    sign_in = SignIn.from_content(content)
    asked, target = _resource(call, content["scope"], signs_in=content["signs_in"])
    if call.v1 and asked.items:  # what a later refresh without resource is for
        sign_in = sign_in._replace(scope=asked.text)
    user = load_user(call, sign_in)
    authorization = authorize(call, sign_in, user, asked, target)
    _use_up(call, content["id"])
    return authorization._replace(wants_auth_time=content["max_age"])


def _open(call: Call) -> dict[str, Any]:
    required(call.request.form, "code", "Add the code that came to the redirect URI.")
    content = call.unsealed("code")
    if content is None:
        raise _no_code()
    if content["client"] != call.client.app_id:
        raise EntraError(
            70000, hint=f"The code was issued to client {content['client']}, and {call.client.app_id} presents it."
        )
    if not call.follow(content["tenant"]):
        raise EntraError(
            700005, hint=f"The code is from tenant {content['tenant']}; redeem it at that tenant's endpoint."
        )
    return content


def _no_code() -> EntraError:
    return EntraError(
        9002313,
        hint="This is no authorization code of this server. Send the code from the redirect URI as it came; after "
        "`mock-idp clean` older ones are void.",
    )  # fmt: skip


def _check_life(call: Call, content: Mapping[str, Any]) -> None:
    age = call.entra.clock.now() - content["issued_at"]
    if age > CODE_SECONDS:
        raise EntraError(70008, hint=f"The code is {age} seconds old; it lives {CODE_SECONDS}.")
    if call.entra.store.redeemed.get(content["id"]) is not None:
        raise _already_redeemed()


def _already_redeemed() -> EntraError:
    return EntraError(
        54005, hint="A code works once. Use the refresh token for further tokens; a callback that runs twice (a page "
        "reload, a retry) does this too.",
    )  # fmt: skip


def _check_redirect_uri(call: Call, expected: str, *, explicit: bool) -> None:
    """The one of authorize; where that had none (v1.0), none is right too."""
    uri = call.get("redirect_uri")
    if not uri.strip():
        if not explicit:
            return
        raise EntraError(700009, hint=f"redirect_uri is missing; add {expected}, as it was sent to authorize.")
    if uri != expected:
        match(call.client, uri)
        raise EntraError(
            500112, uri=uri, expected=expected,
            hint=f"redirect_uri is '{uri}', but the code was asked for with '{expected}'. Send the same one.",
        )  # fmt: skip


def _check_verifier(call: Call, challenge: str, method: str) -> None:
    verifier = call.get("code_verifier")
    if not challenge:
        if verifier:
            call.entra.journal.note("code_verifier came, but authorize had no code_challenge: not checked")
        return
    if not verifier:
        raise EntraError(50148, hint="authorize had a code_challenge; add the code_verifier it was made from.")
    call.entra.journal.about(pkce=method)
    made = verifier
    if method == "S256":
        made = b64url(sha256(verifier.encode()).digest())
    if not compare_digest(made.encode(), challenge.encode()):
        raise EntraError(
            501481,
            hint=f"code_verifier ({len(verifier)} characters) is not the one whose {method} challenge was sent to "
            "authorize. Are two sign-ins mixed up?",
        )


def _resource(call: Call, authorized: str, *, signs_in: bool) -> tuple[Asked, Target]:
    """The one resource of the redemption: from its own ``scope``, else from that of authorize (facts §4.4).

    At v1.0 there has to be one, unless authorize was asked for ``openid`` (facts §7.8).
    """
    resolver = Resolver(call.tenant, call.client, call.entra)
    first, text = parse(authorized), call.get("scope")
    asked = parse(text) if text else first
    call.entra.journal.about(scope=asked.text)
    names_none = not text or not asked.items
    if names_none:
        asked = asked._replace(items=first.items)
    found = resolver.targets(asked)
    if names_none:
        _check_unambiguous(found, text)
    elif call.v1:
        _check_same(resolver.targets(first), found)
    if call.v1 and not asked.items and not signs_in:
        raise no_resource()
    return asked, one_target(asked, found or [oidc_target(call.tenant, v1=call.v1)], call.entra)


def _check_unambiguous(authorized: list[Target], text: str) -> None:
    """Without a resource of its own, the redemption takes that of authorize; there has to be one."""
    if not several_explicit(authorized):
        return
    hint = "authorize asked for several resources; name in scope those of one resource."
    raise EntraError(28002, scope=text, hint=hint) if text else EntraError(28003, hint=hint)


def _check_same(authorized: list[Target], asked: list[Target]) -> None:
    """v1.0: what was named at authorize has to be named again (facts §4.2)."""
    known = {target.resource.app_id for target in authorized}
    if known and asked[0].resource.app_id not in known:
        raise EntraError(
            70000, hint=f"resource is '{asked[0].audience}', but authorize was asked for '{authorized[0].audience}'. "
            "Send the same one, or ask for the other with the refresh token.",
        )  # fmt: skip


def _use_up(call: Call, code_id: str) -> None:
    if not call.entra.store.redeem(code_id, call.entra.clock.now()):
        raise _already_redeemed()


GRANT = Grant(
    name="authorization_code",
    about="the code that authorize sent to the redirect URI",
    source="ED:v2-oauth2-auth-code-flow",
    clients="web: secret or assertion; single-page and native: PKCE alone",
    client_auth=client_auth,
    prove=prove,
    knows_resource=True,
)

"""``authorization_code``: ED:v2-oauth2-auth-code-flow; PKCE: RFC 7636 §4.6."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from mock_idp.endpoints.scopes import Asked, Target, one_target, parse, targets
from mock_idp.endpoints.token.call import Call
from mock_idp.endpoints.token.delegated import SignIn, authorize, load_user
from mock_idp.endpoints.token.grants import Grant
from mock_idp.endpoints.token.platform import check_origin
from mock_idp.errors import EntraError
from mock_idp.facts.wellknown import GRAPH_APP_ID
from mock_idp.runtime.store import CODE_SECONDS
from mock_idp.tokens.authorization import Authorization


def needs_client_auth(call: Call) -> bool:
    """A web app's code needs a secret; the platform of the redirect URI decides.

    An undeclared client's platform is unknown: with PKCE it passes for a public client.
    """
    if call.client.touched:
        return not call.get("code_verifier")
    uri = call.get("redirect_uri")
    content = call.entra.seal.open("code", call.get("code"))
    platform = content["platform"] if content else ("web" if uri else "publicClient")
    return bool(platform == "web")


def prove(call: Call) -> Authorization:
    """Check the code, its client, redirect URI and verifier, and use it up."""
    content = _open(call)
    _check_platform(call, content["platform"])
    _check_life(call, content)
    _check_redirect_uri(call, content["redirect_uri"])
    _check_verifier(call, content["challenge"], content["method"])
    sign_in = SignIn.from_content(content)
    asked, target = _resource(call, content["scope"])
    user = load_user(call, sign_in)
    authorization = authorize(call, sign_in, user, asked, target)
    _use_up(call, content["id"])
    return replace(authorization, nonce=content["nonce"] or None, wants_auth_time=content["max_age"])


def _open(call: Call) -> dict[str, Any]:
    code = call.required("code", "Add the code that came to the redirect URI.")
    content = call.entra.seal.open("code", code)
    if content is None:
        raise EntraError(
            9002313, error="invalid_grant",
            hint="This is no authorization code of this server. Send the code from the redirect URI as it came; after "
            "`mock-idp clean` older ones are void.",
        )  # fmt: skip
    if content["client"] != call.client.app_id:
        raise EntraError(
            70000, hint=f"The code was issued to client {content['client']}, and {call.client.app_id} presents it."
        )
    if content["tenant"] != call.tenant.id:
        raise EntraError(
            700005, hint=f"The code is from tenant {content['tenant']}; redeem it at that tenant's endpoint."
        )
    return content


def _check_platform(call: Call, platform: str) -> None:
    check_origin(call, platform)
    if platform != "web" and call.client_proof != "0" and not call.client.touched:
        raise EntraError(
            700025, hint=f"The code came to a redirect URI of platform {platform}; redeem it without client_secret."
        )


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


def _check_redirect_uri(call: Call, expected: str) -> None:
    uri = call.required("redirect_uri", f"Add redirect_uri={expected}, as it was sent to authorize.")
    if uri != expected:
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
    made = verifier
    if method == "S256":
        made = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    if not compare_digest(made.encode(), challenge.encode()):
        raise EntraError(
            501481,
            hint=f"code_verifier ({len(verifier)} characters) is not the one whose {method} challenge was sent to "
            "authorize. Are two sign-ins mixed up?",
        )


def _resource(call: Call, authorized: str) -> tuple[Asked, Target]:
    """The one resource of the redemption: from its own ``scope``, else from that of authorize (facts §4.4)."""
    first = parse(authorized)
    text = call.get("scope")
    asked = parse(text) if text else first
    call.entra.journal.about(scope=asked.text)
    explicit = {item.prefix for item in first.items if item.prefix}
    if not text and len(explicit) > 1:
        raise EntraError(28003, hint="authorize asked for several resources; add scope with those of one resource.")
    if not asked.items:
        if len(explicit) > 1:
            raise EntraError(
                28002, scope=text, hint="authorize asked for several resources; add to scope those of one resource."
            )
        asked = Asked(asked.text, asked.oidc, first.items)
    if not asked.items:
        return asked, _graph(call)
    found = targets(asked, call.tenant, call.client, call.entra)
    return asked, one_target(asked, found, call.entra)


def _graph(call: Call) -> Target:
    """OIDC scopes alone give a token for Graph, good for userinfo."""
    graph = call.tenant.find_resource(GRAPH_APP_ID)
    if graph is None:
        raise RuntimeError("Microsoft Graph is in every tenant")
    return Target(resource=graph, audience=GRAPH_APP_ID, prefixed=False, names=(), default=False)


def _use_up(call: Call, code_id: str) -> None:
    if not call.entra.store.redeem(code_id, call.entra.clock.now()):
        raise _already_redeemed()


GRANT = Grant(
    name="authorization_code",
    about="the code that authorize sent to the redirect URI",
    source="ED:v2-oauth2-auth-code-flow",
    needs_client_auth=needs_client_auth,
    prove=prove,
)

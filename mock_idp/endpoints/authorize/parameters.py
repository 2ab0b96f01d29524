"""Steps that check the other parameters; from here on an error is sent to the redirect URI.

Follows ED:v2-oauth2-auth-code-flow; PKCE: RFC 7636.
"""

import re
from typing import get_args

from mock_idp.endpoints import claims_request
from mock_idp.endpoints.authorize.flow import Flow, ResponseMode
from mock_idp.endpoints.authorize.people import tenants
from mock_idp.endpoints.scopes import parse
from mock_idp.endpoints.targets import check_resource, named, targets_in_any
from mock_idp.endpoints.v1 import no_resource, scope_of
from mock_idp.errors import EntraError
from mock_idp.forms import required

_RESPONSE_TYPES = (
    # what discovery names, words sorted; facts §3.1
    ("code",),
    ("id_token",),
    ("code", "id_token"),
    ("id_token", "token"),
    ("token",),
)
_PROMPTS = ("login", "none", "consent", "select_account", "create")
_V1_PROMPTS = ("admin_consent",)
_CHALLENGE = re.compile(r"[A-Za-z0-9\-._~]{43,128}")
_S256_LENGTH = 43


def check_response_mode(flow: Flow) -> None:
    """Unless asked otherwise ``query`` for a code alone; tokens never travel in a query (facts §3.1)."""
    tokens = not {"id_token", "token"}.isdisjoint(flow.get("response_type").split())
    mode = flow.get("response_mode") or ("fragment" if tokens else "query")
    for known in get_args(ResponseMode):
        if mode == known:
            flow.response_mode = known
    if mode != flow.response_mode:
        raise EntraError(
            70007, response_mode=mode, hint=f"response_mode is '{mode}'; expected query, fragment or form_post."
        )
    if tokens and mode == "query":
        raise EntraError(
            70007, response_mode=mode, hint=f"response_type is '{flow.get('response_type')}', whose tokens do not "
            "travel in a query; expected response_mode fragment or form_post, or response_type=code.",
        )  # fmt: skip


def check_response_type(flow: Flow) -> None:
    """One of the combinations that are documented, its words in any order."""
    response_type = required(flow.parameters, "response_type", "Add response_type=code.")
    words = tuple(sorted(response_type.split()))
    if words not in _RESPONSE_TYPES:
        known = ", ".join(f"'{' '.join(known)}'" for known in _RESPONSE_TYPES)
        raise EntraError(
            70005, response_type=response_type, hint=f"response_type is '{response_type}'; expected one of {known}."
        )
    flow.response_type = frozenset(words)


def check_implicit(flow: Flow) -> None:
    """Tokens come straight from here only for apps whose registration says so; an undeclared one has none to say it."""
    client, words = flow.client, flow.response_type
    if "token" in words and not (client.touched or client.implicit_access_tokens):
        raise EntraError(
            700051, hint=f"{client.display_name} has not enabled access tokens for the implicit flow "
            "(enableAccessTokenIssuance). Better use response_type=code with PKCE.",
        )  # fmt: skip
    if "id_token" in words and not (client.touched or client.implicit_id_tokens):
        raise EntraError(
            700054, hint=f"{client.display_name} has not enabled id tokens for the implicit and hybrid flows "
            "(enableIdTokenIssuance). Enable them, or use response_type=code.",
        )  # fmt: skip


def check_nonce(flow: Flow) -> None:
    """An id token from here has to be bound to the request, OpenID Connect Core §3.2.2.1."""
    if "id_token" in flow.response_type and not flow.get("nonce").strip():
        raise EntraError(
            90014, field="nonce",
            hint="response_type asks for an id_token; add nonce, a random value that comes back in it.",
        )  # fmt: skip


def check_pkce(flow: Flow) -> None:
    """A challenge has to be well formed; a single-page app has to send one."""
    challenge, method = flow.get("code_challenge"), flow.get("code_challenge_method") or "plain"
    if not challenge:
        if flow.platform == "spa" and "code" in flow.response_type:
            raise EntraError(9002325, hint="The redirect URI is a single-page app's; add code_challenge (PKCE, S256).")
        return
    flow.entra.journal.about(pkce=method)
    if method not in ("S256", "plain"):
        raise EntraError(50149, method=method, hint=f"code_challenge_method is '{method}'; expected S256 or plain.")
    if method == "S256" and len(challenge) != _S256_LENGTH:
        raise EntraError(
            501491, hint=f"code_challenge has {len(challenge)} characters; base64url of a SHA-256, without padding, "
            f"has {_S256_LENGTH}.",
        )  # fmt: skip
    if not _CHALLENGE.fullmatch(challenge):
        raise EntraError(
            50147, hint=f"code_challenge has {len(challenge)} characters; expected 43 to 128 of A-Z a-z 0-9 - . _ ~."
        )


def load_scopes(flow: Flow) -> None:
    """What is asked for; scopes of several resources may be mixed at this leg."""
    resource = flow.get("resource")
    if flow.v1:
        flow.entra.journal.about(resource=resource)
        _load(flow, scope_of(resource, flow.tenant))
        return
    add = "for instance 'openid profile User.Read'"
    if resource:
        add = f"such as {resource}/.default: v2.0 takes the API from scope, and does without resource"
    text = required(flow.parameters, "scope", f"Add scope, {add}.")
    if resource:  # compared before the permissions are looked at (facts §3.1)
        check_resource(resource, named(parse(text), flow.tenant), flow.tenant)
    _load(flow, text)


def _load(flow: Flow, text: str) -> None:
    flow.entra.journal.about(scope=text)
    flow.asked = parse(text)
    load_targets(flow)


def load_targets(flow: Flow) -> None:
    """The resources of what is asked for, and their permissions."""
    flow.targets = targets_in_any(
        tenants(flow), flow.client.app_id, flow.asked, flow.entra, at_authorize=not flow.for_tenant
    )


def check_scopes(flow: Flow) -> None:
    """A token from here is asked for in ``scope`` too: an id token by ``openid``, an access token by an API."""
    if "id_token" in flow.response_type and "openid" not in flow.asked.oidc:
        raise EntraError(700053, hint="response_type asks for an id_token; add openid to scope.")
    if "token" not in flow.response_type or flow.targets:
        return
    if flow.v1:
        raise no_resource()
    raise EntraError(
        28002, scope=flow.asked.text,
        hint="response_type asks for an access token, and scope names no API; add a scope such as User.Read.",
    )  # fmt: skip


def check_hints(flow: Flow) -> None:
    """What only helps the sign-in can be wrong too."""
    if flow.get("sid") and flow.get("login_hint"):
        raise EntraError(90005, hint="sid and login_hint came together; send one of them.")
    claims_request.check(flow.get("claims"))


def check_prompt(flow: Flow) -> None:
    """One of the documented values."""
    flow.prompt, known = flow.get("prompt"), (*_PROMPTS, *(_V1_PROMPTS if flow.v1 else ()))
    if flow.prompt in _V1_PROMPTS and not flow.v1:
        raise EntraError(901001, prompt=flow.prompt, hint="v2.0 has /adminconsent for it, an address of its own.")
    if flow.prompt not in ("", *known):
        raise EntraError(90023, hint=f"prompt is '{flow.prompt}'; expected one of {', '.join(known)}, or none at all.")

"""Steps that check the other parameters; from here on an error is sent to the redirect URI.

Follows ED:v2-oauth2-auth-code-flow; PKCE: RFC 7636.
"""

import re
from typing import get_args

from mock_idp.endpoints.authorize.flow import Flow, ResponseMode
from mock_idp.endpoints.authorize.people import tenants
from mock_idp.endpoints.scopes import parse
from mock_idp.endpoints.targets import Resolver, Target, check_resource
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
    """Only ``code`` is served so far; the implicit ones are refused as for an app that has not enabled them."""
    response_type = required(flow.parameters, "response_type", "Add response_type=code.")
    words = tuple(sorted(response_type.split()))
    if words not in _RESPONSE_TYPES:
        raise EntraError(70005, response_type=response_type, hint=f"response_type is '{response_type}'; expected code.")
    if "token" in words:
        raise EntraError(700051, hint="The implicit grant is not enabled; use response_type=code with PKCE.")
    if "id_token" in words:
        raise EntraError(700054, hint="Id tokens from authorize are not enabled; use response_type=code.")


def check_pkce(flow: Flow) -> None:
    """A challenge has to be well formed; a single-page app has to send one."""
    challenge, method = flow.get("code_challenge"), flow.get("code_challenge_method") or "plain"
    if not challenge:
        if flow.platform == "spa":
            raise EntraError(9002325, hint="The redirect URI is a single-page app's; add code_challenge (PKCE, S256).")
        return
    flow.entra.journal.about(pkce=method)
    if method not in ("S256", "plain"):
        raise EntraError(50149, method=method, hint=f"code_challenge_method is '{method}'; expected S256 or plain.")
    if not _CHALLENGE.fullmatch(challenge):
        raise EntraError(
            50147, hint=f"code_challenge has {len(challenge)} characters; expected 43 to 128 of A-Z a-z 0-9 - . _ ~."
        )
    if method == "S256" and len(challenge) != _S256_LENGTH:
        raise EntraError(
            501491, hint=f"code_challenge has {len(challenge)} characters; base64url of a SHA-256 has {_S256_LENGTH}."
        )


def load_scopes(flow: Flow) -> None:
    """What is asked for; scopes of several resources may be mixed at this leg."""
    resource = flow.get("resource")
    if resource and not flow.get("scope"):
        raise EntraError(901002, hint=f"resource is '{resource}'; v2.0 takes it from scope: send {resource}/.default.")
    text = required(flow.parameters, "scope", "Add scope, for instance 'openid profile User.Read'.")
    flow.entra.journal.about(scope=text)
    flow.asked = parse(text)
    flow.targets = _targets(flow)
    check_resource(resource, flow.targets)


def _targets(flow: Flow) -> list[Target]:
    """On an alias any tenant may have the resources, until the user tells which one has to."""
    refusals = []
    for tenant in tenants(flow):
        client = tenant.client(flow.client.app_id)
        try:
            return Resolver(tenant, client, flow.entra, at_authorize=True).targets(flow.asked)
        except EntraError as refusal:
            refusals.append(refusal)
    raise refusals[0]


def check_prompt(flow: Flow) -> None:
    """One of the documented values."""
    flow.prompt = flow.get("prompt")
    if flow.prompt not in ("", *_PROMPTS):
        raise EntraError(
            90023, hint=f"prompt is '{flow.prompt}'; expected one of {', '.join(_PROMPTS)}, or none at all."
        )

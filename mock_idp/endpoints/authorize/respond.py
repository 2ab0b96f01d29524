"""The last step, an authorization code, tokens or both; and how answers and errors travel in each response mode.

Follows facts §3.3 and §3.5; OAuth 2.0 Form Post Response Mode.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote_plus

from mock_idp.endpoints.authorize.flow import Flow
from mock_idp.endpoints.authorize.pages import COOKIE
from mock_idp.endpoints.authorize.tokens import issue_tokens
from mock_idp.endpoints.claims_request import Wanted
from mock_idp.endpoints.consent import Consents
from mock_idp.endpoints.guests import home_of
from mock_idp.endpoints.redirect_uris import origin, with_path, with_query
from mock_idp.endpoints.refusals import description, error_uri
from mock_idp.errors import EntraError
from mock_idp.exchange import Answer, Cookie, FormPost, Redirect
from mock_idp.runtime.store import Entered
from mock_idp.tokens.client_info import client_info

_ESCAPE = re.compile("%[0-9A-F]{2}")


def respond_success(flow: Flow) -> Answer:
    """Hand out what ``response_type`` asks for, members in the order served (facts §3.3)."""
    session, account = flow.session, flow.account
    if session is None:
        raise RuntimeError("the sign-in steps come first")
    if flow.client.touched:
        session.visit(origin(flow.redirect_uri))
    else:
        session.enter(Entered(flow.tenant.id, flow.client.app_id, account.sid))
    code = _code(flow) if "code" in flow.response_type else ""
    members = [*([("code", code)] if code else []), *issue_tokens(flow, code), *_client_info(flow)]
    state, session_state = _state(flow), [("session_state", session.session_state)]
    if flow.v1 and members == [("code", code)]:
        return _answer(flow, [*members, *session_state, *state])
    return _answer(flow, [*members, *state, *session_state])


def _code(flow: Flow) -> str:
    """An authorization code: everything that its redemption needs, sealed."""
    entra, account, user = flow.entra, flow.account, flow.user
    consents = Consents(entra, flow.tenant, flow.client, user)
    code = entra.seal.seal(
        "code", flow.tenant.id, flow.client.app_id,
        {
            "id": entra.chance.text(12),
            "issued_at": entra.clock.now(),
            "tenant": flow.tenant.id,
            "client": flow.client.app_id,
            "user": user.user_principal_name,
            "redirect_uri": flow.redirect_uri,
            "explicit": bool(flow.get("redirect_uri").strip()),
            "platform": flow.platform,
            "scope": flow.asked.text,
            "consents": {t.resource.app_id: list(consents.recorded(t.resource.app_id)) for t in flow.to_consent},
            "challenge": flow.get("code_challenge"),
            "method": flow.get("code_challenge_method") or "plain",
            "nonce": flow.get("nonce"),
            "max_age": bool(flow.get("max_age")),
            "signs_in": flow.v1 and "openid" in flow.get("scope").lower().split(),
            "claims": Wanted.of(flow.get("claims")),
            "sid": account.sid,
            "auth_time": account.auth_time,
            "amr": list(account.amr),
        },
    )  # fmt: skip
    entra.journal.issued("authorization code", {"tid": flow.tenant.id}, user.user_principal_name)
    return code


def _client_info(flow: Flow) -> list[tuple[str, str]]:
    if flow.get("client_info") != "1":
        return []
    home = home_of(flow.user, flow.tenant, flow.entra)
    return [("client_info", client_info(home.user_id, home.tenant_id))]


def respond_error(flow: Flow, error: EntraError) -> Answer:
    """Send an error to the redirect URI, which was checked before."""
    members = [
        ("error", error.redirect_error),
        ("error_description", description(error, flow.request, flow.entra.clock.now())),
    ]
    if uri := error_uri(error, flow.request):
        members.append(("error_uri", uri))
    return _answer(flow, [*members, *_state(flow)])


def _state(flow: Flow) -> list[tuple[str, str]]:
    return [("state", flow.parameters["state"])] if "state" in flow.parameters else []


def _answer(flow: Flow, members: Sequence[tuple[str, str]]) -> Answer:
    cookies = (Cookie(name=COOKIE, value=flow.session.id),) if flow.session else ()
    if flow.response_mode == "form_post":
        return FormPost(url=flow.redirect_uri, fields=members, cookies=cookies)
    encoded = "&".join(f"{name}={_encoded(value)}" for name, value in members)
    if flow.response_mode == "fragment":
        url = f"{with_path(flow.redirect_uri)}#{encoded}"
    else:
        url = f"{with_query(flow.redirect_uri, encoded)}#"
    return Redirect(url=url, cookies=cookies)


def _encoded(value: str) -> str:
    """As Entra encodes: ``+`` for a space, and lower-case hex (facts §3.3)."""
    return _ESCAPE.sub(lambda found: found[0].lower(), quote_plus(value))

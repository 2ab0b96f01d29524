"""The last steps: consent and an authorization code; and how answers and errors travel in each response mode.

Follows facts §3.3 and §3.5; OAuth 2.0 Form Post Response Mode.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote_plus

from mock_idp.endpoints.authorize.flow import Flow
from mock_idp.endpoints.authorize.sign_in import COOKIE
from mock_idp.endpoints.redirect_uris import origin, with_path, with_query
from mock_idp.endpoints.refusals import description, error_uri
from mock_idp.endpoints.targets import granted
from mock_idp.errors import EntraError
from mock_idp.exchange import Answer, Cookie, FormPost, Redirect
from mock_idp.tokens.client_info import client_info

_ESCAPE = re.compile("%[0-9A-F]{2}")


def record_consent(flow: Flow) -> None:
    """Remember what was asked for as consented.

    There is no consent page yet: whoever signs in is taken to have agreed, also with ``prompt=consent``.
    """
    if flow.user is None:
        raise RuntimeError("load_user comes first")
    for target in flow.targets:
        held = granted(flow.entra, flow.tenant, flow.client, flow.user.id, target)
        if fresh := [name for name in target.names if name not in held]:
            flow.entra.journal.note(f"{target.resource.display_name}: {' '.join(fresh)} taken as consented by the user")
            flow.entra.store.consent(
                flow.tenant.id, flow.client.app_id, flow.user.id, target.resource.app_id, tuple(fresh)
            )


def respond_code(flow: Flow) -> Answer:
    """Issue a code: everything that its redemption needs, sealed."""
    entra, session, account, user = flow.entra, flow.session, flow.account, flow.user
    if session is None or account is None or user is None:
        raise RuntimeError("the sign-in steps come first")
    if flow.client.touched:
        session.visit(origin(flow.redirect_uri))
    consents = {
        target.resource.app_id: list(
            entra.store.consented(flow.tenant.id, flow.client.app_id, user.id, target.resource.app_id)
        )
        for target in flow.targets
    }
    code = entra.seal.seal(
        "code", flow.tenant.id, flow.client.app_id,
        {
            "id": entra.chance.text(12),
            "issued_at": entra.clock.now(),
            "tenant": flow.tenant.id,
            "client": flow.client.app_id,
            "user": user.user_principal_name,
            "redirect_uri": flow.redirect_uri,
            "platform": flow.platform,
            "scope": flow.asked.text,
            "consents": consents,
            "challenge": flow.get("code_challenge"),
            "method": flow.get("code_challenge_method") or "plain",
            "nonce": flow.get("nonce"),
            "max_age": bool(flow.get("max_age")),
            "sid": account.sid,
            "auth_time": account.auth_time,
            "amr": list(account.amr),
        },
    )  # fmt: skip
    members = [("code", code)]
    if flow.get("client_info") == "1":
        members.append(("client_info", client_info(user.id, flow.tenant.id)))
    return _answer(flow, [*members, *_state(flow), ("session_state", session.session_state)])


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

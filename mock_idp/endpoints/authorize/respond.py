"""The last step: an authorization code; and how answers and errors travel in each response mode.

Follows facts §3.3 and §3.5; OAuth 2.0 Form Post Response Mode.
"""

from collections.abc import Sequence
from urllib.parse import quote_plus, urlsplit

from mock_idp.endpoints.authorize.flow import Flow
from mock_idp.endpoints.authorize.sign_in import COOKIE
from mock_idp.endpoints.scopes import granted
from mock_idp.errors import EntraError
from mock_idp.exchange import Answer, Cookie, FormPost, Redirect
from mock_idp.facts.hosts import CANONICAL
from mock_idp.runtime.clock import stamp
from mock_idp.tokens.client_info import client_info


def record_consent(flow: Flow) -> None:
    """Remember what was asked for as consented.

    There is no consent page yet: whoever signs in is taken to have agreed, also with ``prompt=consent``.
    """
    if flow.user is None:
        raise RuntimeError("check_user comes first")
    for target in flow.targets:
        names = target.names
        held = granted(flow.entra, flow.tenant, flow.client, flow.user.id, target)
        if fresh := [name for name in names if name not in held]:
            flow.entra.journal.note(f"{target.audience}: {' '.join(fresh)} taken as consented by the user")
            flow.entra.store.consent(
                flow.tenant.id, flow.client.app_id, flow.user.id, target.resource.app_id, tuple(fresh)
            )


def respond_code(flow: Flow) -> Answer:
    """Issue a code: everything that its redemption needs, sealed."""
    entra, session, account, user = flow.entra, flow.session, flow.account, flow.user
    if session is None or account is None or user is None:
        raise RuntimeError("the sign-in steps come first")
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
            "sid": session.sid,
            "auth_time": account.auth_time,
            "amr": list(account.amr),
        },
    )  # fmt: skip
    members = [("code", code)]
    if flow.get("client_info") == "1":
        members.append(("client_info", client_info(user.id, flow.tenant.id)))
    if "state" in flow.parameters:
        members.append(("state", flow.parameters["state"]))
    members.append(("session_state", session.session_state))
    answer = _answer(flow, members)
    answer.cookies = (Cookie(name=COOKIE, value=session.id),)
    return answer


def respond_error(flow: Flow, error: EntraError) -> Answer:
    """Send an error to the redirect URI, which was checked before."""
    description = (
        f"AADSTS{error.number}: {error.message} Trace ID: {flow.request.trace_id} "
        f"Correlation ID: {flow.request.correlation_id} Timestamp: {stamp(flow.entra.clock.now())}"
    )
    members = [("error", error.redirect_error), ("error_description", description)]
    if error.row.lookup:
        members.append(("error_uri", f"https://{CANONICAL}/error?code={error.number}"))
    if "state" in flow.parameters:
        members.append(("state", flow.parameters["state"]))
    return _answer(flow, members)


def _answer(flow: Flow, members: Sequence[tuple[str, str]]) -> Answer:
    if flow.response_mode == "form_post":
        return FormPost(url=flow.redirect_uri, fields=members)
    encoded = "&".join(f"{name}={quote_plus(value)}" for name, value in members)
    uri = flow.redirect_uri
    parts = urlsplit(uri)
    if parts.scheme in ("http", "https") and not parts.path:
        uri = parts._replace(path="/").geturl()  # a path-less registration gets one (facts §3.3)
    if flow.response_mode == "fragment":
        return Redirect(url=f"{uri}#{encoded}")
    return Redirect(url=f"{uri}{'&' if parts.query else '?'}{encoded}#")

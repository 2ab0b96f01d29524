"""``/{tenant}/oauth2/v2.0/token``: the phases that every grant shares, in order.

Follows ED:v2-oauth2-auth-code-flow; the order of checks is facts §4.8. A grant proves; everything else happens here.
"""

from typing import Any

from mock_idp.endpoints import Entra
from mock_idp.endpoints.guests import home_of
from mock_idp.endpoints.scopes import DEFAULT
from mock_idp.endpoints.tenants import check_tenant, find_client
from mock_idp.endpoints.token.call import Call
from mock_idp.endpoints.token.client_auth import authenticate, read_credentials
from mock_idp.endpoints.token.grants import Grant, grants
from mock_idp.endpoints.token.platform import cors_headers, preflight
from mock_idp.errors import EntraError
from mock_idp.exchange import Answer, Json, Request
from mock_idp.facts.headers import NOT_STORED
from mock_idp.forms import required
from mock_idp.tokens.authorization import Authorization
from mock_idp.tokens.client_info import client_info
from mock_idp.tokens.issue import AccessToken


def token(request: Request, entra: Entra) -> Answer:
    """Answer a token request."""
    if request.method == "OPTIONS":
        return preflight(request, entra)
    call = Call(request=request, entra=entra, origin=request.headers.get("origin", ""))
    try:
        check_method(call)
        grant = load_grant(call)
        load_client(call)
        authenticate(call, grant.client_auth(call))
        answer = issue(call, grant.prove(call))
    except EntraError as error:
        error.headers = _headers(call, f"{error.number},0")
        raise
    answer.headers = {**NOT_STORED, **_headers(call, "0,0")}
    return answer


def check_method(call: Call) -> None:
    """POST only."""
    method = call.request.method
    if method != "POST":
        raise EntraError(900561, methods="POST", method=method, hint="Send the parameters as a form, by POST.")


def load_grant(call: Call) -> Grant:
    """The grant that ``grant_type`` names."""
    content_type = call.request.headers.get("content-type", "none").partition(";")[0]
    name = required(
        call.request.form,
        "grant_type",
        f"Add grant_type. The body came as {content_type}; expected application/x-www-form-urlencoded.",
    )
    call.entra.journal.about(grant=name)
    grant = grants().get(name)
    if grant is None:
        raise EntraError(
            70003, grant_type=name, hint=f"grant_type is '{name}'; served here: {', '.join(sorted(grants()))}."
        )
    return grant


def load_client(call: Call) -> None:
    """Tenant and client."""
    segment = call.request.segment
    check_tenant(segment, call.entra)
    read_credentials(call)
    call.tenant, call.found = find_client(segment, call.client_id, call.entra)
    call.entra.journal.about(client_name=call.found.display_name)


def issue(call: Call, authorization: Authorization) -> Json:
    """Sign what was authorized and hand it out, members in the order served (facts §4.1)."""
    access = call.entra.issuer.access_token(authorization)
    record_issued(call, authorization, access)
    lifetime = {"expires_in": access.expires_in, "ext_expires_in": access.expires_in}
    body: dict[str, Any] = {"token_type": "Bearer"}
    call.entra.journal.about(token_for=authorization.resource.display_name)
    if authorization.subject is None:
        return Json(body={**body, **lifetime, "access_token": access.text})
    body |= {"scope": echo(authorization), **lifetime, "access_token": access.text}
    if authorization.refresh_token:
        body["refresh_token"] = authorization.refresh_token
    if "openid" in authorization.oidc_scopes:
        body["id_token"] = call.entra.issuer.id_token(authorization)
    if call.get("client_info") == "1":
        home = home_of(authorization.subject.user, authorization.tenant, call.entra)
        body["client_info"] = client_info(home.user_id, home.tenant_id)
    return Json(body=body)


def record_issued(call: Call, authorization: Authorization, access: AccessToken) -> None:
    """Tell the journal what is handed out."""
    journal, subject = call.entra.journal, authorization.subject
    user = subject.user.user_principal_name if subject else ""
    journal.issued("access token", access.claims, user)
    if subject and "openid" in authorization.oidc_scopes:
        journal.issued("id token", {"aud": authorization.client.app_id, "tid": authorization.tenant.id}, user)
    if authorization.refresh_token:
        journal.issued("refresh token", {"tid": authorization.tenant.id}, user)


def echo(authorization: Authorization) -> str:
    """Member ``scope`` (facts §4.3): written as asked, so that MSAL finds it again; OIDC scopes only beside Graph's."""
    prefix = f"{authorization.audience}/" if authorization.prefixed else ""
    names = [*authorization.scopes, *([DEFAULT] if authorization.asked_default else [])]
    oidc = ("profile", "openid", "email") if authorization.resource.is_graph else ()
    return " ".join([*(prefix + name for name in names), *(s for s in oidc if s in authorization.oidc_scopes)])


def _headers(call: Call, outcome: str) -> dict[str, str]:
    """CORS, and the telemetry answer for whoever sent telemetry (facts §4.1)."""
    headers = cors_headers(call.origin, call.found, call.entra)
    if {"x-client-current-telemetry", "x-client-last-telemetry"} & call.request.headers.keys():
        headers["x-ms-clitelem"] = f"1,{outcome},,"
    return headers

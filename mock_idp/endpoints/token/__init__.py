"""``/{tenant}/oauth2/v2.0/token`` and its v1.0 twin: the phases that every grant shares, in order.

Follows ED:v2-oauth2-auth-code-flow; the order of checks is facts §4.8. A grant proves; everything else happens here.
"""

from dataclasses import replace
from typing import Any

from mock_idp.endpoints import Entra, claims_request
from mock_idp.endpoints.guests import home_of
from mock_idp.endpoints.scopes import granted_text
from mock_idp.endpoints.tenants import check_restrictions, check_tenant, find_client
from mock_idp.endpoints.token.call import Call
from mock_idp.endpoints.token.client_auth import authenticate, read_credentials
from mock_idp.endpoints.token.grants import Grant, find_grant, grants
from mock_idp.endpoints.token.platform import cors_headers, preflight
from mock_idp.endpoints.userinfo import token_for_userinfo
from mock_idp.endpoints.v1 import check_segment, scope_of
from mock_idp.errors import EntraError
from mock_idp.exchange import Answer, Json, Request
from mock_idp.facts.headers import NOT_STORED
from mock_idp.facts.wellknown import CONSUMERS_TENANT
from mock_idp.forms import required
from mock_idp.runtime.tenants import ALIASES
from mock_idp.tokens.authorization import Authorization
from mock_idp.tokens.client_info import client_info
from mock_idp.tokens.issue import AccessToken

_TELEMETRY = frozenset({"x-client-current-telemetry", "x-client-last-telemetry"})

REFRESH_FROM_SECONDS = 2 * 3600 - 1
"""Tokens that live longer come with ``refresh_in``, half of their life (facts §4.1)."""


def token(request: Request, entra: Entra) -> Answer:
    """Answer a token request."""
    return _answer(Call(request=request, entra=entra, origin=request.headers.get("origin", "")))


def token_v1(request: Request, entra: Entra) -> Answer:
    """Likewise at the v1.0 endpoint."""
    return _answer(Call(request=request, entra=entra, origin=request.headers.get("origin", ""), v1=True))


def _answer(call: Call) -> Answer:
    if call.request.method == "OPTIONS":
        return preflight(call.request, call.entra)
    try:
        check_method(call)
        grant = load_grant(call)
        check_alias(call, grant)
        load_client(call)
        authenticate(call, grant.client_auth(call), grant.unproved)
        claims_request.check(call.get("claims"))
        if call.get("fmi_path"):
            call.entra.journal.note("fmi_path is not looked at: the token is the client's, and Entra's the path's")
        if call.v1:
            translate(call, grant)
        answer = issue(call, grant.prove(call))
    except EntraError as error:
        error.headers = _headers(call, f"{error.number},0")
        if call.v1 and error.row.v1_error:
            error.error = error.row.v1_error
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
    grant = find_grant(name)
    if grant is None:
        raise EntraError(
            70003, grant_type=name, hint=f"grant_type is '{name}'; served here: {', '.join(sorted(grants()))}."
        )
    call.grant = grant
    return grant


def check_alias(call: Call, grant: Grant) -> None:
    """Some grants have to be told a tenant.

    Raises:
        EntraError: 9001023.
    """
    alias = call.request.segment.lower()
    if ("consumers" if alias == CONSUMERS_TENANT else alias) in grant.not_on:
        raise EntraError(
            9001023, hint=f"The path says {alias}, which does not tell whose password this is. Use a tenant id, a "
            "domain, or organizations.",
        )  # fmt: skip


def load_client(call: Call) -> None:
    """Tenant and client."""
    segment = call.request.segment
    if call.v1:
        check_segment(segment)
    check_tenant(segment, call.entra)
    read_credentials(call)
    call.tenant, call.found = find_client(segment, call.client_id, call.entra)
    if segment.lower() not in ALIASES:
        check_restrictions(call.request, call.tenant)
    call.entra.journal.about(client_name=call.found.display_name)


def translate(call: Call, grant: Grant) -> None:
    """Tell a v1.0 request in the words of v2.0, so that grants know one language.

    Raises:
        EntraError: 900144 for a missing ``resource``, where nothing else says what the token is for.
    """
    resource = call.get("resource")
    if not resource.strip() and grant.usual_resource:
        resource = grant.usual_resource
        call.entra.journal.note("no resource came: v1.0 then gives a token for Azure AD Graph")
    if not resource.strip() and not grant.knows_resource:
        raise EntraError(900144, parameter="resource", hint="Add resource, the Application ID URI of the API.")
    form = {name: value for name, value in call.request.form.items() if name not in ("resource", "scope")}
    if resource.strip():
        call.entra.journal.about(resource=resource)
        form["scope"] = scope_of(resource, call.tenant)
    call.request = replace(call.request, form=form)


def issue(call: Call, authorization: Authorization) -> Json:
    """Sign what was authorized and hand it out, members in the order served (facts §4.1)."""
    access = call.entra.issuer.access_token(authorization)
    if authorization.for_userinfo:
        access = token_for_userinfo(authorization, access, call.entra)
    record_issued(call, authorization, access)
    lifetime = _lifetime(call, authorization, access)
    body: dict[str, Any] = {"token_type": "Bearer"}
    call.entra.journal.about(token_for=authorization.resource.display_name)
    if authorization.subject is None:
        return Json(body={**body, **lifetime, "access_token": access.text})
    body |= {"scope": granted_text(authorization, v1=call.v1), **lifetime, "access_token": access.text}
    if authorization.refresh_token:
        body["refresh_token"] = authorization.refresh_token
    if "openid" in authorization.oidc_scopes:
        body["id_token"] = call.entra.issuer.id_token(authorization, 1 if call.v1 else 2)
    if call.get("client_info") == "1":
        home = home_of(authorization.subject.user, authorization.tenant, call.entra)
        body["client_info"] = client_info(home.user_id, home.tenant_id)
    return Json(body=body)


def _lifetime(call: Call, authorization: Authorization, access: AccessToken) -> dict[str, Any]:
    """How long the access token lives; v1.0 says it in text, and says more (facts §4.1)."""
    seconds = access.expires_in
    if not call.v1:
        long = {"refresh_in": seconds // 2} if seconds >= REFRESH_FROM_SECONDS else {}
        return {"expires_in": seconds, "ext_expires_in": seconds, **long}
    return {
        "expires_in": str(seconds),
        "ext_expires_in": str(seconds),
        "expires_on": str(access.claims.get("exp")),
        "not_before": str(access.claims.get("nbf")),
        "resource": authorization.audience,
    }


def record_issued(call: Call, authorization: Authorization, access: AccessToken) -> None:
    """Tell the journal what is handed out."""
    journal, subject = call.entra.journal, authorization.subject
    user = subject.user.user_principal_name if subject else ""
    journal.issued("access token", access.claims, user)
    if subject and "openid" in authorization.oidc_scopes:
        journal.issued("id token", {"aud": authorization.client.app_id, "tid": authorization.tenant.id}, user)
    if authorization.refresh_token:
        journal.issued("refresh token", {"tid": authorization.tenant.id}, user)


def _headers(call: Call, outcome: str) -> dict[str, str]:
    """CORS, and the telemetry answer for whoever sent telemetry (facts §4.1)."""
    headers = cors_headers(call.origin, call.found, call.entra)
    if not _TELEMETRY.isdisjoint(call.request.headers):
        headers["x-ms-clitelem"] = f"1,{outcome},,"
    return headers

"""``/{tenant}/oauth2/v2.0/token``: the phases that every grant shares, in order.

Follows ED:v2-oauth2-auth-code-flow; the order of checks is facts §4.8. A grant proves; everything else happens here.
"""

from typing import Any

from mock_idp.endpoints import Entra
from mock_idp.endpoints.scopes import Target, echo
from mock_idp.endpoints.token.call import Call
from mock_idp.endpoints.token.client_auth import authenticate, read_credentials
from mock_idp.endpoints.token.grants import Grant, grants
from mock_idp.endpoints.token.platform import cors_headers, preflight
from mock_idp.errors import EntraError
from mock_idp.exchange import Answer, Json, Request
from mock_idp.facts.wellknown import CONSUMERS_TENANT
from mock_idp.runtime.live import ALIASES
from mock_idp.tokens.authorization import Authorization
from mock_idp.tokens.client_info import client_info

NOT_STORED = {"Cache-Control": "no-store, no-cache", "Pragma": "no-cache", "Expires": "-1"}
"""[O] REC-2023"""


def token(request: Request, entra: Entra) -> Answer:
    """Answer a token request."""
    if request.method == "OPTIONS":
        return preflight(request, entra)
    call = Call(request=request, entra=entra, origin=request.headers.get("origin", ""))
    check_method(call)
    grant = load_grant(call)
    load_client(call)
    try:
        authenticate(call, required=grant.needs_client_auth(call))
        check_resource_parameter(call)
        authorization = grant.prove(call)
    except EntraError as error:
        error.headers = cors_headers(call.origin, call.client, entra)
        raise
    return issue(call, authorization)


def check_method(call: Call) -> None:
    """POST only; and a body that can be read."""
    if call.request.method != "POST":
        raise EntraError(900561, method=call.request.method, hint="Send the parameters as a form, by POST.")


def load_grant(call: Call) -> Grant:
    """The grant that ``grant_type`` names."""
    content_type = call.request.headers.get("content-type", "none").partition(";")[0]
    name = call.required(
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
    alias = call.request.segment.lower()
    if alias not in ALIASES:
        call.tenant = call.entra.live.tenant(alias)
    read_credentials(call)
    if alias in ALIASES:
        call.tenant = call.entra.live.home_of(call.client_id)
    call.client = call.tenant.client(call.client_id)
    if alias in ("consumers", CONSUMERS_TENANT):
        raise EntraError(
            9002332, app_id=call.client.app_id, name=call.client.display_name,
            hint="Personal accounts are not emulated; use a tenant id, common or organizations.",
        )  # fmt: skip
    if alias in ALIASES and call.client.sign_in_audience == "AzureADMyOrg":
        raise EntraError(
            50194, app_id=call.client.app_id, name=call.client.display_name,
            hint=f"{call.client.display_name} is a single-tenant app; use the authority of its tenant, "
            f"{call.tenant.id}, instead of {alias}.",
        )  # fmt: skip


def check_resource_parameter(call: Call) -> None:
    """v2.0 takes the resource from ``scope``."""
    if resource := call.get("resource"):
        raise EntraError(
            901002, hint=f"resource is '{resource}'; v2.0 takes it from scope: send {resource}/.default or its scopes."
        )


def issue(call: Call, authorization: Authorization) -> Json:
    """Sign what was authorized and hand it out, members in the order served (facts §4.1)."""
    access = call.entra.issuer.access_token(authorization)
    lifetime = {"expires_in": access.expires_in, "ext_expires_in": access.expires_in}
    body: dict[str, Any] = {"token_type": "Bearer"}
    call.entra.journal.about(token_for=authorization.resource.display_name)
    if authorization.subject is None:
        body |= {**lifetime, "access_token": access.text}
    else:
        body |= {"scope": _scope(authorization), **lifetime, "access_token": access.text}
        if authorization.refresh_token:
            body["refresh_token"] = authorization.refresh_token
        if "openid" in authorization.oidc_scopes:
            body["id_token"] = call.entra.issuer.id_token(authorization)
        if call.get("client_info") == "1":
            body["client_info"] = client_info(authorization.subject.user.id, authorization.tenant.id)
    return Json(body=body, headers={**NOT_STORED, **cors_headers(call.origin, call.client, call.entra)})


def _scope(authorization: Authorization) -> str:
    target = Target(
        resource=authorization.resource,
        audience=authorization.audience,
        prefixed=authorization.prefixed,
        names=authorization.scopes,
        default=authorization.asked_default,
    )
    return echo(authorization.scopes, authorization.oidc_scopes, target)

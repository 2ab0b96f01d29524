"""Tokens straight from the authorization endpoint: the implicit and hybrid flows.

Follows ED:v2-oauth2-implicit-grant-flow, ED:v2-protocols-oidc and OpenID Connect Core §3.2 and §3.3. They travel in a
fragment or a form, the client has proved nothing, and no refresh token comes with them.
"""

from hashlib import sha256

from mock_idp.endpoints.authorize.flow import Flow
from mock_idp.endpoints.claims_request import Wanted
from mock_idp.endpoints.consent import Consents
from mock_idp.endpoints.scopes import granted_text
from mock_idp.endpoints.targets import Target, check_own_api, first_target, oidc_target
from mock_idp.errors import EntraError
from mock_idp.tokens.authorization import Authorization, Subject
from mock_idp.tokens.keys import b64url

Members = list[tuple[str, str]]


def issue_tokens(flow: Flow, code: str) -> Members:
    """The members of the answer that hold tokens, in the order served (facts §3.3).

    Args:
        flow: the request, complete.
        code: what goes out beside them, or empty.
    """
    members: Members = []
    if flow.response_type.isdisjoint(("token", "id_token")):
        return members
    authorization = _authorization(flow, code)
    if "token" in flow.response_type:
        members, authorization = _access_token(flow, authorization)
    if "id_token" in flow.response_type:
        members.append(("id_token", flow.entra.issuer.id_token(authorization, 1 if flow.v1 else 2)))
        claims = {"aud": flow.client.app_id, "tid": flow.tenant.id}
        flow.entra.journal.issued("id token", claims, _name(authorization))
    return members


def _access_token(flow: Flow, authorization: Authorization) -> tuple[Members, Authorization]:
    """Likewise for the access token, whose hash the id token beside it holds."""
    access = flow.entra.issuer.access_token(authorization)
    flow.entra.journal.issued("access token", access.claims, _name(authorization))
    flow.entra.journal.about(token_for=authorization.resource.display_name)
    members = [
        ("access_token", access.text),
        ("token_type", "Bearer"),
        ("expires_in", str(access.expires_in)),
        ("scope", granted_text(authorization, v1=flow.v1)),
    ]
    return members, authorization._replace(token_hash=_half_hash(access.text))


def _authorization(flow: Flow, code: str) -> Authorization:
    account, user, target = flow.account, flow.user, _target(flow)
    return Authorization(
        request_id=flow.request.trace_id,
        tenant=flow.tenant,
        client=flow.client,
        client_proof="0",
        subject=Subject(user=user, sid=account.sid, auth_time=account.auth_time, amr=account.amr),
        resource=target.resource,
        audience=target.audience,
        prefixed=target.prefixed,
        asked_default=target.default,
        scopes=Consents(flow.entra, flow.tenant, flow.client, user).granted(target.resource),
        oidc_scopes=flow.asked.oidc,
        nonce=flow.get("nonce") or None,
        wants_auth_time=bool(flow.get("max_age")),
        **Wanted.of(flow.get("claims"))._asdict(),
        in_fragment=flow.response_mode == "fragment",
        code_hash=_half_hash(code) if code else None,
    )


def _target(flow: Flow) -> Target:
    """The resource of the access token: of several the first one, or in the strict setting none (facts §4.4)."""
    if not flow.targets:
        return oidc_target(flow.tenant)
    if "token" not in flow.response_type:
        return flow.targets[0]
    if len(flow.targets) > 1 and flow.entra.settings.multi_resource_code == "strict":
        named = ", ".join(target.resource.display_name for target in flow.targets)
        raise EntraError(
            700022, scope=flow.asked.text,
            hint=f"One token is for one resource, and scope names {named}. Ask for one of them.",
        )  # fmt: skip
    target = first_target(flow.targets, flow.entra)
    check_own_api(flow.client, target, unnamed=target.default)
    return target


def _half_hash(text: str) -> str:
    """``c_hash`` and ``at_hash``: the left half of SHA-256, base64url, OpenID Connect Core §3.3.2.11."""
    return b64url(sha256(text.encode()).digest()[:16])


def _name(authorization: Authorization) -> str:
    return authorization.subject.user.user_principal_name if authorization.subject else ""

"""``/{tenant}/openid/userinfo``, the v1.0 userinfo endpoint, and the opaque token that it takes. Follows facts §7.8.

v2.0 clients are sent to Microsoft Graph, see :mod:`mock_idp.endpoints.graph.userinfo`.
"""

import json
import re
from typing import Any

from mock_idp.endpoints import Entra
from mock_idp.endpoints.guests import disabled
from mock_idp.endpoints.tenants import check_tenant
from mock_idp.endpoints.v1 import check_segment
from mock_idp.errors import EntraError
from mock_idp.exchange import Json, Request
from mock_idp.facts.headers import BEARER_CORS, NOT_STORED
from mock_idp.runtime.clock import long_stamp
from mock_idp.tokens.authorization import Authorization, Subject
from mock_idp.tokens.claims import fill
from mock_idp.tokens.drafts import Draft, Kind
from mock_idp.tokens.issue import AccessToken

MEMBERS = (
    "aio", "amr", "email", "family_name", "given_name", "idp", "ipaddr", "name", "oid", "sub", "tid", "unique_name",
    "upn", "uti", "ver",
)  # fmt: skip
"""In the order observed: claims of an id token that say who it is, and none that say whose it is and how long."""

_JWT = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*){2,4}")
_UNQUOTABLE = re.compile(r"[^ !#-\[\]-~]")


def token_for_userinfo(authorization: Authorization, access: AccessToken, entra: Entra) -> AccessToken:
    """What a sign-in without a resource gets in place of a JWT: opaque, and good here alone.

    Args:
        authorization: of a user.
        access: the JWT, whose life it has.
        entra: whose seal counts.
    """
    subject = authorization.subject
    if subject is None:
        raise RuntimeError("only users sign in")
    content = {
        "tenant": authorization.tenant.id,
        "client": authorization.client.app_id,
        "user": subject.user.user_principal_name,
        "sid": subject.sid,
        "auth_time": subject.auth_time,
        "amr": list(subject.amr),
        "issued_at": entra.clock.now(),
        "expires_at": access.claims["exp"],
    }
    text = entra.seal.seal("userinfo_token", authorization.tenant.id, authorization.client.app_id, content)
    return access._replace(text=text)


def userinfo_v1(request: Request, entra: Entra) -> Json:
    """The claims of the signed-in user."""
    check_segment(request.segment)
    check_tenant(request.segment, entra)
    cors = BEARER_CORS if "origin" in request.headers else {}
    try:
        claims = _claims(_opened(_bearer(request), entra), entra)
    except EntraError as error:
        error.headers = {**cors, "WWW-Authenticate": _challenge(error)}
        raise
    if "amr" in claims:
        claims["amr"] = json.dumps(claims["amr"], separators=(",", ":"))  # a text, as it was observed
    return Json(body={name: claims[name] for name in MEMBERS if name in claims}, headers={**NOT_STORED, **cors})


def _bearer(request: Request) -> str:
    """RFC 6750 §2.1 and §2.2: in the header, or in the form."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip() if scheme.lower() == "bearer" else ""
    if not token and not (token := request.form.get("access_token", "")):
        raise _no_good(EntraError(900144, parameter="access_token", hint="Send Authorization: Bearer {token}."))
    return token


def _opened(token: str, entra: Entra) -> dict[str, Any]:
    content = entra.seal.open("userinfo_token", token)
    if content is None:
        if _JWT.fullmatch(token):
            raise EntraError(
                90010, hint="The token is a JWT, which is for an API. This address takes the opaque token of a sign-in "
                "at v1.0 without resource, with openid in scope; v2.0 has https://graph.microsoft.com/oidc/userinfo.",
            )  # fmt: skip
        raise _no_good(EntraError(
            9002313, error="invalid_token",
            hint="This is no token of this server. Sign in again; after `mock-idp clean` older ones are void.",
        ))  # fmt: skip
    now, ends = entra.clock.now(), content["expires_at"]
    if now >= ends:
        raise _no_good(EntraError(
            500133, error="invalid_token", now=long_stamp(now), expires=long_stamp(ends),
            hint=f"The token expired {now - ends} seconds ago. Use the refresh token.",
        ))  # fmt: skip
    return content


def _claims(content: dict[str, Any], entra: Entra) -> dict[str, Any]:
    """What an id token would say now, and what only access tokens say of a sign-in."""
    tenant = entra.live.tenant(content["tenant"])
    user, client = tenant.user(content["user"]), tenant.client(content["client"])
    entra.journal.about(user=user.user_principal_name, client=client.app_id)
    if not user.account_enabled:
        refusal = disabled(user, f"{user.user_principal_name} was disabled after signing in.")
        refusal.error = "invalid_token"
        raise _no_good(refusal)
    authorization = Authorization(
        tenant=tenant, client=client, client_proof="0", resource=client, audience=client.app_id,
        subject=Subject(user, content["sid"], content["auth_time"], tuple(content["amr"])),
        oidc_scopes=("openid", "profile"),
    )  # fmt: skip
    claims: dict[str, Any] = {}
    for kind in (Kind.ACCESS_V1, Kind.ID_V1):
        claims |= fill(
            Draft(kind, authorization, client, content["issued_at"], content["expires_at"], entra.chance, [])
        )
    return claims


def _no_good(error: EntraError) -> EntraError:
    """What says that the token is no good comes with 401, RFC 6750 §3.1."""
    error.status = 401
    return error


def _challenge(error: EntraError) -> str:
    """``WWW-Authenticate``, RFC 6750 §3; its texts are quoted."""
    said = _UNQUOTABLE.sub("'", f"AADSTS{error.number}: {error.message}")
    return f'Bearer error="{error.error}", error_description="{said}"'

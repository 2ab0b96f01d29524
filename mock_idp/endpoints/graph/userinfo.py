"""``/oidc/userinfo``: ED:userinfo, facts §7.8; members in the order observed."""

from typing import Any

from mock_idp.endpoints import Entra
from mock_idp.endpoints.graph import require_scope, with_bearer
from mock_idp.endpoints.graph.me import user_of
from mock_idp.exchange import Json, Request
from mock_idp.facts.hosts import GRAPH_URI


@with_bearer
def userinfo(request: Request, entra: Entra, claims: dict[str, Any]) -> Json:  # noqa: ARG001 - a Graph resource's signature
    """``sub`` always, the others by scope."""
    user = user_of(claims, entra)
    require_scope(claims, frozenset({"openid"}))
    held = str(claims.get("scp", "")).split()
    body: dict[str, Any] = {"sub": claims["xms_st"]["sub"]}
    if "profile" in held:
        body |= {"name": user.display_name, "family_name": user.surname, "given_name": user.given_name}
        body["picture"] = f"{GRAPH_URI}/v1.0/me/photo/$value"
    if "email" in held:
        body["email"] = user.mail
    return Json(body={name: value for name, value in body.items() if value is not None})

"""``GET /v1.0/me``: GD:user-get, facts §8.1."""

from typing import Any

from mock_idp.directory.models import User
from mock_idp.endpoints import Entra
from mock_idp.endpoints.graph import GraphError, require_scope, with_bearer
from mock_idp.errors import EntraError
from mock_idp.exchange import Json, Request
from mock_idp.facts.graph_user import COLLECTIONS, DEFAULT, PROPERTIES
from mock_idp.facts.hosts import GRAPH_URI
from mock_idp.facts.wellknown import USER_READ_SCOPES
from mock_idp.runtime.journal import printable

_FIELDS = {
    name: "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
    for name in (*DEFAULT, "accountEnabled", "userType")
}
"""Properties that :class:`~mock_idp.directory.models.User` has fields of its own for."""

MEDIA_TYPE = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"


@with_bearer
def me(request: Request, entra: Entra, claims: dict[str, Any]) -> Json:
    """The signed-in user: the eleven default properties in Graph's order, or those of ``$select``."""
    user = user_of(claims, entra)
    require_scope(claims, USER_READ_SCOPES)
    names = _selected(request.query.get("$select") or request.query.get("select", ""), user)
    projection = f"({','.join(names)})" if names else ""
    return Json(
        media_type=MEDIA_TYPE,
        headers={"OData-Version": "4.0", "Cache-Control": "no-cache"},
        body={
            "@odata.context": f"{GRAPH_URI}/v1.0/$metadata#users{projection}/$entity",
            **{name: _value(user, name) for name in names or DEFAULT},
        },
    )


def _selected(text: str, user: User) -> tuple[str, ...]:
    """The properties that ``$select`` names, spelled as they are; none when all the default ones are meant.

    Raises:
        GraphError: 400 for one that a user has not.
    """
    known = {name.lower(): name for name in (*PROPERTIES, *user.attributes)}
    asked = [word.strip() for word in text.split(",") if word.strip()]
    if "*" in asked:
        return ()
    for word in asked:
        if word.lower() not in known:
            raise GraphError(
                400, "BadRequest", "Parsing OData Select and Expand failed: Could not find a property named "
                f"'{printable(word)}' on type 'microsoft.graph.user'.",
                f"$select has '{printable(word)}'; it takes properties of the user resource, with commas between them.",
            )  # fmt: skip
    return tuple(dict.fromkeys(known[word.lower()] for word in asked))


def _value(user: User, name: str) -> Any:
    """A property as JSON has it; what nobody declared is ``null``, or an empty collection."""
    value = getattr(user, _FIELDS[name]) if name in _FIELDS else user.attributes.get(name)
    if name in COLLECTIONS:
        return list(value or ())
    return value


def user_of(claims: dict[str, Any], entra: Entra) -> User:
    """The user whom a token is for.

    Raises:
        GraphError: 400 for an app-only token; 404 when the user is gone.
    """
    if claims.get("idtyp") == "app":
        raise GraphError(
            400, "BadRequest", "/me request is only valid with delegated authentication flow.",
            "The token is an application's (client_credentials); /me needs a signed-in user's.",
        )  # fmt: skip
    tenant = entra.live.tenant(claims["tid"])
    object_id, name = str(claims.get("oid")), str(claims.get("upn") or claims.get("unique_name", ""))
    try:
        return tenant.user_by_id(object_id) or tenant.user(name)
    except EntraError:
        raise GraphError(
            404, "Request_ResourceNotFound",
            f"Resource '{object_id}' does not exist or one of its queried reference-property objects are not present.",
            f"{tenant.display_name} has no user with this object id (any more).",
        ) from None  # fmt: skip

"""``GET /v1.0/me``: GD:user-get, facts §8.1."""

from typing import Any

from mock_idp.directory.models import User
from mock_idp.endpoints import Entra
from mock_idp.endpoints.graph import GraphError, require_scope, with_bearer
from mock_idp.errors import EntraError
from mock_idp.exchange import Json, Request
from mock_idp.facts.wellknown import USER_READ_SCOPES

MEDIA_TYPE = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"


@with_bearer
def me(request: Request, entra: Entra, claims: dict[str, Any]) -> Json:  # noqa: ARG001 - a Graph resource's signature
    """The signed-in user, the eleven default properties in Graph's order."""
    user = user_of(claims, entra)
    require_scope(claims, USER_READ_SCOPES)
    return Json(
        media_type=MEDIA_TYPE,
        headers={"OData-Version": "4.0", "Cache-Control": "no-cache"},
        body={
            "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users/$entity",
            "businessPhones": list(user.business_phones),
            "displayName": user.display_name,
            "givenName": user.given_name,
            "jobTitle": user.job_title,
            "mail": user.mail,
            "mobilePhone": user.mobile_phone,
            "officeLocation": user.office_location,
            "preferredLanguage": user.preferred_language,
            "surname": user.surname,
            "userPrincipalName": user.user_principal_name,
            "id": user.id,
        },
    )


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

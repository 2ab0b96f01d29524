"""Claims mapping: claims that an app names itself, from attributes of users and apps.

Follows ED:reference-claims-mapping-policy-type. Without a signing key of its own an app has to say
``acceptMappedClaims``, else Entra issues no token for it (50146), and be asked for by its client id or by a URI in a
domain of the tenant (501461).
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from mock_idp.directory.models import Application, MappedClaim, User
from mock_idp.errors import EntraError
from mock_idp.runtime.tenants import LiveTenant, home_name
from mock_idp.tokens.drafts import Draft

_OF_USER: Mapping[str, Callable[[User], Any]] = {
    "surname": lambda user: user.surname,
    "givenname": lambda user: user.given_name,
    "displayname": lambda user: user.display_name,
    "objectid": lambda user: user.id,
    "mail": lambda user: user.mail,
    "userprincipalname": home_name,
    "jobtitle": lambda user: user.job_title,
    "officelocation": lambda user: user.office_location,
    "mobilephone": lambda user: user.mobile_phone,
    "telephonenumber": lambda user: next(iter(user.business_phones), None),
    "preferredlanguage": lambda user: user.preferred_language,
    "accountenabled": lambda user: user.account_enabled,
    "usertype": lambda user: user.user_type,
}
"""Properties that have a field of their own; all others are found among ``attributes``, whatever their case."""

_OTHER_NAMES = {
    "othermail": "othermails",
    "netbiosname": "onpremisesnetbiosname",
    "dnsdomainname": "onpremisesdomainname",
    "onpremisesecurityidentifier": "onpremisessecurityidentifier",
    "facsimiletelephonenumber": "faxnumber",
}
"""What claims mapping calls otherwise than Microsoft Graph."""


def check_accepted(app: Application, audience: str, tenant: LiveTenant) -> None:
    """Refuse tokens for an app with a mapping that it does not accept, or may not accept by that name.

    Args:
        app: whom the token is for.
        audience: as it was asked for.
        tenant: whose domains count; an undeclared one takes any name.

    Raises:
        EntraError: 50146 or 501461.
    """
    if not app.claims_mapping:
        return
    if not app.accept_mapped_claims:
        raise EntraError(
            50146, hint=f"{app.display_name} has claimsMapping, but neither a signing key of its own (which "
            "nothing has here) nor acceptMappedClaims. Set acceptMappedClaims = true, as in its manifest.",
        )  # fmt: skip
    if tenant.strict and not _is_vouched(audience, app, tenant):
        domains = ", ".join(tenant.tenant.domains)
        raise EntraError(
            501461, hint=f"The token was asked for as '{audience}'. With acceptMappedClaims ask for {app.app_id}, or "
            f"for an identifierUris of {app.display_name} in a domain of {tenant.display_name} ({domains}), such as "
            f"https://{tenant.domain}/orders.",
        )  # fmt: skip


def _is_vouched(audience: str, app: Application, tenant: LiveTenant) -> bool:
    """Whether a name is the app's own id, or in a domain that the tenant proved to be its own (facts §5.3)."""
    name = audience.lower().removeprefix("spn:")
    if name == app.app_id:
        return True
    try:
        host = urlsplit(name).hostname or ""
    except ValueError:
        return False
    return any(host == domain or host.endswith(f".{domain}") for domain in map(str.lower, tenant.tenant.domains))


def mapped(draft: Draft) -> Mapping[str, Any]:
    """The claims that the app's mapping makes; those without a value are left out."""
    found = {each.claim: _value(each, draft) for each in draft.app.claims_mapping}
    return {name: value for name, value in found.items() if value is not None}


def _value(claim: MappedClaim, draft: Draft) -> Any:
    a = draft.authorization
    if claim.value is not None:
        return claim.value
    match claim.source:
        case "user":
            return _property(claim.id, draft) if a.subject else None
        case "company":
            return a.tenant.tenant.country if claim.id.lower() == "tenantcountry" else None
        case "application":
            return _of_app(claim.id, a.client)
        case "resource":
            return _of_app(claim.id, a.resource)
        case _:
            return _of_app(claim.id, draft.app)


def _of_app(name: str, app: Application) -> str | None:
    return {"displayname": app.display_name, "objectid": app.id}.get(name.lower())


def _property(name: str, draft: Draft) -> Any:
    user, wanted = draft.user, name.lower()
    if wanted in _OF_USER:
        return _OF_USER[wanted](user)
    if wanted == "assignedroles":
        return list(draft.authorization.tenant.roles(user.id, draft.app.app_id)) or None
    extensions = user.attributes.get("onPremisesExtensionAttributes")
    attributes = {**(extensions if isinstance(extensions, Mapping) else {}), **user.attributes}
    wanted = _OTHER_NAMES.get(wanted, wanted)
    value = next((attributes[key] for key in attributes if key.lower() == wanted), None)
    # several values are there for extension attributes alone
    return next(iter(value), None) if wanted == "othermails" and isinstance(value, list | tuple) else value

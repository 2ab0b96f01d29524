"""Users as they were written, made into people of a tenant."""

import re
from collections.abc import Sequence

from mock_idp.directory.ids import derived_guid, is_domain, is_guid
from mock_idp.directory.models import Tenant, User
from mock_idp.directory.names import unknown
from mock_idp.directory.reading import Table
from mock_idp.directory.source import Place
from mock_idp.directory.words import listed, nearest, shown
from mock_idp.facts.directory_roles import DIRECTORY_ROLES
from mock_idp.facts.hosts import issuer_of

_UPN = r"[^\s@<>\"\\]{1,64}@[^\s@<>\"\\]{1,255}"


def people(tables: Sequence[Table], tenant: Tenant, homes: Sequence[Tenant]) -> tuple[User, ...]:
    """The users that were written.

    Args:
        tables: the users.
        tenant: whose, with its domains.
        homes: the declared tenants, where guests may be at home.

    Raises:
        UserError: something is missing, or is there twice.
    """
    users = []
    owners: dict[str, str] = {}
    for table in tables:
        user = _user(table, tenant, homes)
        for key, name in (("userPrincipalName", user.user_principal_name), ("id", user.id)):
            if name.casefold() in owners:
                raise table.at(key).mistake(
                    "is another user's.", f"{shown(name)} belongs to {owners[name.casefold()]} already.",
                    "Take one of them out, or give it another.",
                )  # fmt: skip
            owners[name.casefold()] = user.display_name
        users.append(user)
    return tuple(users)


def _user(table: Table, tenant: Tenant, homes: Sequence[Tenant]) -> User:
    upn = _principal_name(table, tenant)
    words = [word.capitalize() for word in re.split(r"[._-]+", re.split("@|#", upn)[0]) if word]
    name = table.get("displayName") or " ".join(words) or upn
    first, _, rest = name.partition(" ")
    idp = _identity_provider(table, homes)
    roles = tuple(dict.fromkeys(_directory_role(text, place) for text, place in table.texts("directoryRoles")))
    return User(
        id=table.get("id") or derived_guid(tenant.id, "user", upn.lower()),
        user_principal_name=upn,
        display_name=name,
        given_name=table.get("givenName", first) or None,
        surname=table.get("surname", rest.rpartition(" ")[2]) or None,
        mail=table.get("mail", upn if "#EXT#" not in upn else "") or None,
        job_title=table.get("jobTitle") or None,
        office_location=table.get("officeLocation") or None,
        mobile_phone=table.get("mobilePhone") or None,
        business_phones=table.get("businessPhones", ()),
        preferred_language=table.get("preferredLanguage") or None,
        password=table.get("password") or None,
        account_enabled=table.get("accountEnabled", True),
        user_type=table.get("userType") or ("Guest" if idp else "Member"),
        identity_provider=idp,
        locked=table.get("locked", False),
        password_expired=table.get("passwordExpired", False),
        mfa_required=table.get("mfaRequired", False),
        mfa_registered=table.get("mfaRegistered", True),
        directory_roles=roles,
        claims=table.get("claims", {}) | dict.fromkeys(table.get("withoutClaims", ())),
        attributes=table.get("attributes", {}),
    )


def _principal_name(table: Table, tenant: Tenant) -> str:
    """The user principal name, with the tenant's domain; of a guest, what Entra makes of the address."""
    upn, mail = table.get("userPrincipalName"), table.get("mail")
    if not upn and mail and "@" in mail and (table.get("homeTenant") or table.get("identityProvider")):
        return f"{mail.replace('@', '_')}#EXT#@{tenant.domains[0]}"
    upn = upn or str(table.required("userPrincipalName", "user"))
    upn = upn if "@" in upn else f"{upn}@{tenant.domains[0]}"
    place = table.at("userPrincipalName")
    domain = upn.rpartition("@")[2].lower()
    if domain not in tenant.domains and is_domain(domain):
        near = nearest(domain, tenant.domains) or tenant.domains[0]
        raise place.mistake(
            "is outside the tenant's domains.",
            f"{shown(upn)} came; {tenant.display_name} owns {listed(tenant.domains)}.",
            f'Write "{upn.partition("@")[0]}@{near}", or add "{domain}" to domains; a guest has mail and homeTenant.',
        )
    if not re.fullmatch(_UPN, upn) or domain not in tenant.domains:
        raise place.mistake("is no user name.", f"{shown(upn)} came.", f'Write one such as "rita@{tenant.domains[0]}".')
    return upn


def _identity_provider(table: Table, homes: Sequence[Tenant]) -> str | None:
    name, place = table.get("homeTenant"), table.at("homeTenant")
    if not name:
        return table.get("identityProvider") or None
    for home in homes:
        if name.casefold() in (home.id, home.display_name.casefold(), *home.domains):
            return issuer_of(home.id, v1=True)
    if is_guid(name) or is_domain(name):
        tenant_id = name.lower() if is_guid(name) else derived_guid("tenant", name.lower())
        return issuer_of(tenant_id, v1=True)
    raise unknown("tenant", name, place, [home.display_name for home in homes])


def _directory_role(name: str, place: Place) -> str:
    if is_guid(name):
        return name.lower()
    for role, template_id in DIRECTORY_ROLES.items():
        if role.casefold() == name.casefold():
            return template_id
    near = nearest(name, DIRECTORY_ROLES)
    raise place.mistake(
        "is no directory role known here.", f"{shown(name)} came.{f' Nearest is {near}.' if near else ''}",
        f'Write "{near}", or the template id of the role.' if near else "Write the template id of the role.",
    )  # fmt: skip

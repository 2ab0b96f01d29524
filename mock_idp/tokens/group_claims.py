"""Groups in tokens: which ones, in which form, and what is there instead when they are too many.

Follows ED:optional-claims and entra-docs ``how-to-connect-fed-group-claims``. Groups of groups count, except with
``ApplicationGroup``: there a user has to be a direct member, as for app roles.
"""

from collections.abc import Callable

from mock_idp.directory.models import Group
from mock_idp.facts.wellknown import GUEST_ROLE, PLAIN_USER_ROLE
from mock_idp.tokens.drafts import Draft

MOST_IN_A_JWT = 200
"""More groups than this are not listed. ED:access-token-claims-reference"""

MOST_IN_A_FRAGMENT = 5
"""Likewise in a token that travels in a URL's fragment: with six or more there is ``hasgroups``. The same page"""

AS_ROLES = "emit_as_roles"

_ON_PREMISES: dict[str, Callable[[Group], str | None]] = {
    "sam_account_name": lambda g: g.on_premises_sam_account_name,
    "dns_domain_and_sam_account_name": lambda g: _qualified(g.on_premises_domain_name, g),
    "netbios_domain_and_sam_account_name": lambda g: _qualified(g.on_premises_net_bios_name, g),
}


def _qualified(domain: str | None, group: Group) -> str | None:
    return f"{domain}\\{group.on_premises_sam_account_name}" if domain else None


def are_asked(draft: Draft) -> bool:
    """Whether the app's ``groupMembershipClaims`` ask for any groups, or a test gave some."""
    return draft.authorization.groups is not None or bool(draft.app.group_membership_claims)


def are_too_many(draft: Draft) -> bool:
    """Whether there are groups to list, and more than fit."""
    return are_asked(draft) and len(_values(draft)) > _most(draft)


def listed(draft: Draft) -> list[str] | None:
    """The claim ``groups``."""
    values = _fitting(draft)
    return None if values is None or _are_roles(draft) else values


def as_roles(draft: Draft) -> list[str] | None:
    """The groups in place of the app roles, when the app asks for that; else ``None``."""
    return (_fitting(draft) or []) if are_asked(draft) and _are_roles(draft) else None


def names(_: Draft) -> dict[str, str]:
    """The claim ``_claim_names``: where the groups that were left out are."""
    return {"groups": "src1"}


def sources(draft: Draft) -> dict[str, dict[str, str]]:
    """The claim ``_claim_sources``; the host is still that of Azure AD Graph (facts §5.3)."""
    a = draft.authorization
    holder = f"users/{a.subject.user.id}" if a.subject else f"servicePrincipals/{a.client.id}"
    return {"src1": {"endpoint": f"https://graph.windows.net/{a.tenant.id}/{holder}/getMemberObjects"}}


def directory_roles(draft: Draft) -> list[str]:
    """The claim ``wids`` of a user: directory roles, and the mark that every user has, or that of guests."""
    return [*draft.user.directory_roles, GUEST_ROLE if draft.user.user_type == "Guest" else PLAIN_USER_ROLE]


def _fitting(draft: Draft) -> list[str] | None:
    values = _values(draft)
    return list(values) if 0 < len(values) <= _most(draft) else None


def _most(draft: Draft) -> int:
    return MOST_IN_A_FRAGMENT if draft.authorization.in_fragment else MOST_IN_A_JWT


def _are_roles(draft: Draft) -> bool:
    return draft.authorization.groups is None and AS_ROLES in draft.properties("groups")


def _values(draft: Draft) -> tuple[str, ...]:
    """What to list, however many; only users have groups in tokens."""
    given = draft.authorization.groups
    if given is not None or draft.authorization.subject is None:
        return given or ()
    if not draft.groups:
        groups = _groups(draft)
        form = _form(draft) if groups else _object_id
        draft.groups.append(tuple(value for group in groups if (value := form(group)) is not None))
    return draft.groups[0]


def _groups(draft: Draft) -> tuple[Group, ...]:
    wanted, tenant, user_id = draft.app.group_membership_claims, draft.authorization.tenant, draft.user.id
    member = tenant.groups_of(user_id)
    if not member or "All" in wanted:
        return member
    found: dict[str, Group] = {}
    if "SecurityGroup" in wanted:
        found |= {group.id: group for group in member if group.security_enabled}
    if "ApplicationGroup" in wanted:
        found |= {group.id: group for group in tenant.assigned_groups(user_id, draft.app.app_id)}
    return tuple(found.values())


def _object_id(group: Group) -> str:
    return group.id


def _form(draft: Draft) -> Callable[[Group], str | None]:
    """How a group is written: its object id, unless the optional claim ``groups`` wants names.

    Names from Active Directory are there for synchronised groups alone; others are left out, or given by display name
    with ``cloud_displayname``, which counts for groups assigned to the app only.
    """
    properties = draft.properties("groups")
    on_premises = next((_ON_PREMISES[name] for name in properties if name in _ON_PREMISES), None)
    cloud = "cloud_displayname" in properties and "ApplicationGroup" in draft.app.group_membership_claims
    if on_premises is None and not cloud:
        return _object_id

    def written(group: Group) -> str | None:
        if group.on_premises_sam_account_name:
            return on_premises(group) if on_premises else group.id
        return group.display_name if cloud else None

    return written

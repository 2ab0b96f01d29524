"""Which resource the scopes are for, and which of its permissions. Follows ED:scopes-oidc and facts §4.4."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from mock_idp.directory.ids import is_guid
from mock_idp.directory.models import Application
from mock_idp.endpoints import Entra
from mock_idp.endpoints.registrations import check_listed, check_permissions
from mock_idp.endpoints.scopes import DEFAULT, Asked, Item, bare, invalid_scope
from mock_idp.errors import EntraError
from mock_idp.facts.wellknown import AAD_GRAPH_APP_ID, GRAPH_APP_ID
from mock_idp.runtime.tenants import DeclaredTenant, LiveTenant, some

_GRAPH_PERMISSION = re.compile(r"[A-Z][A-Za-z0-9]*(-[A-Z][A-Za-z0-9]*)?(\.[A-Za-z][A-Za-z-]*)+")
"""Graph gets new permissions every month; anything of this shape that the table lacks is taken for one."""


class Target(NamedTuple):
    """The permissions asked of one resource.

    Attributes:
        resource: the API.
        audience: how it was named.
        prefixed: whether its first scope is written with the resource in front.
        explicit: whether any of its scopes is.
        names: permissions in the resource's own spelling; with ``default`` what it stands for.
        default: ``/.default`` was asked.
    """

    resource: Application
    audience: str
    prefixed: bool = False
    explicit: bool = False
    names: tuple[str, ...] = ()
    default: bool = False


def resources(asked: Asked, tenant: LiveTenant) -> list[tuple[Application, list[Item]]]:
    """The resources asked for with what is asked of each, in order of first mention.

    Raises:
        EntraError: 500011 for an unknown one; 500014 for one that is disabled.
    """
    grouped: dict[str, tuple[Application, list[Item]]] = {}
    for item in asked.items:
        resource = tenant.find_resource(bare(item.identifier))
        if resource is None:
            elsewhere = tenant.elsewhere(item.identifier) if isinstance(tenant, DeclaredTenant) else ""
            raise EntraError(
                500011, resource=item.prefix, tenant=tenant.display_name,
                hint=f"{tenant.display_name} has no API '{item.prefix}' (asked for as '{item}'). Check the prefix of "
                f"the scope against the API's Application ID URI.{elsewhere}",
            )  # fmt: skip
        if not resource.account_enabled:
            raise EntraError(
                500014, resource=item.identifier,
                hint=f"The service principal of {resource.display_name} is declared with accountEnabled = false.",
            )  # fmt: skip
        grouped.setdefault(resource.app_id, (resource, []))[1].append(item)
    return list(grouped.values())


def named(asked: Asked, tenant: LiveTenant) -> list[Target]:
    """The resources asked for with the permissions as they were written, whether they exist or not.

    Raises:
        EntraError: 500011 for an unknown resource.
    """
    return [
        Target(
            resource=app,
            audience=items[0].identifier,
            prefixed=bool(items[0].prefix),
            explicit=any(item.prefix for item in items),
            names=tuple(item.name for item in items if item.name != DEFAULT),
            default=items[0].name == DEFAULT,
        )
        for app, items in resources(asked, tenant)
    ]


class Resolver:
    """Resolves what a user's sign-in is asked for.

    Args:
        tenant: whose resources there are.
        client: who asks.
        entra: where guesses are noted.
        at_authorize: the authorization endpoint asks, which has an error of its own for an unknown permission.
    """

    def __init__(self, tenant: LiveTenant, client: Application, entra: Entra, *, at_authorize: bool = False) -> None:
        self._tenant = tenant
        self._client = client
        self._entra = entra
        self._at_authorize = at_authorize

    def targets(self, asked: Asked) -> list[Target]:
        """Resources in order of first mention, and their permissions.

        Raises:
            EntraError: 500011 or 500014 for an unknown or disabled resource; 650053, or at the token endpoint 70011,
                for an unknown permission; 650057 for ``.default`` of a resource on which the client has none.
        """
        if self._at_authorize:
            check_listed(asked, self._client, self._tenant)
        return [self._target(resource, items) for resource, items in resources(asked, self._tenant)]

    def _target(self, resource: Application, items: list[Item]) -> Target:
        default = items[0].name == DEFAULT
        names = self._registered(resource, items[0]) if default else [self._exposed(resource, item) for item in items]
        return Target(
            resource=resource,
            audience=items[0].identifier,
            prefixed=bool(items[0].prefix),
            explicit=any(item.prefix for item in items),
            names=tuple(dict.fromkeys(names)),
            default=default,
        )

    def _registered(self, resource: Application, item: Item) -> tuple[str, ...]:
        """What ``.default`` stands for: the permissions in the client's app registration.

        An undeclared client has registered nothing; for it, ``.default`` is all that was ever asked of the resource.
        """
        if not self._tenant.strict:
            usual = ("User.Read",) if resource.is_graph else ("user_impersonation",)
            names = usual if resource.first_party else tuple(scope.value for scope in resource.scopes) or usual
            self._entra.journal.note(f"{item}: taken to mean {' '.join(names)}")
            return names
        client = self._client
        listed = [each.resource_app_id for each in client.required_resources]
        known = dict.fromkeys((*listed, *self._tenant.resources_of(client.app_id)))
        pre_authorized = any(each.app_id == client.app_id for each in resource.pre_authorized)
        if resource.app_id not in (client.app_id, *known) and not pre_authorized:
            raise EntraError(
                650057, app_id=client.app_id, name=client.display_name, resource=item.identifier,
                resource_id=resource.app_id, known=", ".join(known) or "none",
                hint=f"{item} asks for the permissions that {client.display_name} has on {resource.display_name} in "
                "its app registration; it has none.",
            )  # fmt: skip
        wanted = [each for each in client.required_resources if each.resource_app_id == resource.app_id]
        ids = {permission for each in wanted for permission in each.scopes}
        if self._at_authorize:
            check_permissions(resource, client, self._tenant)
        return tuple(scope.value for scope in resource.scopes if scope.enabled and scope.id in ids)

    def _exposed(self, resource: Application, item: Item) -> str:
        """The permission in the resource's own spelling."""
        for scope in resource.scopes:
            if scope.enabled and scope.value.lower() == item.name.lower():
                return scope.value
        if resource.touched:
            self._entra.live.touch_scope(self._tenant.id, resource.app_id, item.name)
        elif resource.is_graph and _GRAPH_PERMISSION.fullmatch(item.name):
            self._entra.journal.note(
                f"{item.name} is in no table of Graph's permissions; taken for one that users consent to"
            )
        else:
            raise self._unknown(resource, item)
        return item.name

    def _unknown(self, resource: Application, item: Item) -> EntraError:
        known = some([scope.value for scope in resource.scopes if scope.enabled])
        hint = f"{resource.display_name} exposes {known}; '{item.name}' is none of them."
        if resource.is_graph and not item.prefix:
            hint += f" A name without an API before it is Microsoft Graph's{self._meant(item)}"
        if any(scope.value.lower() == item.name.lower() for scope in resource.scopes):
            hint += " It is there, but disabled (isEnabled = false)."
        if not self._at_authorize:
            return invalid_scope(str(item), hint)
        name = self._client.display_name
        return EntraError(650053, name=name, scope=item.name, resource_id=resource.app_id, hint=hint)

    def _meant(self, item: Item) -> str:
        api = self._tenant.find_resource(item.name) if is_guid(item.name) else None
        if api is None:
            return f": is {{application ID URI}}/{item} meant?"
        uri = next(iter(api.identifier_uris), api.app_id)
        return f", and this is the client id of {api.display_name}: ask for {uri}/.default, or for a scope of it."


def targets_in_any(
    tenants: Sequence[LiveTenant], app_id: str, asked: Asked, entra: Entra, *, at_authorize: bool = False
) -> list[Target]:
    """What is asked for, in the first tenant that has it: on an alias any may, until the user tells which one has to.

    Args:
        tenants: for which people may sign in; not empty.
        app_id: of the client.
        asked: the scopes.
        entra: see :class:`Resolver`.
        at_authorize: likewise.

    Raises:
        EntraError: what is wrong in the first of them, see :meth:`Resolver.targets`.
    """
    refusals = []
    for tenant in tenants:
        try:
            return Resolver(tenant, tenant.client(app_id), entra, at_authorize=at_authorize).targets(asked)
        except EntraError as refusal:
            refusals.append(refusal)
    raise refusals[0]


def oidc_target(tenant: LiveTenant, *, v1: bool = False) -> Target:
    """OIDC scopes alone give a token for Graph, good for userinfo; at v1.0 that is Azure AD Graph (facts §7.8)."""
    app_id = AAD_GRAPH_APP_ID if v1 else GRAPH_APP_ID
    graph = tenant.find_resource(app_id)
    if graph is None:
        raise RuntimeError("Microsoft's own APIs are in every tenant")
    return Target(resource=graph, audience=app_id)


def one_target(asked: Asked, found: list[Target], entra: Entra) -> Target:
    """Choose the resource that the redemption of a code is for.

    With at most one explicit resource the first scope's resource wins; with several it is 28000 (facts §4.4).

    Args:
        asked: the scopes.
        found: what :meth:`Resolver.targets` made of them; not empty.
        entra: whose setting ``multi_resource_code`` counts.

    Raises:
        EntraError: 28000.
    """
    if several_explicit(found) or (len(found) > 1 and entra.settings.multi_resource_code == "strict"):
        named = ", ".join(f"{target.resource.display_name} by {_asked_as(target)}" for target in found)
        raise EntraError(
            28000, scope=asked.text,
            hint=f"One token is for one resource, and these scopes name {len(found)}: {named}. Ask for one resource "
            "here and get the other's token with the refresh token.",
        )  # fmt: skip
    return first_target(found, entra)


def _asked_as(target: Target) -> str:
    """The scopes of one resource, as they may be written."""
    prefix = f"{target.audience}/" if target.explicit else ""
    return " ".join(f"'{prefix}{name}'" for name in _asked_names(target))


def _asked_names(target: Target) -> tuple[str, ...]:
    return (DEFAULT,) if target.default else target.names


def several_explicit(found: list[Target]) -> bool:
    """Whether more than one resource is named by a prefix."""
    return sum(target.explicit for target in found) > 1


def first_target(found: list[Target], entra: Entra) -> Target:
    """The first resource; what is dropped is noted, because it surprises people."""
    if len(found) > 1:
        dropped = ", ".join(f"{t.audience}/{name}" for t in found[1:] for name in _asked_names(t))
        entra.journal.note(
            f"scopes of {len(found)} resources: the token is for the first one, {found[0].resource.display_name}; "
            f"dropped {dropped} (Entra does the same)"
        )
    return found[0]


def check_own_api(client: Application, target: Target, *, unnamed: bool) -> None:
    """An app that asks for itself has to use its GUID, unless it asks for scopes by name (facts §4.3).

    Args:
        client: who asks.
        target: what for.
        unnamed: whether no permission was named: ``.default``, or a refresh without ``scope`` or for OIDC scopes alone.

    Raises:
        EntraError: 90009.
    """
    own, named = client.app_id, target.audience
    if unnamed and target.resource.app_id == own and bare(named).lower() != own:
        raise EntraError(
            90009, app_id=own,
            hint=f"The app asks for a token for itself; send scope={own}/.default, or the scopes by name, instead of "
            f"{f'{named}/.default' if target.default else 'no permission'}.",
        )  # fmt: skip


def check_resource(resource: str, found: list[Target], tenant: LiveTenant) -> None:
    """v2.0 takes the resource from ``scope``; a parameter ``resource`` beside it has to say the same (facts §3.1).

    Clients of MCP servers send it: RFC 8707.

    Raises:
        EntraError: 9010010.
    """
    names = {name.lower() for t in found for name in (t.audience, t.resource.app_id, *t.resource.identifier_uris)}
    if resource and resource.lower() not in names:
        asked = " and ".join(f"{target.resource.display_name} ({_asked_as(target)})" for target in found)
        raise EntraError(
            9010010,
            hint=f"resource is '{resource[:200]}'{_known_as(resource, tenant)}; scope names {asked or 'no API'}. "
            f"{_unprefixed(found)}{_slashed(resource, names)}Leave resource out, or let both name one API. "
            "An MCP client takes resource from the server's protected-resource metadata: put the API's Application ID "
            "URI there, or add the server's address to its identifierUris.",
        )


def _unprefixed(found: list[Target]) -> str:
    """The commonest slip of MCP servers, which no value of ``resource`` mends: scopes without their API in front."""
    for target in found:
        graphs = {scope.value.lower() for scope in target.resource.scopes}
        slip = next((name for name in target.names if name.lower() not in graphs), "")
        if slip and target.resource.is_graph and not target.explicit:
            return (
                f"A name without an API before it is Microsoft Graph's: is {{application ID URI}}/{slip} meant? An MCP "
                "client takes scope from WWW-Authenticate, else from scopes_supported. "
            )
    return ""


def _slashed(resource: str, names: set[str]) -> str:
    """The next one: URL libraries put a slash behind an address without a path."""
    if resource.lower().rstrip("/") not in names:
        return ""
    return "The slash at the end is too much: Entra compares it, and registers no Application ID URI that has one. "


def _known_as(resource: str, tenant: LiveTenant) -> str:
    """Which API a parameter ``resource`` names; looking it up in an undeclared tenant would make it."""
    if not isinstance(tenant, DeclaredTenant):
        return ""
    app = tenant.find_resource(bare(resource))
    return f", which is {app.display_name}" if app else f", which names no API in {tenant.display_name}"

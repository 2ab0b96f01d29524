"""Reads ``scope``: which resource, which permissions. Follows ED:scopes-oidc; several resources as facts §4.4."""

import re
from dataclasses import dataclass

from mock_idp.directory.models import Application
from mock_idp.endpoints import Entra
from mock_idp.errors import EntraError
from mock_idp.facts.wellknown import GRAPH_APP_ID, OIDC_SCOPES
from mock_idp.runtime.live import LiveTenant, is_guid

DEFAULT = ".default"

_SCOPE_NAME = re.compile(r"[\w.\-]{1,120}")
_URI = re.compile(r"[a-z][a-z0-9+.\-]*://[^\s<>\"\\^`{|}]+", re.IGNORECASE)
_GRAPH_PERMISSION = re.compile(r"[A-Z][A-Za-z]*(-[A-Z][A-Za-z]*)?(\.[A-Za-z][A-Za-z-]*)+")
"""Graph has hundreds of permissions, our table the usual ones; anything of this shape is taken for one of them."""


@dataclass(frozen=True, slots=True)
class Item:
    """One scope that is not an OIDC one.

    Attributes:
        prefix: the resource as written before the last ``/``, or empty (then it is Graph's).
        name: the permission, or ``.default``.
    """

    prefix: str
    name: str

    @property
    def identifier(self) -> str:
        """What names the resource."""
        return self.prefix or GRAPH_APP_ID

    def __str__(self) -> str:
        return f"{self.prefix}/{self.name}" if self.prefix else self.name


@dataclass(frozen=True, slots=True)
class Asked:
    """A ``scope`` parameter taken apart.

    Attributes:
        text: as it came.
        oidc: the OIDC scopes in it.
        items: the others, in order.
    """

    text: str
    oidc: tuple[str, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """The permissions asked of one resource.

    Attributes:
        resource: the API.
        audience: how it was named.
        prefixed: whether scopes are written with the resource in front.
        names: permissions in the resource's own spelling; empty when ``default``.
        default: ``/.default`` was asked.
    """

    resource: Application
    audience: str
    prefixed: bool
    names: tuple[str, ...]
    default: bool


def invalid_scope(scope: str, hint: str, *, bad_format: bool = False) -> EntraError:
    """AADSTS70011."""
    note = (
        " The scope format is invalid. Scope must be in a valid URI form <https://example/scope> or a valid Guid "
        "<guid/scope>."
    )
    return EntraError(70011, scope=scope, format_note=note if bad_format else "", hint=hint)


def parse(text: str) -> Asked:
    """Take a ``scope`` parameter apart.

    Raises:
        EntraError: 70011 when a scope cannot be read, when ``.default`` stands beside named scopes, or when
            ``offline_access`` stands alone.
    """
    words = list(dict.fromkeys(text.split()))
    if any(not word.isprintable() for word in words):
        raise invalid_scope(text, "A scope holds a character that cannot be printed.", bad_format=True)
    oidc = tuple(word for word in words if word.lower() in OIDC_SCOPES)
    items = tuple(_item(word, text) for word in words if word.lower() not in OIDC_SCOPES)
    if any(item.name == DEFAULT for item in items) and any(item.name != DEFAULT for item in items):
        raise invalid_scope(text, ".default scope can't be combined with resource-specific scopes; ask for one kind.")
    if oidc == ("offline_access",) and not items:
        raise invalid_scope(
            "offline_access",
            "offline_access scope request must include either openid scope or a resource scope.",
        )
    return Asked(text, tuple(scope.lower() for scope in oidc), items)


def _item(word: str, text: str) -> Item:
    prefix, slash, name = word.rpartition("/")
    well_formed = not slash or _URI.fullmatch(prefix) or is_guid(prefix)
    if not well_formed or not (_SCOPE_NAME.fullmatch(name)):
        raise invalid_scope(
            text,
            f"'{word}' is no scope: expected a name such as User.Read, api://{{client id}}/data.read, or "
            "{resource}/.default.",
            bad_format=True,
        )
    return Item(prefix, name)


def targets(asked: Asked, tenant: LiveTenant, client: Application, entra: Entra) -> list[Target]:
    """Resolve the resources asked for, in order of first mention, and check that they expose the permissions.

    Raises:
        EntraError: 500011 for an unknown resource, 650053 or 70011 for an unknown permission.
    """
    grouped: dict[str, tuple[Application, list[Item]]] = {}
    for item in asked.items:
        resource = tenant.find_resource(item.identifier)
        if resource is None:
            raise EntraError(
                500011, resource=item.prefix, tenant=tenant.display_name,
                hint=f"{tenant.display_name} has no API '{item.prefix}' (asked for as '{item}'). Check the prefix of "
                "the scope against the API's Application ID URI.",
            )  # fmt: skip
        grouped.setdefault(resource.app_id, (resource, []))[1].append(item)
    return [_target(resource, items, tenant, client, entra) for resource, items in grouped.values()]


def _target(resource: Application, items: list[Item], tenant: LiveTenant, client: Application, entra: Entra) -> Target:
    names = tuple(_exposed(item, resource, tenant, client, entra) for item in items if item.name != DEFAULT)
    return Target(
        resource=resource,
        audience=items[0].identifier,
        prefixed=bool(items[0].prefix),
        names=names,
        default=not names,
    )


def _exposed(item: Item, resource: Application, tenant: LiveTenant, client: Application, entra: Entra) -> str:
    for scope in resource.scopes:
        if scope.value.lower() == item.name.lower():
            return scope.value
    if resource.touched:
        entra.live.touch_scope(tenant.id, resource.app_id, item.name)
        return item.name
    if resource.is_graph and _GRAPH_PERMISSION.fullmatch(item.name):
        entra.journal.note(f"{item.name} is not in the table of Graph permissions; taken for one of them")
        return item.name
    known = ", ".join(scope.value for scope in resource.scopes)
    raise EntraError(
        650053, name=client.display_name, scope=item.name, resource_id=resource.app_id,
        hint=f"{resource.display_name} exposes {known or 'no scope'}; '{item.name}' is none of them.",
    )  # fmt: skip


def one_target(asked: Asked, found: list[Target], entra: Entra) -> Target:
    """Choose the resource that a token request is for.

    With at most one explicit resource the first scope's resource wins; with several it is 28000 (facts §4.4).

    Args:
        found: what :func:`targets` made of ``asked``; not empty.

    Raises:
        EntraError: 28000.
    """
    explicit = {t.resource.app_id: t.audience for t in found if _is_explicit(asked, t)}
    mixed = len(found) > 1
    if len(explicit) > 1 or (mixed and entra.settings.multi_resource_code == "strict"):
        named = ", ".join(f"{t.resource.display_name} ({', '.join(t.names) or DEFAULT})" for t in found)
        raise EntraError(
            28000, scope=asked.text,
            hint=f"One token is for one resource, and these scopes name {len(found)}: {named}. Ask for one resource "
            "here and get the other's token with the refresh token.",
        )  # fmt: skip
    if mixed:
        dropped = ", ".join(f"{t.audience}/{name}" for t in found[1:] for name in t.names or (DEFAULT,))
        entra.journal.note(
            f"scopes of {len(found)} resources: the token is for the first one, {found[0].resource.display_name}; "
            f"dropped {dropped} (Entra does the same)"
        )
    return found[0]


def _is_explicit(asked: Asked, target: Target) -> bool:
    return any(item.prefix for item in asked.items if _same_resource(item, target))


def _same_resource(item: Item, target: Target) -> bool:
    identifiers = (target.resource.app_id, *(uri.lower() for uri in target.resource.identifier_uris))
    return item.identifier.lower() in identifiers


def granted(entra: Entra, tenant: LiveTenant, client: Application, user_id: str, target: Target) -> tuple[str, ...]:
    """Every delegated permission that a client has on a resource for a user, in the order granted (facts §3.8)."""
    to_all = tenant.granted_to_all(client.app_id, target.resource.app_id)
    own = entra.store.consented(tenant.id, client.app_id, user_id, target.resource.app_id)
    return tuple(dict.fromkeys((*to_all, *own)))


def echo(target_scopes: tuple[str, ...], oidc: tuple[str, ...], target: Target) -> str:
    """Member ``scope`` of a token answer (facts §4.3): prefixed as asked; OIDC scopes only beside Graph's."""
    prefix = f"{target.audience}/" if target.prefixed else ""
    named = [prefix + name for name in target_scopes]
    if target.default:
        named.append(f"{target.audience}/{DEFAULT}" if target.prefixed else DEFAULT)
    if target.resource.is_graph:
        named += [scope for scope in ("profile", "openid", "email") if scope in oidc]
    return " ".join(named)

"""Users, apps, groups and consents that a test adds to a tenant, or changes in it, until the next reset."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from mock_idp.directory.ids import derived_guid, is_guid
from mock_idp.directory.models import (
    Application,
    AppRole,
    AppRoleAssignment,
    ConsentGrant,
    FederatedCredential,
    Group,
    KeyCredential,
    PasswordCredential,
    PermissionScope,
    Platform,
    RedirectUri,
    Tenant,
    User,
)
from mock_idp.errors import UserError
from mock_idp.runtime.live import LiveDirectory
from mock_idp.runtime.tenants import MULTI_TENANT, LiveTenant
from mock_idp.testing.words import check_names
from mock_idp.tokens.certificates import from_pem, load
from mock_idp.tokens.minting import find_app, find_resource, find_user, scopes_of

Named = TypeVar("Named", User, Application, Group)
_ONE = (RedirectUri, PermissionScope, AppRole, KeyCredential, FederatedCredential)


class Additions:
    """What tests declare.

    Args:
        live: who and what exists.
    """

    def __init__(self, live: LiveDirectory) -> None:
        self._live = live

    def user(self, tenant: LiveTenant, name: str, groups: Iterable[str], given: Mapping[str, Any]) -> User:
        """Add a user, or change one who is there."""
        fields, joined = _fields("user", User, given), tuple(groups)
        # in an undeclared tenant people have the names of those who are lent to it
        domain = tenant.domain if tenant.strict else self._live.directory.tenants[0].domains[0]
        full = name if "@" in name else f"{name}@{domain}"

        def changed(there: LiveTenant) -> Tenant:
            user = (_known_user(there, name, full) or _new_user(there, full, fields))._replace(**fields)
            found = there.tenant._replace(users=_with(there.tenant.users, user))
            for group in joined:
                found = _joined(found, there, group, user.id)
            return found

        self._live.change(tenant, changed)
        there = self._live.tenant(tenant.id)
        return _known_user(there, name, full) or find_user(there, full)

    def group(self, tenant: LiveTenant, name: str, members: Iterable[str], given: Mapping[str, Any]) -> Group:
        """Add a group, or change one that is there; its members are added to those it has."""
        fields, named = _fields("group", Group, given), tuple(members)

        def changed(there: LiveTenant) -> Tenant:
            group = _group(there.tenant, there, name)._replace(**fields)
            added = [_principal(there, member) for member in named]
            group = group._replace(members=tuple(dict.fromkeys((*group.members, *added))))
            return there.tenant._replace(groups=_with(there.tenant.groups, group))

        self._live.change(tenant, changed)
        there = self._live.tenant(tenant.id)
        return _group(there.tenant, there, name)

    def app(self, tenant: LiveTenant, name: str, given: Mapping[str, Any]) -> Application:
        """Add an app registration, or change one that is there."""
        short = {key: given[key] for key in _SHORT if key in given}
        fields = _fields(
            "app", Application, {key: given[key] for key in given if key not in _SHORT}, also=tuple(_SHORT)
        )
        app_id = str(fields.get("app_id") or _known_app_id(tenant, name) or _new_app_id(tenant, name))

        def changed(there: LiveTenant) -> Tenant:
            app = _app(there, app_id, name, short)._replace(**fields)
            if (app.scopes or app.app_roles) and not app.identifier_uris:
                app = app._replace(identifier_uris=(f"api://{app.app_id}",))
            return there.tenant._replace(applications=_with(there.tenant.applications, app))

        self._live.change(tenant, changed)
        return find_app(self._live.tenant(tenant.id), app_id)

    def consent(self, tenant: LiveTenant, client: str, resource: str, scopes: Sequence[str], user: str | None) -> None:
        """Grant delegated permissions to a client, for one user or for everybody."""

        def changed(there: LiveTenant) -> Tenant:
            api = find_resource(there, resource)
            grant = ConsentGrant(
                client_id=(self._visiting(there, client) or find_app(there, client)).app_id,
                resource_id=api.app_id,
                scopes=scopes_of(there, api, scopes),
                user_id=find_user(there, user).id if user else None,
            )
            return there.tenant._replace(grants=(*there.tenant.grants, grant))

        self._live.change(tenant, changed)

    def assign(self, tenant: LiveTenant, principal: str, resource: str, roles: Iterable[str]) -> None:
        """Give app roles of an API to a user, a group or an app."""
        named = tuple(roles)

        def changed(there: LiveTenant) -> Tenant:
            api, visiting = find_resource(there, resource), self._visiting(there, principal)
            holder = visiting.id if visiting else _principal(there, principal)
            if not api.touched:
                check_names("app role", named, [role.value for role in api.app_roles])
            given = (AppRoleAssignment(principal_id=holder, resource_id=api.app_id, value=role) for role in named)
            return there.tenant._replace(role_assignments=(*there.tenant.role_assignments, *given))

        self._live.change(tenant, changed)

    def _visiting(self, there: LiveTenant, name: str) -> Application | None:
        """Another declared tenant's multi-tenant app, as it is in a declared tenant that has none of this name."""
        if not there.strict or _known_app_id(there, name):
            return None
        apps = (app for other in self._live.directory.tenants for app in other.applications)
        named = (app for app in apps if name.lower() in (app.app_id, app.display_name.lower()))
        return next((there.client(app.app_id) for app in named if app.sign_in_audience in MULTI_TENANT), None)


def _known_user(tenant: LiveTenant, name: str, full: str) -> User | None:
    """Who has this name: in an undeclared tenant only those who are lent or added, since everybody else is made."""
    return tenant.find_user(name) or tenant.find_user(full)


def _new_user(tenant: LiveTenant, full: str, fields: Mapping[str, Any]) -> User:
    domains = [domain.lower() for domain in tenant.tenant.domains]
    if tenant.strict and full.rpartition("@")[2].lower() not in domains and "user_type" not in fields:
        raise UserError(
            f"{full} cannot be a member of {tenant.display_name}.",
            f"Its domains are {', '.join(domains)}.",
            'Use one of them, or add a guest: user_type="Guest".',
        )
    shown = full.partition("@")[0].replace(".", " ").title()
    return User(
        id=derived_guid(tenant.id, "user", full.lower()), user_principal_name=full, display_name=shown, mail=full
    )


def _joined(found: Tenant, tenant: LiveTenant, name: str, member: str) -> Tenant:
    """A tenant with one member more in a group, which is made when it is not there."""
    group = _group(found, tenant, name)
    members = tuple(dict.fromkeys((*group.members, member)))
    return found._replace(groups=_with(found.groups, group._replace(members=members)))


def _group(found: Tenant, tenant: LiveTenant, name: str) -> Group:
    """The group of this name, else a new one; its id is the same in every run."""
    known = next((group for group in found.groups if name.lower() in (group.display_name.lower(), group.id)), None)
    return known or Group(id=derived_guid(tenant.id, "group", name.lower()), display_name=name)


def _known_app_id(tenant: LiveTenant, name: str) -> str:
    named = (a for a in tenant.tenant.applications if name.lower() in (a.app_id, a.display_name.lower()))
    return next((app.app_id for app in named), "")


def _new_app_id(tenant: LiveTenant, name: str) -> str:
    return name.lower() if is_guid(name) else derived_guid(tenant.id, "application", name.lower())


def _app(tenant: LiveTenant, app_id: str, name: str, short: Mapping[str, Any]) -> Application:
    """The app with this client id, else a new one, with what was written short."""
    app = next((each for each in tenant.tenant.applications if each.app_id == app_id), None) or Application(
        app_id=app_id,
        id=derived_guid(tenant.id, "service principal", app_id),
        display_name=name,
        sign_in_audience="AzureADMyOrg" if tenant.strict else "AzureADMultipleOrgs",
    )
    for key, value in short.items():
        app = app._replace(**_SHORT[key](app, value))
    return app


def _principal(tenant: LiveTenant, name: str) -> str:
    """The object id of a group, an app or a user, in this order, by name."""
    groups = {group.display_name.lower(): group.id for group in tenant.tenant.groups}
    apps = {app.display_name.lower(): app.id for app in tenant.tenant.applications}
    return groups.get(name.lower()) or apps.get(name.lower()) or find_user(tenant, name).id


def _with(there: tuple[Named, ...], new: Named) -> tuple[Named, ...]:
    """What is there, with the new one in place of its older self."""
    kept = [new if each.id == new.id else each for each in there]
    if new not in kept:
        kept.append(new)
    return tuple(kept)


def _fields(what: str, model: type[Any], given: Mapping[str, Any], also: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields given, by their Python names; Entra's own spelling is understood too."""
    known = model._fields
    spelled = {_snake(name) if _snake(name) in known else name: value for name, value in given.items()}
    check_names(f"field of {'an' if what == 'app' else 'a'} {what}", spelled, list(dict.fromkeys((*also, *known))))
    return {name: tuple(value) if isinstance(value, list) else value for name, value in spelled.items()}


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name)


def _listed(given: object) -> Iterable[Any]:
    """What may be given as one or as several; a model is one, though it is a tuple."""
    if isinstance(given, Iterable) and not isinstance(given, str | bytes | Mapping) and type(given) not in _ONE:
        return given
    return [given]


def _redirects(platform: Platform, app: Application, uris: Sequence[str | RedirectUri]) -> dict[str, Any]:
    made = [uri if isinstance(uri, RedirectUri) else RedirectUri(uri=uri, platform=platform) for uri in _listed(uris)]
    return {"redirect_uris": tuple(dict.fromkeys((*(r for r in app.redirect_uris if r.platform != platform), *made)))}


def _scopes(app: Application, names: Iterable[str | PermissionScope]) -> dict[str, Any]:
    return {"scopes": tuple(
        name if isinstance(name, PermissionScope)
        else PermissionScope(id=derived_guid(app.app_id, "scope", name), value=name)
        for name in _listed(names)
    )}  # fmt: skip


def _roles(app: Application, names: Iterable[str | AppRole]) -> dict[str, Any]:
    return {"app_roles": tuple(
        name if isinstance(name, AppRole)
        else AppRole(id=derived_guid(app.app_id, "role", name), value=name, display_name=name)
        for name in _listed(names)
    )}  # fmt: skip


def _certificates(_: Application, given: object) -> dict[str, Any]:
    return {"certificates": tuple(map(_certificate, _listed(given)))}


def _certificate(given: object) -> KeyCredential:
    """A certificate from PEM, DER or a file with either; the private key that a PEM file may hold is left there."""
    if isinstance(given, KeyCredential):
        return given
    raw = given.read_bytes() if isinstance(given, Path) else given
    if isinstance(raw, str):
        raw = raw.encode()
    encoded = ""
    if isinstance(raw, bytes):
        encoded = from_pem(raw.decode("latin-1")) or b64encode(raw).decode()
    if not load(encoded):
        raise UserError(
            "The app cannot be made.",
            f"A certificate is needed, and {type(given).__name__} came that holds none.",
            'Give the PEM text, its bytes, DER, or pathlib.Path("client.pem").',
        )
    return KeyCredential(certificate=encoded)


def _federated(_: Application, given: object) -> dict[str, Any]:
    return {"federated_credentials": tuple(map(_federated_credential, _listed(given)))}


def _federated_credential(given: object) -> FederatedCredential:
    if isinstance(given, FederatedCredential):
        return given
    if not isinstance(given, Mapping) or not {"issuer", "subject"} <= given.keys():
        raise UserError(
            "The app cannot be made.",
            f"A federated credential needs issuer and subject; {given!r} came.",
            'Write {"issuer": "https://...", "subject": "..."}; audiences and keys (a JWKS) may follow.',
        )
    known = _fields("federated credential", FederatedCredential, {"name": given["subject"], **given})
    if isinstance(known.get("audiences"), str):
        known["audiences"] = (known["audiences"],)
    return FederatedCredential(**known)


_SHORT: Mapping[str, Any] = {
    "certificate": _certificates,
    "certificates": _certificates,
    "federated_credential": _federated,
    "federated_credentials": _federated,
    "secret": lambda _, value: {"secrets": (PasswordCredential(value=value),)},
    "redirect_uris": lambda app, uris: _redirects("web", app, uris),
    "spa_redirect_uris": lambda app, uris: _redirects("spa", app, uris),
    "public_redirect_uris": lambda app, uris: _redirects("publicClient", app, uris),
    "scopes": _scopes,
    "roles": _roles,
    "identifier_uri": lambda _, uri: {"identifier_uris": (uri,)},
    "version": lambda _, version: {"requested_access_token_version": version},
}
"""What may be written short, and the fields that it stands for."""

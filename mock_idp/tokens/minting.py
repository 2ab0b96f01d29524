"""A token without a flow: for whom, for what and with which permissions, all by name.

What a declared tenant does not know is refused with the nearest right name; in an undeclared one everything exists.
Consent is not asked for: whoever mints a token decides what is in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from mock_idp.directory.ids import derived_guid, is_domain, is_guid
from mock_idp.directory.models import Application, User
from mock_idp.directory.words import listed, nearest
from mock_idp.errors import EntraError, UserError
from mock_idp.facts.wellknown import OIDC_SCOPES
from mock_idp.runtime.chance import Chance
from mock_idp.runtime.clock import Clock
from mock_idp.runtime.live import LiveDirectory
from mock_idp.runtime.tenants import ALIASES, LiveTenant, first_party
from mock_idp.tokens.authorization import Authorization, Subject
from mock_idp.tokens.issue import AccessToken, Issuer

ANY_CLIENT = "6d6f636b-6964-5000-8000-00636c69656e"
"""The client of a token minted in an undeclared tenant, unless one is named."""

ANY_USER = "rita"
"""Its user, unless one is named."""

AS_LIBRARIES_ASK = ("openid", "profile", "offline_access")
"""OIDC scopes of a token for an API of one's own, unless some are named: those that MSAL adds to every request."""

USUAL_SCOPE = "user_impersonation"
"""The scope of an undeclared API, unless one is named: the one that the portal proposes."""

_VERSIONS: Mapping[str, Literal[1, 2]] = {"1": 1, "1.0": 1, "v1": 1, "v1.0": 1, "2": 2, "2.0": 2, "v2": 2, "v2.0": 2}


class Wish(NamedTuple):
    """What a token is to be. Names may be short: a user without domain, an app or group by its display name.

    Attributes:
        tenant: id, domain or display name.
        audience: the API: App ID URI, client id or display name; ``None`` when the scopes name it, or when there is
            only one.
        client: the app that asks; ``None`` for one that may.
        scopes: delegated permissions, short or with the API in front; ``None`` for all that the API exposes.
        roles: app roles; ``None`` for those assigned.
        groups: the claim ``groups``; ``None`` for the memberships that the API's registration asks for.
        claims: members to add or to replace, last of all; ``None`` as a value leaves a claim out.
        version: 1 or 2; ``None`` for what the API's registration says.
        expires_in: seconds from now, also 0 or less; ``None`` for the usual lifetime.
    """

    tenant: str
    audience: str | None = None
    client: str | None = None
    scopes: Sequence[str] | None = None
    roles: Sequence[str] | None = None
    groups: Sequence[str] | None = None
    claims: Mapping[str, Any] = MappingProxyType({})
    version: object = None
    expires_in: int | None = None


class Mint:
    """Signs what is wished for.

    Args:
        issuer: what signs.
        live: who and what exists.
        chance: the one source of randomness.
        clock: the one clock.
    """

    def __init__(self, issuer: Issuer, live: LiveDirectory, chance: Chance, clock: Clock) -> None:
        self._issuer = issuer
        self._live = live
        self._chance = chance
        self._clock = clock

    def user_token(self, user: str | None, wish: Wish) -> AccessToken:
        """An access token with which an app acts for a user.

        Args:
            user: user principal name, or the part before its ``@``; ``None`` for ``rita``, else the first one.
            wish: everything else.

        Raises:
            UserError: something in it does not exist, with the nearest that does.
        """
        tenant = self.tenant(wish.tenant)
        scopes, audience = _named_resource(wish)
        resource, audience = _resource(tenant, audience, needs="scopes")
        person = find_user(tenant, user)
        sign_in = Subject(user=person, sid=self._chance.session_guid(), auth_time=self._clock.now())
        oidc = tuple(scope for scope in scopes or () if scope.lower() in OIDC_SCOPES)
        if not (oidc or resource.is_graph):
            oidc = AS_LIBRARIES_ASK
        named = None if scopes is None else [scope for scope in scopes if scope.lower() not in OIDC_SCOPES]
        client = _client(tenant, wish.client, resource)
        return self._signed(
            Authorization(
                tenant=tenant,
                client=client,
                client_proof="1" if client.touched or client.secrets else "0",
                subject=sign_in,
                resource=resource,
                audience=audience,
                scopes=scopes_of(tenant, resource, named),
                oidc_scopes=oidc,
                **_overrides(tenant, resource, wish, "User"),
            )
        )

    def app_token(self, app: str | None, wish: Wish) -> AccessToken:
        """An access token with which an app acts for itself.

        Args:
            app: client id or display name; ``None`` for one that may, see :attr:`Wish.client`.
            wish: everything else.

        Raises:
            UserError: something in it does not exist, with the nearest that does; or scopes were asked for.
        """
        if wish.scopes is not None:
            raise UserError(
                "An application's own token has no scopes.",
                f"scopes={list(wish.scopes)!r} came; scopes are what a user lets an app do (claim scp).",
                "Give it app roles (roles=[...]), or use token(user, ...).",
            )
        tenant = self.tenant(wish.tenant)
        resource, audience = _resource(tenant, wish.audience, needs="roles")
        client = _client(tenant, app or wish.client, resource)
        return self._signed(
            Authorization(
                tenant=tenant,
                client=client,
                client_proof="1",
                resource=resource,
                audience=audience,
                **_overrides(tenant, resource, wish, "Application"),
            )
        )

    def _signed(self, authorization: Authorization) -> AccessToken:
        try:
            return self._issuer.access_token(authorization)
        except EntraError as error:
            raise UserError(
                f"Entra issues no token for {authorization.resource.display_name}.", str(error), error.hint
            ) from error

    def any_token(self, name: str, wish: Wish, *, app: bool = False) -> AccessToken:
        """An access token for whoever has this name: a user, else an app.

        Args:
            name: see :meth:`user_token` and :meth:`app_token`.
            wish: everything else.
            app: an app is meant, whatever the name.

        Raises:
            UserError: there is neither; or something in the wish does not exist.
        """
        tenant = self.tenant(wish.tenant)
        if app or name.lower() in {word for each in tenant.tenant.applications for word in _names(each)}:
            return self.app_token(name, wish)
        try:
            return self.user_token(name, wish)
        except UserError:
            if not tenant.strict or name in _user_names(tenant):
                raise
        users = [each.user_principal_name for each in tenant.people()]
        apps = [each.display_name for each in tenant.tenant.applications]
        fix = f"{tenant.display_name} has the users {_named(users)}, and the apps {_named(apps)}."
        raise _unknown("user or app", name, [*_user_names(tenant), *apps], fix)

    def tenant(self, name: str) -> LiveTenant:
        """The tenant of this id, domain or display name.

        Raises:
            UserError: it is none of them.
        """
        for declared in self._live.declared:
            if declared.display_name.lower() == name.lower():
                return declared
        if name.lower() not in ALIASES and (is_guid(name) or is_domain(name)):
            return self._live.tenant(name)
        known = [word for each in self._live.declared for word in (each.display_name, *each.tenant.domains)]
        raise _unknown("tenant", name, known, "Use a tenant's id, domain or display name; any GUID or domain will do.")


def _user_names(tenant: LiveTenant) -> set[str]:
    """Users as they may be named: in full, and without the domain."""
    full = [user.user_principal_name.lower() for user in tenant.people()]
    return {*full, *(name.partition("@")[0] for name in full)}


def find_user(tenant: LiveTenant, name: str | None) -> User:
    """A user by principal name, by the part before its ``@``, or by object id.

    Raises:
        UserError: the tenant has no such user.
    """
    if name is None:
        usual = tenant.find_user(ANY_USER) if tenant.strict else tenant.user(ANY_USER)
        found = usual or next((user for user in tenant.people() if user.account_enabled), None)
        if found is None:
            raise _unknown("user", "nobody", [], f"Declare a user in {tenant.display_name}.")
        return found
    by_id = tenant.user_by_id(name.lower()) if is_guid(name) else None
    try:
        return by_id or tenant.user(name)
    except EntraError:
        names_known = [user.user_principal_name for user in tenant.people()]
        short = [full.partition("@")[0] for full in names_known]
        fix = f"Declare the user, or use one of {tenant.display_name}'s: {_named(names_known)}."
        raise _unknown("user", name, names_known if "@" in name else short, fix) from None


def find_app(tenant: LiveTenant, name: str) -> Application:
    """An app registration by client id, App ID URI or display name.

    Raises:
        UserError: the tenant has no such app.
    """
    declared = tenant.tenant.applications
    named = [app for app in declared if name.lower() in _names(app)]
    if named:
        return named[0]
    if not tenant.strict:
        return tenant.client(name if is_guid(name) else derived_guid(tenant.id, "application", name.lower()))
    known = [word for app in declared for word in (app.display_name, *app.identifier_uris, app.app_id)]
    fix = f"Declare the app, or use one of {tenant.display_name}'s: {_named([app.display_name for app in declared])}."
    raise _unknown("app", name, known, fix)


def find_group(tenant: LiveTenant, name: str) -> str:
    """A group's object id, by its display name or by itself.

    Raises:
        UserError: the tenant has no such group.
    """
    declared = tenant.tenant.groups
    for group in declared:
        if name.lower() in (group.display_name.lower(), group.id):
            return group.id
    if not tenant.strict:
        return name.lower() if is_guid(name) else derived_guid(tenant.id, "group", name.lower())
    names = [group.display_name for group in declared]
    fix = f"Declare the group, or use one of {tenant.display_name}'s: {_named(names)}."
    raise _unknown("group", name, [*names, *(group.id for group in declared)], fix)


def _names(app: Application) -> Iterable[str]:
    return (app.app_id, app.display_name.lower(), *(uri.lower() for uri in app.identifier_uris))


def _named_resource(wish: Wish) -> tuple[Sequence[str] | None, str | None]:
    """The scopes, short, and the audience, which scopes that are written in full name too."""
    if wish.scopes is None:
        return None, wish.audience
    if isinstance(wish.scopes, str):
        raise UserError(
            "scopes is a list of names.", f"{wish.scopes!r} came.", f"Write scopes={wish.scopes.split()!r}."
        )
    split = [scope.rpartition("/") for scope in wish.scopes]
    named = dict.fromkeys(prefix for prefix, _, _ in split if prefix)
    if wish.audience is not None:
        named = {prefix: None for prefix in named if prefix.lower() != wish.audience.lower()}
    if len(named) > (1 if wish.audience is None else 0):
        came = ", ".join([*([wish.audience] if wish.audience else []), *named])
        raise UserError("One token is for one API.", f"These were named: {came}.", "Mint a token for each of them.")
    return [name for _, _, name in split], wish.audience or next(iter(named), None)


def find_resource(tenant: LiveTenant, name: str) -> Application:
    """An API by App ID URI, client id or display name.

    Raises:
        UserError: the tenant has no such API.
    """
    return _resource(tenant, name, needs="scopes")[0]


def _resource(
    tenant: LiveTenant, audience: str | None, *, needs: Literal["scopes", "roles"]
) -> tuple[Application, str]:
    """The API, and how ``aud`` of a v1.0 token names it."""
    declared = tenant.tenant.applications
    if audience is None:
        apis = [app for app in declared if (app.scopes if needs == "scopes" else app.app_roles) or app.identifier_uris]
        if len(apis) != 1:
            named = (
                f"{tenant.display_name} has {_named([_audience_of(app) for app in apis])}." if apis else "None came."
            )
            raise UserError("Which API is the token for?", named, 'Name it: audience="api://…" or its client id.')
        return apis[0], _audience_of(apis[0])
    microsofts = first_party(tenant.id).values()
    for app in (*declared, *microsofts):
        if app.display_name.lower() == audience.lower():
            return app, _audience_of(app)
    identifier = audience if audience.lower().endswith("://") else audience.removesuffix("/")
    found = tenant.find_resource(audience) or tenant.find_resource(identifier)
    if found is None:
        known = [word for app in declared for word in (*app.identifier_uris, app.display_name, app.app_id)]
        known += [app.display_name for app in microsofts]
        fix = f"Declare the API, or use one of {tenant.display_name}'s: {_named([_audience_of(a) for a in declared])}."
        raise _unknown("audience", audience, known, fix)
    return found, audience


def _audience_of(app: Application) -> str:
    return app.identifier_uris[0] if app.identifier_uris else app.app_id


def _client(tenant: LiveTenant, name: str | None, resource: Application) -> Application:
    """The app that asks: the one named, else one that was granted something on the API, else another one, else it."""
    if name is not None:
        return find_app(tenant, name)
    if not tenant.strict:
        return tenant.client(ANY_CLIENT)
    others = [app for app in tenant.tenant.applications if app.app_id != resource.app_id]
    granted = [app for app in others if resource.app_id in tenant.resources_of(app.app_id)]
    return next(iter([*granted, *others]), resource)


def scopes_of(tenant: LiveTenant, resource: Application, asked: Sequence[str] | None) -> tuple[str, ...]:
    """Delegated permissions in the API's own spelling; without names, all of them.

    Raises:
        UserError: the API exposes no such scope.
    """
    exposed = {scope.value.lower(): scope.value for scope in resource.scopes if scope.enabled}
    open_ended = resource.first_party or resource.touched
    if asked is None:
        if resource.first_party:
            return ("User.Read",) if resource.is_graph else (USUAL_SCOPE,)
        return tuple(exposed.values()) or ((USUAL_SCOPE,) if not tenant.strict else ())
    found = []
    for name in asked:
        if name.lower() not in exposed and not open_ended:
            fix = f"{resource.display_name} exposes {_named(list(exposed.values()))}."
            raise _unknown("scope", name, list(exposed.values()), fix)
        found.append(exposed.get(name.lower(), name))
    return tuple(dict.fromkeys(found))


def _overrides(
    tenant: LiveTenant, resource: Application, wish: Wish, holder: Literal["User", "Application"]
) -> dict[str, Any]:
    """What the wish says in place of what the directory would."""
    found: dict[str, Any] = {"claims": _claims(wish.claims)}
    if wish.roles is not None:
        found["roles"] = tuple(_role(resource, name, holder) for name in _listed("roles", wish.roles))
    if wish.groups is not None:
        found["groups"] = tuple(find_group(tenant, name) for name in _listed("groups", wish.groups))
    if wish.version is not None:
        found["version"] = _version(wish.version)
    if wish.expires_in is not None:
        if isinstance(wish.expires_in, bool) or not isinstance(wish.expires_in, (int, float)):
            came = f"expires_in={wish.expires_in!r} came."
            raise UserError("A token's lifetime is a number of seconds.", came, "Write, for instance, expires_in=60.")
        found["expires_in"] = int(wish.expires_in)
    return found


def _version(asked: object) -> Literal[1, 2]:
    version = _VERSIONS.get(str(asked).lower())
    if version is None:
        raise UserError("There are two token versions.", f"version={asked!r} came.", "Write 1 or 2.")
    return version


def _claims(asked: Mapping[str, Any]) -> dict[str, Any]:
    import json  # noqa: PLC0415 - not needed by whoever only asks what a wish is

    try:
        json.dumps(dict(asked))
    except (TypeError, ValueError) as error:
        raise UserError(
            "claims is what JSON can say: names with text, numbers, lists and so on.",
            f"{str(asked)[:200]} came: {error}.",
            'Write, for instance, claims={"department": "sales", "email": None}; None leaves a claim out.',
        ) from None
    return dict(asked)


def _listed(what: str, names: Sequence[str]) -> Sequence[str]:
    if isinstance(names, str):
        raise UserError(f"{what} is a list of names.", f"{names!r} came.", f"Write {what}=[{names!r}].")
    return names


def _role(resource: Application, name: str, holder: Literal["User", "Application"]) -> str:
    """An app role that the API declares for such a holder; an undeclared API has any."""
    known = [role.value for role in resource.app_roles if role.enabled and holder in role.allowed_member_types]
    if name in known or resource.touched or resource.first_party:
        return name
    what = "app role for users" if holder == "User" else "app role for applications"
    raise _unknown(what, name, known, f"{resource.display_name} has {_named(known)}.")


def _named(names: Sequence[str]) -> str:
    return listed(names) if names else "none"


def _unknown(what: str, asked: str, known: Sequence[str], fix: str) -> UserError:
    near = nearest(asked, known)
    did_you_mean = f" Did you mean '{near}'?" if near else ""
    return UserError(f"There is no {what} '{asked[:200]}'.", f"It is declared nowhere.{did_you_mean}", fix)

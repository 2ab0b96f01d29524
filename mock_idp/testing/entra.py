"""The object that the fixture ``entra`` is: a running server, and the verbs of a test.

Its names are the reader's: ``entra.token("rita", audience=…)``, ``entra.journal.one("token")``. Whatever is not known,
a user, an app, a scope or a keyword, is an error at once, with the nearest right name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from mock_idp.directory.project import Declared
from mock_idp.intercept.in_process import InProcess
from mock_idp.runtime.clock import Clock
from mock_idp.runtime.journal import Journal
from mock_idp.runtime.settings import with_graph_nonce
from mock_idp.testing.additions import Additions
from mock_idp.testing.settings import Settings
from mock_idp.testing.token import Token
from mock_idp.testing.words import strict
from mock_idp.tokens.issue import AccessToken
from mock_idp.tokens.minting import Wish, find_user

if TYPE_CHECKING:
    from mock_idp.directory.models import Application, Group, User
    from mock_idp.runtime.tenants import LiveTenant
    from mock_idp.server import Server
    from mock_idp.state import State
    from mock_idp.visitor import Client, IdpSide

R = TypeVar("R")


class MockEntra:
    """Entra ID as a test sees it.

    Args:
        server: a running server.
        state: its state directory.
        settings: what the suite chose.
    """

    def __init__(self, server: "Server", state: "State", settings: Settings) -> None:
        self._server = server
        self._entra = server.entra
        self._settings = settings
        self._base = self._declared = server.declared
        self._way = InProcess(server.interception, state, server.door)
        self._default_user: str | None = None

    def __repr__(self) -> str:
        return f"<MockEntra {self.front_url} tenant={self.tenant}>"

    @property
    def tenant(self) -> str:
        """Id of the tenant that counts where none is named."""
        return self._tenant(None).id

    @property
    def front_url(self) -> str:
        """Where a browser reaches it, without certificate or proxy; no trailing slash."""
        return self._server.front_url

    @property
    def clock(self) -> Clock:
        """Entra's clock. Moving it moves no other: an app under test sees the system's time."""
        return self._entra.clock

    @property
    def journal(self) -> Journal:
        """What was asked and answered since the test began."""
        return self._entra.journal

    @property
    def environ(self) -> dict[str, str]:
        """The whole environment for a subprocess that is to reach this server: ``Popen(…, env=entra.environ)``."""
        return self._way.environment()

    @property
    def address(self) -> str:
        """Where the last :meth:`sign_in` or :meth:`visit` ended, as a browser's address bar would show it."""
        return self._idp_side.address

    @strict
    def token(  # noqa: PLR0913 - what a token may say
        self,
        user: str | None = None,
        *,
        audience: str | None = None,
        tenant: str | None = None,
        client: str | None = None,
        scopes: Sequence[str] | None = None,
        roles: Sequence[str] | None = None,
        groups: Sequence[str] | None = None,
        claims: Mapping[str, Any] | None = None,
        version: int | str | None = None,
        expires_in: int | None = None,
    ) -> Token:
        """An access token with which an app calls an API for a user.

        Args:
            user: ``rita`` or ``rita@contoso.example``; without it the marker's user, else ``rita``.
            audience: the API: App ID URI, client id or display name. Not needed when a scope names it in full.
            tenant: id, domain or display name; see :attr:`tenant`.
            client: the app that calls: client id or display name.
            scopes: delegated permissions; without them all that the API exposes.
            roles: app roles (claim ``roles``); without them those assigned to the user.
            groups: names or object ids (claim ``groups``); without them what the API's registration asks for.
            claims: members to add or to replace, last of all; ``None`` as a value leaves a claim out.
            version: 1 or 2; without it what the API's registration says (``requestedAccessTokenVersion``).
            expires_in: seconds, also 0 or less; without it 60 to 90 minutes.

        Returns:
            The token: ``str(token)``, ``token.header``, ``token.claims``.

        Raises:
            UserError: something is not known, with the nearest name that is.
        """
        wish = Wish(
            tenant=tenant or self._default_tenant, audience=audience, client=client, scopes=scopes, roles=roles,
            groups=groups, claims=claims or {}, version=version, expires_in=expires_in,
        )  # fmt: skip
        return _token(self._entra.mint.user_token(user or self._default_user, wish))

    @strict
    def app_token(  # noqa: PLR0913 - likewise
        self,
        app: str | None = None,
        *,
        audience: str | None = None,
        tenant: str | None = None,
        roles: Sequence[str] | None = None,
        groups: Sequence[str] | None = None,
        claims: Mapping[str, Any] | None = None,
        version: int | str | None = None,
        expires_in: int | None = None,
    ) -> Token:
        """An access token with which an app calls an API for itself, as by client credentials.

        Args:
            app: the app that calls: client id or display name.
            audience: see :meth:`token`, as all the others.
            tenant: likewise.
            roles: application roles; without them those assigned to the app.
            groups: likewise.
            claims: likewise.
            version: likewise.
            expires_in: seconds; without it an hour.

        Raises:
            UserError: something is not known, with the nearest name that is.
        """
        wish = Wish(
            tenant=tenant or self._default_tenant, audience=audience, roles=roles, groups=groups, claims=claims or {},
            version=version, expires_in=expires_in,
        )  # fmt: skip
        return _token(self._entra.mint.app_token(app, wish))

    @strict
    def sign_in(  # noqa: PLR0913 - four of them are seldom given
        self, client: "Client[R]", path: str, *, user: str | None = None, password: str | None = None,
        consent: bool = True, form: Mapping[str, str] | None = None,
    ) -> "R":  # fmt: skip
        """Sign somebody in to an app through the real pages, without a browser.

        Args:
            client: a test client of Flask, Starlette, FastAPI or Django, ``httpx.Client``, ``httpx.AsyncClient`` or
                ``requests.Session``. It keeps the app's cookies; the same client is the same person later.
            path: the app's page that starts the sign-in, or Entra's, if the app has sent the client there already.
            user: who signs in; without it the marker's user, else ``rita``.
            password: what they type; without it what the page says.
            consent: whether they press Accept where Entra asks for consent, or Cancel.
            form: what to post to ``path``; without it the page is only asked for.

        Returns:
            The app's last answer, as the client gives it; from an asynchronous client something to await. Where the
            redirect URI is Entra's own ``nativeclient``, Entra's empty page; :attr:`address` has the code.

        Raises:
            VisitError: a person would be stuck: the message has the way there, what the page says, and the hint.
            UserError: the client is of no known kind.
        """
        __tracebackhide__ = True
        from mock_idp.visitor import sign_in  # noqa: PLC0415 - not every test signs in

        who = user or self._default_user or find_user(self._tenant(None), None).user_principal_name
        return sign_in(client, path, idp=self._idp_side, user=who, password=password, consent=consent, form=form)

    @strict
    def visit(self, client: "Client[R]", path: str, *, form: Mapping[str, str] | None = None) -> "R":
        """Open an app's page and follow it wherever it leads, also to Entra and back: to sign out, for instance.

        Args:
            client: as for :meth:`sign_in`.
            path: likewise.
            form: what to post there; without it the page is only asked for.

        Raises:
            VisitError: Entra shows an error, or asks who is there.
            UserError: the client is of no known kind.
        """
        __tracebackhide__ = True
        from mock_idp.visitor import visit  # noqa: PLC0415 - not every test signs in

        return visit(client, path, idp=self._idp_side, form=form)

    def approve_device(self, user_code: str, *, user: str | None = None, password: str | None = None) -> None:
        """Type a device's code into the page and sign in there, so that the device's next poll gets its tokens.

        Args:
            user_code: what the device shows, ``flow["user_code"]`` in MSAL.
            user: who signs in; without it the marker's user, else ``rita``.
            password: what they type; without it what the page says.

        Raises:
            VisitError: a person would be stuck: the code is wrong or used, or that user cannot sign in.
        """
        __tracebackhide__ = True
        self._answer_device(user_code, user, password, approve=True)

    def decline_device(self, user_code: str, *, user: str | None = None, password: str | None = None) -> None:
        """Likewise, and press Cancel in the end.

        Raises:
            VisitError: see :meth:`approve_device`.
        """
        __tracebackhide__ = True
        self._answer_device(user_code, user, password, approve=False)

    def _answer_device(self, user_code: str, user: str | None, password: str | None, *, approve: bool) -> None:
        __tracebackhide__ = True
        from mock_idp.visitor.device import answer_device  # noqa: PLC0415 - not every test signs in

        who = user or self._default_user or find_user(self._tenant(None), None).user_principal_name
        answer_device(self._idp_side, user_code, user=who, password=password, approve=approve)

    def user(
        self,
        name: str,
        *,
        tenant: str | None = None,
        groups: Iterable[str] = (),
        roles: Mapping[str, Iterable[str]] | None = None,
        **fields: Any,
    ) -> "User":
        """Add a user for this test, or change one for it.

        Args:
            name: user principal name, or the part before its ``@``.
            tenant: see :meth:`token`.
            groups: to be a member of; a group that is not there is made.
            roles: app roles by API: ``{"api://orders": ["Reader"]}``.
            fields: of :class:`mock_idp.directory.models.User`, such as ``password``, ``account_enabled``, ``claims``.

        Raises:
            UserError: there is no such field, group, API or role.
        """
        there = self._tenant(tenant)
        user = self._additions.user(there, name, groups, fields)
        for resource, names in (roles or {}).items():
            self._additions.assign(there, user.user_principal_name, resource, names)
        if not {"mfa_registered", "mfaRegistered"}.isdisjoint(fields):  # what is said last counts
            for each in self._entra.live.meant_by(self._tenant(tenant)):
                self._entra.store.forget_second_factor(each.id, find_user(each, user.user_principal_name).id)
        return user

    def app(self, name: str, *, tenant: str | None = None, **fields: Any) -> "Application":
        """Add an app registration for this test, or change one for it.

        Args:
            name: display name, or the client id of one that is there.
            tenant: see :meth:`token`.
            fields: ``secret``, ``certificates`` (PEM, DER or a path), ``federated_credentials`` (mappings with
                ``issuer`` and ``subject``, and ``keys``, a JWKS, to fetch none), ``redirect_uris`` (web),
                ``spa_redirect_uris``, ``public_redirect_uris``, ``scopes``, ``roles``, ``identifier_uri``, ``version``,
                and those of :class:`mock_idp.directory.models.Application`.

        Raises:
            UserError: there is no such field.
        """
        return self._additions.app(self._tenant(tenant), name, fields)

    def group(self, name: str, *, members: Iterable[str] = (), tenant: str | None = None, **fields: Any) -> "Group":
        """Add a group for this test, or members to one for it.

        Args:
            name: display name.
            members: users, groups and apps, by name.
            tenant: see :meth:`token`.
            fields: of :class:`mock_idp.directory.models.Group`.

        Raises:
            UserError: there is no such field or member.
        """
        return self._additions.group(self._tenant(tenant), name, members, fields)

    @strict
    def consent(
        self, client: str, resource: str, scopes: Sequence[str], *, user: str | None = None, tenant: str | None = None
    ) -> None:
        """Grant delegated permissions to an app, as an administrator or, with ``user``, as that user.

        Raises:
            UserError: there is no such app, API, scope or user.
        """
        self._additions.consent(self._tenant(tenant), client, resource, scopes, user)

    @strict
    def assign(self, principal: str, resource: str, roles: Sequence[str], *, tenant: str | None = None) -> None:
        """Assign app roles of an API to a user, a group or an app.

        Raises:
            UserError: there is no such principal, API or role.
        """
        self._additions.assign(self._tenant(tenant), principal, resource, roles)

    @strict
    def revoke(self, user: str, *, tenant: str | None = None) -> None:
        """End all of a user's sign-ins: refresh tokens are refused with 50173, browsers have to sign in again.

        Follows the ``revokeSignInSessions`` action of Microsoft Graph. Access tokens live on, as they do there.

        Raises:
            UserError: there is no such user.
        """
        there = self._tenant(tenant)
        for each in self._entra.live.meant_by(there):
            self._entra.store.revoke(each.id, find_user(each, user).id, self.clock.now())

    @strict
    def rotate_keys(self, *, retire: bool = False) -> None:
        """Sign with a key that was not published before.

        Args:
            retire: publish the others no longer, so that tokens signed with them cannot be verified any more.
        """
        self._entra.keys.rotate(retire=retire)

    def reset(self) -> None:
        """Forget all that happened: sign-ins, what was added, clock, keys, journal."""
        self._entra.reset()
        self._declared = self._base
        self._default_user = None
        self.__dict__.pop("_idp_side", None)

    def configure(self, declared: Declared, settings: Settings) -> None:
        """Serve this directory, with these settings, from now on."""
        self._base, self._settings = declared, settings
        self._entra.configure(
            declared.directory,
            version=settings.version,
            front_channel=settings.front_channel,
            multi_resource_code=settings.multi_resource_code or declared.settings.multi_resource_code or "entra",
            graph_nonce=with_graph_nonce(settings.graph_nonce, declared.settings.graph_nonce),
            seed=settings.seed,
        )
        self.reset()

    def begin(self, *, user: str | None = None, at: Any = None, directory: Declared | None = None) -> None:
        """Start a test afresh, as its marker says.

        Args:
            user: who counts where no user is named.
            at: what time it is for Entra, see :meth:`mock_idp.runtime.clock.Clock.travel`.
            directory: declared for this test.

        Raises:
            UserError: that is no time.
        """
        self.reset()
        self._default_user = user
        if directory:
            self._declared = directory
            self._entra.live.use(directory.directory)
        if at is not None:
            self.clock.travel(at)

    @contextmanager
    def intercepting(self, *, keep_connections: bool = False) -> Iterator[None]:
        """Lead this process to this server for as long as the block runs.

        Args:
            keep_connections: do not cut off clients at the end, since more is to come; :meth:`hang_up` does it.
        """
        was_open = self._way.is_open
        self._way.open()
        try:
            yield
        finally:
            if not was_open:
                self._way.close(keep_connections=keep_connections)

    def hang_up(self) -> None:
        """Cut off clients of this process that still hold a connection, unless it is led to this server."""
        self._way.hang_up()

    @cached_property
    def _idp_side(self) -> "IdpSide":
        from mock_idp.visitor import IdpSide  # noqa: PLC0415 - not every test signs in

        return IdpSide.of(self._server)

    @property
    def went_astray(self) -> list[str]:
        """Hosts of Microsoft's with which the app spoke in another way than through the mock; it was stopped."""
        return self._way.astray

    def keep_intercepting(self) -> None:
        """See to it that this process is still led to this server, if it was."""
        self._way.keep()

    @cached_property
    def _additions(self) -> Additions:
        return Additions(self._entra.live)

    def _tenant(self, name: str | None) -> "LiveTenant":
        return self._entra.mint.tenant(name or self._default_tenant)

    @property
    def _default_tenant(self) -> str:
        """The setting's, else the first of the project's directory, else an undeclared one."""
        return self._settings.tenant or self._declared.default_tenant


def _token(made: AccessToken) -> Token:
    return Token(made.text, made.claims, made.expires_in)

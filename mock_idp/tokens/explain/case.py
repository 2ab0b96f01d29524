"""What is known when a token is judged: the token, what is expected of it, who is declared, whose the keys are."""

from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

from mock_idp.directory.models import Application, Directory, Tenant
from mock_idp.facts.hosts import STS
from mock_idp.facts.wellknown import GRAPH_AUDIENCES
from mock_idp.runtime.tenants import first_party
from mock_idp.tokens.compact import Compact

Verdict = Literal["ok", "refused", "note"]


class Finding(NamedTuple):
    """One thing that was looked at.

    Attributes:
        check: what, in a word.
        verdict: ``refused`` is a reason to refuse the token; ``note`` was not asked for, or surprises people.
        text: what was found.
        fix: which setting to change, or empty.
    """

    check: str
    verdict: Verdict
    text: str
    fix: str = ""


class Signer(NamedTuple):
    """A signing key of this mock.

    Attributes:
        certificate: DER, base64.
        published: it is in the key document.
    """

    certificate: str
    published: bool


class Expected(NamedTuple):
    """What a resource server demands; what is empty it does not look at.

    Attributes:
        audience: App ID URI or client id of the API.
        tenant: id, domain or display name, or an alias.
        scopes: delegated permissions, of which all are needed.
        roles: app roles, of which all are needed.
        client: client id or display name of the only client let in.
        version: of the tokens that it validates.
    """

    audience: str = ""
    tenant: str = ""
    scopes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    client: str = ""
    version: Literal[1, 2] | None = None


class Case(NamedTuple):
    """A token to be judged.

    Attributes:
        token: taken apart, not verified.
        directory: what is declared.
        signer: finds the key of this mock with a ``kid``.
        now: seconds since 1970.
    """

    token: Compact
    expected: Expected
    directory: Directory
    signer: Callable[[str], Signer | None]
    now: int

    @property
    def claims(self) -> dict[str, Any]:
        """The payload."""
        return self.token.claims

    @property
    def audience(self) -> str:
        """The claim ``aud``, as text."""
        return str(self.claims.get("aud", ""))

    @property
    def is_graph(self) -> bool:
        """Whether the token is for Microsoft Graph."""
        return self.audience.lower() in GRAPH_AUDIENCES

    @property
    def is_access_token(self) -> bool:
        """Whether it is one: id tokens name no client beside the audience."""
        return bool(self.claims.keys() & {"appid", "azp"})

    @property
    def is_v1(self) -> bool:
        """Whether it is of version 1.0."""
        return self.claims.get("ver") == "1.0" or str(self.claims.get("iss", "")).startswith(f"https://{STS}/")

    @property
    def is_app_only(self) -> bool:
        """Whether an application acts for itself."""
        claims = self.claims
        return claims.get("idtyp") == "app" or ("scp" not in claims and claims.get("oid") == claims.get("sub"))

    @property
    def client(self) -> str:
        """Client id of the app that asked for it."""
        return str(self.claims.get("azp") or self.claims.get("appid") or "")

    def words(self, claim: str) -> list[str]:
        """What a claim lists, as an array or between spaces."""
        found = self.claims.get(claim, [])
        return [str(each) for each in found] if isinstance(found, list) else str(found).split()

    def tenant(self, name: str) -> Tenant | None:
        """The declared tenant that an id, a domain or a display name names."""
        wanted = name.lower()
        for tenant in self.directory.tenants:
            if wanted in (tenant.id, tenant.display_name.lower(), *(domain.lower() for domain in tenant.domains)):
                return tenant
        return None

    def app(self, name: str) -> Application | None:
        """The declared app, or the API of Microsoft's, that a client id, an App ID URI or a display name names."""
        wanted = name.removeprefix("spn:").rstrip("/").lower()
        for app in self._apps():
            if wanted in (
                app.app_id,
                app.display_name.lower(),
                *(uri.rstrip("/").lower() for uri in app.identifier_uris),
            ):
                return app
        return None

    def _apps(self) -> Iterator[Application]:
        for tenant in self.directory.tenants:
            yield from tenant.applications
        yield from first_party(self.directory.tenants[0].id).values()

    @property
    def api(self) -> str:
        """What names the API that is to take the token, whose the scopes and roles are that it needs."""
        wanted = self.expected.audience
        return wanted if wanted and not self.is_for(wanted) else self.audience

    def is_for(self, wanted: str) -> bool:
        """Whether the token's API is the one that is named; an undeclared one is known by ``api://{client id}``."""
        one, other = self.app(self.audience), self.app(wanted)
        return (one is not None and one is other) or _plain(self.audience) == _plain(wanted)

    @property
    def prefix(self) -> str:
        """What stands before a scope of that API: its URI, where it has one."""
        app = self.app(self.api)
        return app.identifier_uris[0] if app and app.identifier_uris else self.api

    def called(self, name: str) -> str:
        """How an app is told of: by display name where it is known."""
        app = self.app(name)
        return f"{app.display_name} ({name})" if app and app.display_name != name else name or "nobody"


def _plain(audience: str) -> str:
    return audience.lower().removeprefix("spn:").removeprefix("api://").rstrip("/")

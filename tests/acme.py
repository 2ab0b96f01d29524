"""A directory of the tests' own, with everything that a declaration can change: Acme, and Globex beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from harness import REDIRECT, Idp, claims_of, query_of

from mock_idp.directory.models import (
    Application,
    AppRole,
    AppRoleAssignment,
    ConsentGrant,
    Directory,
    Group,
    PasswordCredential,
    PermissionScope,
    RedirectUri,
    Tenant,
    User,
)
from mock_idp.facts.directory_roles import GLOBAL_ADMINISTRATOR

ACME_ID = "ac3e0000-7e4a-4000-8000-00000000ac3e"
GLOBEX_ID = "910be000-7e4a-4000-8000-00000000910b"
GLOBEX_ISSUER = f"https://sts.windows.net/{GLOBEX_ID}/"
SECRET = "acme-secret"


def _id(kind: str, number: int) -> str:
    return f"ac3e{kind}-0000-4000-8000-{number:012x}"


def _user(number: int, name: str, **fields: Any) -> User:
    address = fields.pop("address", f"{name}@acme.example")
    return User(
        id=_id("0001", number), user_principal_name=address, display_name=f"{name.title()} Acme",
        given_name=name.title(), surname="Acme", mail=address, password="pw", **fields,
    )  # fmt: skip


ANN = _user(1, "ann", directory_roles=(GLOBAL_ADMINISTRATOR,))
BOB = _user(2, "bob")
LOU = _user(3, "lou", locked=True)
EVE = _user(4, "eve", password_expired=True)
MAX = _user(5, "max", mfa_required=True)
NEO = _user(9, "neo", mfa_required=True, mfa_registered=False)
OLA = _user(6, "ola")
GIL = _user(7, "gil", address="gil@globex.example", user_type="Guest", identity_provider=GLOBEX_ISSUER)._replace(
    user_principal_name="gil_globex.example#EXT#@acme.example",
)
LIV = _user(8, "liv", address="liv@outlook.example", user_type="Guest", identity_provider="live.com")
PEOPLE = (ANN, BOB, LOU, EVE, MAX, OLA, GIL, LIV, NEO)

GIL_AT_HOME = _user(17, "gil", address="gil@globex.example")._replace(id=_id("0002", 1))
HAL = _user(18, "hal", address="hal@globex.example")._replace(id=_id("0002", 2))

INNER = Group(id=_id("0003", 1), display_name="Inner", members=(BOB.id,))
OUTER = Group(id=_id("0003", 2), display_name="Outer", members=(INNER.id,))
LOOP = Group(id=_id("0003", 3), display_name="Loop", members=(OUTER.id, _id("0003", 4)))
LOOPED = Group(id=_id("0003", 4), display_name="Looped", members=(LOOP.id,))
MAILING = Group(id=_id("0003", 5), display_name="Mailing", members=(BOB.id,), security_enabled=False)
SYNCED = Group(
    id=_id("0003", 6), display_name="Synced", members=(BOB.id,), on_premises_sam_account_name="synced",
    on_premises_domain_name="corp.acme.example", on_premises_net_bios_name="CORP",
)  # fmt: skip
MANY = tuple(Group(id=_id("0004", n), display_name=f"Many {n}", members=(OLA.id,)) for n in range(201))

READ = PermissionScope(id=_id("0005", 1), value="data.read")
WRITE = PermissionScope(id=_id("0005", 2), value="data.write")
ADMIN = PermissionScope(id=_id("0005", 3), value="data.admin", type="Admin")
GONE = PermissionScope(id=_id("0005", 4), value="data.gone", enabled=False)

API_URI = "api://acme/data"
API = Application(
    app_id=_id("0006", 1),
    id=_id("0007", 1),
    display_name="Acme Data",
    identifier_uris=(API_URI,),
    requested_access_token_version=2,
    scopes=(READ, WRITE, ADMIN, GONE),
    app_roles=(
        AppRole(id=_id("0008", 1), value="Reader", allowed_member_types=("User",)),
        AppRole(id=_id("0008", 2), value="Robot", allowed_member_types=("Application",)),
        AppRole(id=_id("0008", 3), value="Both"),
        AppRole(id=_id("0008", 4), value="Off", enabled=False),
    ),
)
CLIENT = Application(
    app_id=_id("0006", 2),
    id=_id("0007", 2),
    display_name="Acme Web",
    sign_in_audience="AzureADMultipleOrgs",
    redirect_uris=(RedirectUri(uri=REDIRECT, platform="web"),),
    secrets=(PasswordCredential(value=SECRET),),
    app_roles=(AppRole(id=_id("0008", 5), value="Member"),),
)
OTHER_URI = "api://acme/other"
OTHER = Application(
    app_id=_id("0006", 3),
    id=_id("0007", 3),
    display_name="Acme Other",
    identifier_uris=(OTHER_URI,),
    sign_in_audience="AzureADMultipleOrgs",
    scopes=(PermissionScope(id=_id("0005", 9), value="other.read"),),
)

ACME = Tenant(
    id=ACME_ID,
    display_name="Acme",
    domains=("acme.example", "acme.test"),
    country="FR",
    preferred_language="fr-FR",
    users=PEOPLE,
    groups=(INNER, OUTER, LOOP, LOOPED, MAILING, SYNCED, *MANY),
    applications=(API, CLIENT, OTHER),
)
GLOBEX = Tenant(id=GLOBEX_ID, display_name="Globex", domains=("globex.example",), users=(GIL_AT_HOME, HAL))
DIRECTORY = Directory(tenants=(ACME, GLOBEX))


def given(principal: User | Group | Application, app: Application, role: str = "") -> AppRoleAssignment:
    """An assignment; without a role the default access."""
    return AppRoleAssignment(principal_id=principal.id, resource_id=app.app_id, value=role)


def granted(*names: str, client: Application = CLIENT, resource: Application = API, user: User | None = None):
    """A consent grant."""
    return ConsentGrant(
        client_id=client.app_id, resource_id=resource.app_id, scopes=names, user_id=user.id if user else None
    )


class Acme:
    """A running server that serves :data:`DIRECTORY`, until a test changes it."""

    def __init__(self, idp: Idp) -> None:
        self.idp = idp
        self.entra = idp.entra
        self.entra.live.use(DIRECTORY)

    @property
    def tenant(self) -> Tenant:
        return self.entra.live.directory.tenants[0]

    def declare(self, **fields: Any) -> None:
        """Change fields of the tenant."""
        self.entra.live.use(Directory(tenants=(self.tenant._replace(**fields), GLOBEX)))

    def change(self, thing: User | Application, **fields: Any) -> None:
        """Change fields of a user or an app."""
        name = "users" if isinstance(thing, User) else "applications"
        there = getattr(self.tenant, name)
        self.declare(**{name: tuple(each._replace(**fields) if each.id == thing.id else each for each in there)})

    @contextmanager
    def browser(self) -> Iterator[httpx.Client]:
        with self.idp.browser() as browser:
            yield browser

    def open(self, browser: httpx.Client, tenant: str = ACME_ID, **parameters: str | None) -> httpx.Response:
        """Begin to sign in to the client."""
        asked = {"client_id": CLIENT.app_id, "scope": f"openid profile offline_access {API_URI}/data.read"}
        return self.idp.authorize(browser, tenant, **{**asked, **parameters})

    def sign_in(
        self, browser: httpx.Client, user: User = BOB, tenant: str = ACME_ID, **parameters: str | None
    ) -> httpx.Response:
        """Sign in with the password: the answer that goes to the client, or the page that stops the person."""
        page = self.idp.submit(browser, self.open(browser, tenant, **parameters), loginfmt=user.mail)
        return self.idp.submit(browser, page, passwd="pw")

    def asked(
        self, browser: httpx.Client, user: User = BOB, tenant: str = ACME_ID, **parameters: str | None
    ) -> httpx.Response:
        """Sign in up to the page that asks for consent, and answer nothing on it."""
        page = self.idp.submit(browser, self.open(browser, tenant, **parameters), loginfmt=user.mail)
        return self.idp.send(browser, page, passwd="pw")

    def redeem(self, answer: httpx.Response, tenant: str = ACME_ID, **body: str | None) -> httpx.Response:
        """Redeem the code of an answer."""
        client = {"client_id": CLIENT.app_id, "client_secret": SECRET}
        return self.idp.redeem(query_of(answer)["code"], tenant, **{**client, **body})

    def tokens(self, user: User = BOB, tenant: str = ACME_ID, **parameters: str | None) -> dict[str, Any]:
        """A whole sign-in: the token answer."""
        with self.browser() as browser:
            answer = self.sign_in(browser, user, tenant, **parameters)
            body = {name: parameters[name] for name in ("client_id", "claims") if name in parameters}
            redeemed = self.redeem(answer, tenant, **body)
        assert redeemed.status_code == 200, redeemed.text
        return redeemed.json()

    def access(self, user: User = BOB, **parameters: str | None) -> dict[str, Any]:
        """The claims of the access token."""
        return claims_of(self.tokens(user, **parameters)["access_token"])

    def identity(self, user: User = BOB, **parameters: str | None) -> dict[str, Any]:
        """The claims of the id token."""
        return claims_of(self.tokens(user, **parameters)["id_token"])

    def refresh(self, token: str, tenant: str = ACME_ID, **body: str | None) -> httpx.Response:
        """Refresh as the client."""
        sent = {"grant_type": "refresh_token", "refresh_token": token}
        return self.token(tenant, **{**sent, **body})

    def token(self, tenant: str = ACME_ID, **body: str | None) -> httpx.Response:
        """A token request of the client."""
        return self.idp.token(tenant, **{"client_id": CLIENT.app_id, "client_secret": SECRET, **body})

    def app_token(self, resource: str = API_URI, **body: str | None) -> httpx.Response:
        """The client's own token."""
        return self.token(**{"grant_type": "client_credentials", "scope": f"{resource}/.default", **body})

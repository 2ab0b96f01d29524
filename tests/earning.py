"""How the requests of ``flows/test_every_error.py`` are sent: by Acme with everything that a refusal needs.

Every request carries the same ``client-request-id``, which has to come back.
"""

from contextlib import contextmanager
from functools import cache
from typing import Any

import httpx
from acme import (
    ACME_ID,
    API,
    API_URI,
    BOB,
    CLIENT,
    OTHER,
    OTHER_URI,
    SECRET,
    Acme,
    granted,
)
from assertions import TYPE, Identity, claims_for, identity
from harness import LOGIN, SPA_ORIGIN, SPA_REDIRECT, Idp, query_of

from mock_idp.directory.models import (
    Application,
    FederatedCredential,
    PasswordCredential,
    RedirectUri,
    RequiredResource,
    User,
)

SENT = "0c0e6a1d-0000-4000-8000-00000000c0de"
"""The ``client-request-id``."""

ENDPOINT = f"{LOGIN}/{ACME_ID}/oauth2/v2.0/token"
SUBJECT = "system:serviceaccount:shop:web"
GITHUB = "https://token.actions.githubusercontent.com"
EXCHANGE = "api://AzureADTokenExchange"
API_SECRET = "api-secret"
BOTH = f"{API_URI}/data.read {OTHER_URI}/other.read"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
GONE_ID = "ac3e0006-0000-4000-8000-0000000000ff"

TOOL = Application(
    app_id="ac3e0006-0000-4000-8000-0000000000f1",
    id="ac3e0007-0000-4000-8000-0000000000f1",
    display_name="Acme Tool",
    sign_in_audience="AzureADMultipleOrgs",
    fallback_public_client=True,
)
SPA = Application(
    app_id="ac3e0006-0000-4000-8000-0000000000f2",
    id="ac3e0007-0000-4000-8000-0000000000f2",
    display_name="Acme Page",
    redirect_uris=(RedirectUri(uri=SPA_REDIRECT, platform="spa"),),
)
PAGE = {"client_id": SPA.app_id, "redirect_uri": SPA_REDIRECT}


class Tagged(Idp):
    """A server, asked with :data:`SENT` each time."""

    def client(self, **options) -> httpx.Client:
        client = super().client(**options)
        client.headers["client-request-id"] = SENT
        return client

    def browser(self) -> httpx.Client:
        browser = super().browser()
        browser.headers["client-request-id"] = SENT
        return browser


@cache
def keys(name: str = "registered", **when: Any) -> Identity:
    """A key with its certificate, made once."""
    return identity(name, **when)


class World(Acme):
    """Acme, with a public client, a page, and consents."""

    def __init__(self, idp: Idp, clock: Any) -> None:
        super().__init__(Tagged(idp.server))
        self.clock = clock
        read = [granted("data.read", client=app) for app in (CLIENT, TOOL, SPA)]
        others = [granted("other.read", client=app, resource=OTHER) for app in (CLIENT, API)]
        self.declare(applications=(*self.tenant.applications, TOOL, SPA), grants=(*read, *others))
        self.change(API, secrets=(PasswordCredential(value=API_SECRET),))

    def with_(self, thing: User | Application, **fields: Any) -> "World":
        """With other fields of a user or an app."""
        self.change(thing, **fields)
        return self

    def lists(self, app_id: str, *, scopes: tuple[str, ...] = (), roles: tuple[str, ...] = ()) -> "World":
        """With permissions of an API in the client's registration."""
        wanted = RequiredResource(resource_app_id=app_id, scopes=scopes, roles=roles)
        return self.with_(CLIENT, required_resources=(wanted,))

    def without_grants(self) -> "World":
        """With nobody's consent."""
        self.declare(grants=())
        return self

    # the browser

    def ask(self, tenant: str = ACME_ID, **parameters: str | None) -> httpx.Response:
        """An authorization request by nobody in particular."""
        with self.browser() as browser:
            return self.open(browser, tenant, **parameters)

    def enter(self, user: User = BOB, tenant: str = ACME_ID, **parameters: str | None) -> httpx.Response:
        """A sign-in: the page or redirect that ends it."""
        with self.browser() as browser:
            return self.sign_in(browser, user, tenant, **parameters)

    def cancel(self, user: User = BOB, **parameters: str | None) -> httpx.Response:
        """Cancel where consent is asked for."""
        with self.browser() as browser:
            return self.idp.send(browser, self.asked(browser, user, **parameters), cancel="1")

    def type_name(self, name: str, password: str | None = None) -> httpx.Response:
        """The sign-in page, after a name and perhaps a password was typed."""
        with self.browser() as browser:
            page = self.idp.submit(browser, self.open(browser), loginfmt=name)
            return self.idp.submit(browser, page, passwd=password) if password else page

    def silently(self, *users: User, **parameters: str | None) -> httpx.Response:
        """``prompt=none`` in a browser in which users are signed in."""
        with self.browser() as browser:
            for user in users:
                self.sign_in(browser, user, prompt="login")
            return self.open(browser, **{"prompt": "none", **parameters})

    def code(self, user: User = BOB, **parameters: str | None) -> str:
        """A code for the client."""
        return query_of(self.enter(user, **parameters))["code"]

    # the token endpoint

    def trade_code(self, code: str, tenant: str = ACME_ID, **body: str | None) -> httpx.Response:
        """Redeem a code as the client."""
        return self.idp.redeem(code, tenant, **{"client_id": CLIENT.app_id, "client_secret": SECRET, **body})

    def page_code(self, *, origin: str | None = SPA_ORIGIN, **body: str | None) -> httpx.Response:
        """Redeem a page's code, from the page."""
        code = self.code(**PAGE)
        sent = {"grant_type": "authorization_code", "code": code, "code_verifier": "v" * 43, **PAGE, **body}
        return self.post({n: v for n, v in sent.items() if v is not None}, **({"Origin": origin} if origin else {}))

    def post(self, body: Any, url: str = ENDPOINT, **headers: str) -> httpx.Response:
        """A form, as it is, to the token endpoint."""
        with self.idp.client() as client:
            kind = {"content": body} if isinstance(body, bytes) else {"data": body}
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            return client.post(url, **kind, headers={**form, **headers})

    def get(self, path: str, **headers: str) -> httpx.Response:
        """A document of Entra's, over TLS."""
        with self.idp.client() as client:
            return client.get(LOGIN + path, headers=headers)

    def open_page(self, path: str, **headers: str) -> httpx.Response:
        """A page of the front channel."""
        with self.idp.browser() as browser:
            return browser.get(path, headers=headers)

    def fresh(self, **parameters: str | None) -> str:
        """A refresh token."""
        return self.tokens(**parameters)["refresh_token"]

    def password(self, user: str = BOB.mail, tenant: str = ACME_ID, **body: str | None) -> httpx.Response:
        """The password grant by the public client."""
        sent = {"client_id": TOOL.app_id, "client_secret": None, "grant_type": "password", "username": user}
        return self.token(tenant, **{**sent, "password": "pw", "scope": f"openid {API_URI}/data.read", **body})

    def on_behalf(self, assertion: str | None = None, **body: str | None) -> httpx.Response:
        """The API trades the token that it was called with."""
        sent = {
            "client_id": API.app_id, "client_secret": API_SECRET, "scope": f"{OTHER_URI}/other.read",
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "requested_token_use": "on_behalf_of",
            "assertion": assertion or self.tokens()["access_token"],
        }  # fmt: skip
        return self.token(**{**sent, **body})

    # assertions

    def asserted(self, assertion: str, **body: str | None) -> httpx.Response:
        """The client's own token, by an assertion."""
        return self.app_token(
            **{"client_secret": None, "client_assertion": assertion, "client_assertion_type": TYPE, **body}
        )

    def signed(
        self, header: dict[str, Any] | None = None, who: Identity | None = None, *, by: Identity | None = None,
        registered: Identity | None = None, **claims: Any,
    ) -> httpx.Response:  # fmt: skip
        """Likewise, by one that a registered certificate's key signed; ``None`` leaves a member out."""
        who = who or keys()
        self.change(CLIENT, certificates=((registered or who).credential,))
        found = {"alg": "PS256", "typ": "JWT", "x5t#S256": who.x5t_s256, **(header or {})}
        shown = {name: value for name, value in found.items() if value is not None}
        return self.asserted((by or who).sign(claims_for(CLIENT.app_id, ENDPOINT, **claims), shown))

    def federated(self, *, kid: str | None = None, keys_known: bool = True, **claims: Any) -> httpx.Response:
        """Likewise, by another issuer's token, whose keys are declared."""
        trusted = {"keys": [keys().jwk]} if keys_known else None
        credential = FederatedCredential(name="web", issuer=GITHUB, subject=SUBJECT, keys=trusted)
        self.change(CLIENT, federated_credentials=(credential,))
        return self.foreign(kid=kid, **claims)

    def foreign(self, *, kid: str | None = None, **claims: Any) -> httpx.Response:
        """Likewise, whether it is trusted or not."""
        made = claims_for(SUBJECT, EXCHANGE, **{"iss": GITHUB, **claims})
        return self.asserted(keys().sign(made, {"alg": "RS256", "kid": kid or keys().x5t}))

    # devices

    def begin_device(self, tenant: str = ACME_ID) -> httpx.Response:
        """What a device is answered that asks for codes."""
        body = {"client_id": TOOL.app_id, "scope": f"openid {API_URI}/data.read"}
        return self.post(body, f"{LOGIN}/{tenant}/oauth2/v2.0/devicecode")

    def device(self) -> dict[str, Any]:
        """The codes of a device."""
        return self.begin_device().json()

    def poll(self, code: str) -> httpx.Response:
        """What the device is told."""
        return self.token(
            client_id=TOOL.app_id, client_secret=None, grant_type=DEVICE_GRANT, device_code=code, scope=None
        )

    @contextmanager
    def _typing(self, user_code: str):
        with self.idp.browser() as browser:
            page = browser.get("/device", follow_redirects=True)
            yield browser, self.idp.submit(browser, page, otc=user_code)

    def type_code(self, user_code: str) -> httpx.Response:
        """The page on which a device's code is typed, after that."""
        with self._typing(user_code) as (_, page):
            return page

    def answer_device(self, user_code: str, **button: str) -> httpx.Response:
        """The whole way: code, name, password, and a button."""
        with self._typing(user_code) as (browser, page):
            asks = self.idp.submit(browser, self.idp.submit(browser, page, loginfmt=BOB.mail), passwd="pw")
            return self.idp.submit(browser, asks, **button)

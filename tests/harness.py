"""What the tests share: clients that reach a server over real sockets and real TLS, and a driver of its pages."""

import base64
import hashlib
import html
import json
import re
import socket
import ssl
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx

from mock_idp.directory.default import API, CONTOSO, WEB_APP, WEB_APP_SECRET
from mock_idp.errors import EntraError
from mock_idp.server import Server

LOGIN = "https://login.microsoftonline.com"
GRAPH = "https://graph.microsoft.com"

UNDECLARED = "7a1c1f5e-0000-4c8b-9b39-5f1d6f0c2e11"
"""A tenant that nobody declared."""

ANY_CLIENT = "11111111-2222-4333-8444-555555555555"
REDIRECT = "http://localhost:5001/callback"
API_URI = API.identifier_uris[0]
API_SCOPES = f"{API_URI}/data.read {API_URI}/data.write"

VERIFIER = "v" * 43
SPA_REDIRECT = API.redirect_uris[0].uri
SPA_ORIGIN = "http://localhost:8000"
WRONG_GUID = "99999999-9999-4999-8999-999999999999"

CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


class Forms(HTMLParser):
    """The forms of a page: ``(action, fields, buttons)``, buttons as ``(name, value)``."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], list[tuple[str, str]]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.found.append((given.get("action", ""), {}, []))
        elif tag == "button" and self.found:
            self.found[-1][2].append((given.get("name", ""), given.get("value", "")))
        elif tag == "input" and self.found and given.get("name") and given.get("type") != "checkbox":
            self.found[-1][1][given["name"]] = given.get("value") or ""


class Idp:
    """A running server as a test sees it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.entra = server.entra
        self.front_url = server.front_url

    def context(self) -> ssl.SSLContext:
        """Trusts our CA and nothing else."""
        context = ssl.create_default_context(cadata=self.server.authority.certificate_pem)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context

    def client(self, **options) -> httpx.Client:
        """An HTTP client for which Microsoft's names lead here, through the CONNECT proxy, over TLS."""
        proxy = f"http://127.0.0.1:{self.server.proxy.port}"
        return httpx.Client(proxy=proxy, verify=self.context(), trust_env=False, timeout=20, **options)

    def browser(self) -> httpx.Client:
        """A client with cookies on the front channel, which follows no redirect by itself."""
        return httpx.Client(base_url=self.front_url, trust_env=False, timeout=20)

    def authorize(self, browser: httpx.Client, tenant: str = CONTOSO.id, **parameters: str | None) -> httpx.Response:
        """An authorization request of the demo's web app with PKCE; ``None`` leaves a parameter out."""
        asked = {
            "client_id": WEB_APP.app_id,
            "response_type": "code",
            "redirect_uri": REDIRECT,
            "scope": f"openid profile offline_access {API_SCOPES}",
            "state": "a state",
            "nonce": "a nonce",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "client_info": "1",
            **parameters,
        }
        kept = {name: value for name, value in asked.items() if value is not None}
        return browser.get(f"/{tenant}/oauth2/v2.0/authorize", params=kept)

    def click_tile(self, browser: httpx.Client, page: httpx.Response, user: str = "rita@contoso.example"):
        """Sign in by the user's tile."""
        for action, fields, buttons in Forms(page.text).found:
            if ("tile", user) in buttons:
                return self.agree(browser, browser.post(urljoin(str(page.url), action), data={**fields, "tile": user}))
        raise AssertionError(f"no tile {user} on {page.text}")

    def submit(self, browser: httpx.Client, page: httpx.Response, **typed: str) -> httpx.Response:
        """Fill and send the first form of a page; agree when that leads to the page that asks for consent."""
        return self.agree(browser, self.send(browser, page, **typed))

    def send(self, browser: httpx.Client, page: httpx.Response, **typed: str) -> httpx.Response:
        """Fill and send the first form of a page."""
        action, fields, _ = Forms(page.text).found[0]
        return browser.post(urljoin(str(page.url), action), data={**fields, **typed})

    def agree(self, browser: httpx.Client, answer: httpx.Response) -> httpx.Response:
        """Press Accept if the answer is the page that asks for consent."""
        return self.send(browser, answer, accept="1") if 'name="accept"' in answer.text else answer

    def https_browser(self) -> httpx.Client:
        """A client with cookies that opens the pages under Microsoft's own name."""
        return self.client(base_url=LOGIN)

    def sign_in(
        self, browser: httpx.Client, user: str = "rita@contoso.example", tenant: str = CONTOSO.id, **parameters
    ):
        """Sign in by tile: the answer that goes to the application."""
        return self.click_tile(browser, self.authorize(browser, tenant, **parameters), user)

    def raw(self, request: bytes) -> bytes:
        """Send bytes to the front channel as they are; all that comes back until it closes or falls silent."""
        host, port = urlsplit(self.front_url).hostname, urlsplit(self.front_url).port
        answer = b""
        with socket.create_connection((host, port), timeout=2) as connection:
            try:
                connection.sendall(request)
                while chunk := connection.recv(65536):
                    answer += chunk
            except (TimeoutError, ConnectionError):
                pass
        return answer

    def code(self, tenant: str = CONTOSO.id, user: str = "rita@contoso.example", **parameters: str | None) -> str:
        """An authorization code, through the pages."""
        with self.browser() as browser:
            answer = self.click_tile(browser, self.authorize(browser, tenant, **parameters), user)
        return query_of(answer)["code"]

    def token(self, tenant: str = CONTOSO.id, **body: str | None) -> httpx.Response:
        """A token request of the demo's web app over TLS; ``None`` leaves a member out."""
        sent = {"client_id": WEB_APP.app_id, "client_secret": WEB_APP_SECRET, **body}
        with self.client() as client:
            return client.post(
                f"{LOGIN}/{tenant}/oauth2/v2.0/token", data={n: v for n, v in sent.items() if v is not None}
            )

    def redeem(self, code: str, tenant: str = CONTOSO.id, **body: str | None) -> httpx.Response:
        """Redeem a code."""
        sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
        return self.token(tenant, **{**sent, **body})

    def tokens(self, tenant: str = CONTOSO.id, user: str = "rita@contoso.example", **parameters: str | None) -> dict:
        """A whole sign-in: the token answer."""
        answer = self.redeem(self.code(tenant, user, **parameters), tenant, scope=parameters.get("scope"))
        assert answer.status_code == 200, answer.text
        return answer.json()


def query_of(answer: httpx.Response) -> dict[str, str]:
    """The parameters of a redirect's query."""
    assert answer.status_code == 302, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def redirected(answer: httpx.Response) -> tuple[str, int]:
    """OAuth error and AADSTS number of a refusal that went to the redirect URI, whatever the response mode."""
    if answer.status_code == 200:
        members = Forms(answer.text).found[0][1]
    else:
        parts = urlsplit(answer.headers["location"])
        members = {name: values[0] for name, values in parse_qs(parts.query or parts.fragment).items()}
    return members["error"], int(re.match(r"AADSTS(\d+): ", members["error_description"])[1])


def shown(answer: httpx.Response) -> tuple[int, int]:
    """Status and AADSTS number of an error page."""
    assert answer.headers["content-type"].startswith("text/html"), answer.text
    return answer.status_code, int(re.search(r"AADSTS(\d+):", answer.text)[1])


def hint_of(page: httpx.Response) -> str:
    """What our hint on a page says."""
    found = re.search(r'<div class="hint">(.*?)</div>', page.text, re.DOTALL)
    return html.unescape(re.sub("<[^>]+>", "", found[1])) if found else ""


def header_of(token: str) -> dict:
    """A token's JOSE header."""
    return _decoded(token.split(".", maxsplit=1)[0])


def claims_of(token: str) -> dict:
    """A token's payload, not verified."""
    return _decoded(token.split(".")[1])


def _decoded(part: str) -> dict:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def attempt(call: Callable[..., Any], *arguments: Any) -> tuple[Any, EntraError | None]:
    """What a call gave, or the Entra error that it raised; anything else it raises is a fault."""
    try:
        return call(*arguments), None
    except EntraError as error:
        return None, error


def error_of(answer: httpx.Response) -> tuple[int, str, int]:
    """Status, OAuth error and AADSTS number of a JSON refusal."""
    body = answer.json()
    return answer.status_code, body["error"], body["error_codes"][0]

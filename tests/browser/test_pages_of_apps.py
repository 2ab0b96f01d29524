"""Pages of apps inside ``mock-idp browser``: a hidden frame finds the session, and nothing elsewhere holds them up."""

import http.server
import threading
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from harness import API, CHALLENGE, CONTOSO
from playwright.sync_api import expect

LOGIN = "https://login.microsoftonline.com"
PAGE = b"<!doctype html><p id=app>an app</p>"
REDIRECT = API.redirect_uris[0].uri


class SinglePage(http.server.BaseHTTPRequestHandler):
    """An app that leaves everything to its scripts."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_):
        """Nothing."""


@pytest.fixture
def app():
    """Where the app is. The port of a registered ``http://localhost`` does not count."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), SinglePage) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield urlsplit(REDIRECT)._replace(netloc=f"localhost:{server.server_port}").geturl()
        server.shutdown()


def authorize_url(host: str, redirect: str, **parameters: str) -> str:
    asked = {
        "client_id": API.app_id, "response_type": "code", "redirect_uri": redirect, "scope": "openid",
        "response_mode": "fragment", "code_challenge": CHALLENGE, "code_challenge_method": "S256", **parameters,
    }  # fmt: skip
    return f"{host}/{CONTOSO.id}/oauth2/v2.0/authorize?{urlencode(asked)}"


def renewed(page, host: str, app: str) -> dict[str, str]:
    """What comes back to a hidden frame of the app's page, as MSAL.js and oidc-client-ts read it."""
    page.goto(app)
    page.evaluate(
        """url => {
            const frame = document.createElement("iframe");
            frame.id = "renewal";
            frame.hidden = true;
            frame.src = url;
            document.body.append(frame);
        }""",
        authorize_url(host, app, prompt="none"),
    )
    page.wait_for_function("""() => {
        try { return document.getElementById("renewal").contentWindow.location.hash.length > 1 }
        catch { return false }
    }""")
    fragment = page.evaluate('document.getElementById("renewal").contentWindow.location.hash')
    return {name: values[0] for name, values in parse_qs(fragment.lstrip("#")).items()}


def sign_in(page, host: str, app: str) -> None:
    page.goto(authorize_url(host, app))
    page.get_by_role("button", name="Rita Reader").click()
    expect(page.locator("#app")).to_have_text("an app")


def test_a_hidden_frame_gets_a_code_for_who_signed_in_before_and_an_error_for_nobody(our_browser, app):
    page = our_browser.new_page()
    nobody = renewed(page, LOGIN, app)
    assert nobody["error"] == "login_required"
    assert "AADSTS50058" in nobody["error_description"]
    sign_in(page, LOGIN, app)
    assert "code" in renewed(page, LOGIN, app)


def test_what_a_page_loads_from_elsewhere_fails_at_once_and_the_page_is_shown(our_browser, app):
    page, failed = our_browser.new_page(), []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.goto(app)
    page.set_content('<link rel="stylesheet" href="https://cdn.example.net/x.css"><p id=app>styled</p>', timeout=10_000)
    expect(page.locator("#app")).to_have_text("styled")
    assert failed == ["https://cdn.example.net/x.css"]


def test_on_the_front_channel_it_finds_nobody(our_browser, idp, app):
    """As docs/single-page-apps.md says: on plain http there is no cookie that a browser would send."""
    page = our_browser.new_page()
    sign_in(page, idp.front_url, app)
    assert renewed(page, idp.front_url, app)["error"] == "login_required"

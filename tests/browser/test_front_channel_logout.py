"""Signing out in a real browser: an app's logout endpoint is asked in a frame before the browser goes on to the app."""

import http.server
import threading
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

import pytest
from acme import ACME_ID, CLIENT, SECRET, Acme, granted
from harness import CHALLENGE, claims_of
from playwright.sync_api import expect

from mock_idp.directory.models import RedirectUri


class App(http.server.BaseHTTPRequestHandler):
    """A web app that notes what it was asked; ``/slow`` never answers."""

    def do_GET(self):
        self.server.asked.append(self.path)
        if self.path.startswith("/slow"):
            self.server.closing.wait(30)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<p id=path>{urlsplit(self.path).path}</p>".encode())

    def log_message(self, *_):
        """Nothing."""


@contextmanager
def listening():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), App) as server:
        server.asked, server.closing, server.url = [], threading.Event(), f"http://localhost:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.closing.set()
        server.shutdown()


@pytest.fixture
def app():
    with listening() as server:
        yield server


@pytest.fixture
def acme(idp, app):
    made = Acme(idp)
    made.declare(grants=(granted("data.read"),))
    made.change(
        CLIENT, logout_url=f"{app.url}/out", redirect_uris=(RedirectUri(uri=f"{app.url}/callback", platform="web"),)
    )
    return made


def sign_in(page, acme, app) -> str:
    """Sign in at the app; the claim ``sid`` that it gets."""
    with acme.browser() as browser:
        asked = acme.open(browser, redirect_uri=f"{app.url}/callback", code_challenge=CHALLENGE)
    page.goto(str(asked.url))
    page.locator("#i0116").fill("bob@acme.example")
    page.keyboard.press("Enter")
    page.locator("#i0118").fill("pw")
    page.keyboard.press("Enter")
    expect(page.locator("#path")).to_have_text("/callback")
    code = dict(parse_qsl(urlsplit(page.url).query))["code"]
    tokens = acme.token(
        grant_type="authorization_code",
        code=code,
        redirect_uri=f"{app.url}/callback",
        code_verifier="v" * 43,
        client_secret=SECRET,
    )
    assert tokens.status_code == 200, tokens.text
    return claims_of(tokens.json()["id_token"])["sid"]


def logout_url(acme, after: str = "") -> str:
    url = f"{acme.idp.front_url}/{ACME_ID}/oauth2/v2.0/logout"
    return f"{url}?post_logout_redirect_uri={after}" if after else url


@pytest.mark.parametrize("goes_on", [True, False])
def test_the_app_gets_the_sid_of_its_tokens_in_a_frame(page, acme, app, goes_on):
    sid = sign_in(page, acme, app)
    wrong = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto(logout_url(acme, f"{app.url}/callback" if goes_on else ""))
    if goes_on:
        page.wait_for_url(f"{app.url}/callback")
    else:
        expect(page.get_by_role("heading")).to_have_text("You signed out of your account")
        expect(page.frame_locator("iframe").locator("#path")).to_have_text("/out")
        assert page.locator("iframe").bounding_box()["x"] < 0
    came = [path.partition("?code")[0] for path in app.asked if path != "/favicon.ico"]
    assert came == ["/callback", f"/out?sid={sid}", *(["/callback"] if goes_on else [])]
    assert wrong == []


def test_an_app_that_never_answers_holds_nobody_up(page, acme, app):
    sign_in(page, acme, app)
    acme.change(CLIENT, logout_url=f"{app.url}/slow")
    page.goto(logout_url(acme, f"{app.url}/callback"), wait_until="commit")
    page.wait_for_url(f"{app.url}/callback")
    assert any(path.startswith("/slow?sid=") for path in app.asked)


def test_without_scripts_it_goes_on_too(chromium, acme, app):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    sid = sign_in(page, acme, app)
    page.goto(logout_url(acme, f"{app.url}/callback"))
    page.wait_for_url(f"{app.url}/callback")
    assert any(path == f"/out?sid={sid}" for path in app.asked)
    context.close()

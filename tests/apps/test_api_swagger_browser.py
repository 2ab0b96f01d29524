"""The Authorize button in a real browser: code, PKCE, token, call. Chromium sees this machine and no other."""

import base64
import hashlib
import socket
import threading
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import uvicorn

from api.main import create_app

AUTHORITY = "https://login.microsoftonline.com/7a1c1f5e-3a53-4c8b-9b39-5f1d6f0c2e11/oauth2/v2.0"


@pytest.fixture
def address(api_settings, tenant):
    """Where the API really listens."""
    server = uvicorn.Server(uvicorn.Config(create_app(api_settings, tenant.client()), log_level="error"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://localhost:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def browser(browser_type, chromium_program):
    nowhere_else = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"
    chromium = browser_type.launch(executable_path=chromium_program, args=[nowhere_else, "--no-sandbox"])
    yield chromium.new_context()
    chromium.close()


class SignIn:
    """The tenant's two endpoints, as the browser meets them."""

    def __init__(self, tenant):
        self.tenant = tenant
        self.asked = {}
        self.redeemed = {}

    def authorize(self, route):
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(route.request.url).query).items()}
        back = f"{self.asked['redirect_uri']}?code=the-code&state={self.asked['state']}"
        route.fulfill(content_type="text/html", body=f"<script>location.replace({back!r})</script>")

    def token(self, route):
        self.redeemed = {name: values[0] for name, values in parse_qs(route.request.post_data or "").items()}
        token = self.tenant.token(scp="data.read data.write")
        answer = {"token_type": "Bearer", "access_token": token, "expires_in": 3599}
        route.fulfill(headers={"Access-Control-Allow-Origin": "*"}, json=answer)


def test_a_user_signs_in_on_the_page_and_reads_the_data(browser, address, tenant):
    sign_in, asked_for = SignIn(tenant), []
    browser.route(f"{AUTHORITY}/authorize*", sign_in.authorize)
    browser.route(f"{AUTHORITY}/token", sign_in.token)
    browser.on("request", lambda request: asked_for.append(request.url))
    page = browser.new_page()
    page.goto(f"{address}/docs")
    page.click("button.authorize")
    with page.expect_popup():
        page.click(".auth-btn-wrapper button.authorize")
    page.wait_for_selector("text=Logout")
    page.click(".btn-done")
    page.click("#operations-data-read_data_read_get")
    page.click("text=Try it out")
    page.click("text=Execute")
    page.wait_for_selector(".live-responses-table >> text=Hello Ada Lovelace")

    challenge = base64.urlsafe_b64encode(hashlib.sha256(sign_in.redeemed["code_verifier"].encode()).digest())
    assert sign_in.asked["code_challenge"] == challenge.decode().rstrip("=")
    assert sign_in.asked["code_challenge_method"] == "S256"
    assert sign_in.asked["response_type"] == "code"
    assert sign_in.asked["client_id"] == sign_in.redeemed["client_id"] == "0d8e0b0e-9a3f-4a43-8bd8-3f6a5b0f1c22"
    assert sign_in.asked["redirect_uri"] == sign_in.redeemed["redirect_uri"] == f"{address}/docs/oauth2-redirect"
    assert len(sign_in.asked["scope"].split()) == 2
    assert "client_secret" not in sign_in.redeemed
    assert {urlsplit(url).netloc for url in asked_for if url.startswith("http")} == {
        urlsplit(address).netloc,
        "login.microsoftonline.com",
    }

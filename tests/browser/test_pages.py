"""Our pages in a real browser."""

import http.server
import threading
from urllib.parse import parse_qs, urlencode

import pytest
from harness import API_SCOPES, CHALLENGE, CONTOSO, WEB_APP
from playwright.sync_api import expect


class Callback(http.server.BaseHTTPRequestHandler):
    """An application's redirect URI, which shows what it got."""

    def do_GET(self):
        self.show(self.path.partition("?")[2])

    def do_POST(self):
        self.show(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def show(self, text: str):
        found = {name: values[0] for name, values in parse_qs(text).items()}
        body = f"<p id=method>{self.command}</p><p id=members>{' '.join(found)}</p><p id=error>{found.get('error')}</p>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        """Nothing."""


@pytest.fixture
def callback():
    """The address of a listening application."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Callback) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/callback"
        server.shutdown()


def authorize_url(idp, callback: str, **parameters: str) -> str:
    asked = {
        "client_id": WEB_APP.app_id,
        "response_type": "code",
        "redirect_uri": callback,
        "scope": f"openid {API_SCOPES}",
        "state": "s",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **parameters,
    }
    return f"{idp.front_url}/{CONTOSO.id}/oauth2/v2.0/authorize?{urlencode(asked)}"


def test_a_tile_is_one_click(page, idp, callback):
    page.goto(authorize_url(idp, callback))
    page.get_by_role("button", name="Rita Reader").click()
    expect(page.locator("#members")).to_have_text("code state session_state")


def test_every_page_says_that_it_is_not_microsoft(page, idp, callback):
    for url in (authorize_url(idp, callback), authorize_url(idp, callback, client_id="x"), idp.front_url):
        page.goto(url)
        expect(page.get_by_role("note")).to_contain_text("not Microsoft")


def test_a_wrong_password_is_told_and_can_be_corrected(page, idp, callback):
    page.goto(authorize_url(idp, callback))
    page.locator("#i0116").fill("rita@contoso.example")
    page.keyboard.press("Enter")
    page.locator("#idA_PWD_ForgotPassword").click()  # Microsoft's own test programs wait for it
    expect(page.locator("#hint:target")).to_contain_text("The password is contoso-demo.")
    page.locator("#i0118").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.locator("#passwordError")).to_contain_text("password is incorrect")
    page.locator("#i0118").fill("contoso-demo")
    page.locator("#idSIButton9").click()
    expect(page.locator("#method")).to_have_text("GET")


@pytest.mark.parametrize("scripts", [True, False])
def test_form_post_arrives_with_and_without_scripts(chromium, idp, callback, scripts):
    context = chromium.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(authorize_url(idp, callback, response_mode="form_post"))
    page.get_by_role("button", name="Walt Writer").click()
    if not scripts:
        page.get_by_role("button", name="Submit").click()
    expect(page.locator("#method")).to_have_text("POST")
    expect(page.locator("#members")).to_have_text("code state session_state")
    context.close()


def test_signing_in_works_without_scripts(chromium, idp, callback):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(authorize_url(idp, callback))
    page.locator("#i0116").fill("ada@contoso.example")
    page.locator("#idSIButton9").click()
    page.locator("#i0118").fill("contoso-demo")
    page.locator("#idSIButton9").click()
    expect(page.locator("#members")).to_have_text("code state session_state")
    context.close()


def test_the_second_app_signs_on_silently(page, idp, callback):
    page.goto(authorize_url(idp, callback))
    page.get_by_role("button", name="Rita Reader").click()
    page.goto(authorize_url(idp, callback, prompt="none"))
    expect(page.locator("#members")).to_have_text("code state session_state")


def test_an_application_that_redirects_on_to_another_port_after_signing_in_is_not_stopped(page, idp, callback):
    class Onward(Callback):
        def do_GET(self):
            self.send_response(302)
            self.send_header("Location", callback + "?arrived=1")
            self.end_headers()

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Onward) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page.goto(authorize_url(idp, f"http://localhost:{server.server_port}/callback"))
        page.get_by_role("button", name="Rita Reader").click()
        expect(page.locator("#members")).to_have_text("arrived")
        server.shutdown()


def test_swaggers_authorize_button_signs_in_inside_our_browser(our_browser, api_url):
    """Its page sends the browser to Microsoft's own name, and fetches the token from there across origins."""
    page = our_browser.new_page()
    page.goto(f"{api_url}/docs")
    page.locator("button.authorize").first.click()
    for box in page.locator(".scopes input[type=checkbox]").all():
        if not box.is_checked():
            box.check(force=True)
    with our_browser.expect_page() as popup:
        page.locator(".auth-btn-wrapper button.authorize").click()
    popup.value.get_by_role("button", name="Rita Reader").click()
    expect(page.locator(".auth-btn-wrapper")).to_contain_text("Logout")
    page.locator(".btn-done").click()
    page.locator(".opblock-get").filter(has_text="/data/read").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table tbody .response-col_status").first).to_contain_text("200")

"""The page that asks for consent, in a real browser."""

from urllib.parse import parse_qs, urlsplit

import pytest
from acme import ACME_ID, ANN, API, API_URI, BOB, CLIENT, WRITE, Acme
from harness import CHALLENGE, REDIRECT
from playwright.sync_api import expect


@pytest.fixture
def acme(idp):
    acme = Acme(idp)
    acme.change(API, scopes=(WRITE._replace(description="Change the data"), *API.scopes[2:]))
    return acme


def sign_in(page, acme, user, scope) -> None:
    page.route(f"{REDIRECT}*", lambda route: route.fulfill(body="back at the app"))
    page.goto(
        f"{acme.idp.front_url}/{ACME_ID}/oauth2/v2.0/authorize?client_id={CLIENT.app_id}&response_type=code"
        f"&redirect_uri={REDIRECT}&scope={scope}&state=s&code_challenge={CHALLENGE}&code_challenge_method=S256"
    )
    page.get_by_role("button", name=user.display_name).click()


def answer(page) -> dict[str, list[str]]:
    expect(page.locator("body")).to_have_text("back at the app")
    return parse_qs(urlsplit(page.url).query)


def test_a_person_reads_what_is_asked_and_accepts_with_the_keyboard(page, acme):
    sign_in(page, acme, BOB, f"openid {API_URI}/data.write")
    expect(page.get_by_role("heading")).to_have_text("Permissions requested")
    expect(page.get_by_role("listitem")).to_have_text(
        ["Change the data data.write of Acme Data", "Sign you in openid"], use_inner_text=False
    )
    expect(page.get_by_role("checkbox")).to_have_count(0)
    expect(page.get_by_role("button", name="Accept")).to_be_focused()
    page.keyboard.press("Enter")
    assert "code" in answer(page)


def test_cancel_brings_the_error_to_the_app(page, acme):
    sign_in(page, acme, BOB, f"openid {API_URI}/data.write")
    page.get_by_role("button", name="Cancel").click()
    assert answer(page)["error"] == ["access_denied"]


def test_an_administrator_ticks_for_everybody(page, acme):
    sign_in(page, acme, ANN, f"openid {API_URI}/data.admin")
    page.get_by_label("Consent on behalf of your organization").check()
    page.get_by_role("button", name="Accept").click()
    assert "code" in answer(page)
    assert acme.entra.live.tenant(ACME_ID).granted_to_all(CLIENT.app_id, API.app_id) == ("data.admin",)


def test_whoever_is_no_administrator_is_sent_to_one(page, acme):
    sign_in(page, acme, BOB, f"openid {API_URI}/data.admin")
    expect(page.get_by_role("heading", name="Need admin approval")).to_be_visible()
    page.get_by_role("button", name="Return to the application").click()
    assert answer(page)["error"] == ["access_denied"]

"""The two applications in a real browser: signs in as a person does, on the mock and on the real Entra ID alike."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e


def sign_in(page: Page, stack) -> None:
    """What helpers written for the real page do: name, next, password, sign in, and 'stay signed in' if asked."""
    page.goto(f"{stack.webapp_url}/login")
    page.locator("#i0116").fill(stack.user)
    page.locator("#idSIButton9").click()
    page.locator("#i0118").fill(stack.password)
    page.locator("#idSIButton9").click()
    home = re.compile(re.escape(stack.webapp_url) + "/?$")
    stay = page.locator("#KmsiCheckboxField")
    expect(stay.or_(page.locator("form[action='/logout']")).first).to_be_visible()
    if stay.count():
        page.locator("#idBtn_Back").click()
    expect(page).to_have_url(home)


def test_a_person_signs_in_reads_writes_and_signs_out_of_both(page, stack):
    sign_in(page, stack)
    expect(page.locator("body")).to_contain_text(stack.user, ignore_case=True)

    page.goto(f"{stack.webapp_url}/api/read")
    expect(page.locator("body")).to_contain_text("data.read")

    page.goto(f"{stack.webapp_url}/api/write")
    page.locator("main form button, main form input[type=submit]").first.click()
    expect(page.locator("body")).to_contain_text("data.write")

    page.goto(stack.webapp_url)
    page.locator("form[action='/logout'] button").click()
    page.wait_for_url(re.compile(re.escape(stack.webapp_url) + "/?$|oauth2/v2.0/logout"))

    page.goto(f"{stack.webapp_url}/login")
    expect(page.locator("#i0116").or_(page.locator("[data-test-id]")).first).to_be_visible()


def test_the_api_turns_away_who_has_no_token(page, stack):
    answer = page.request.get(f"{stack.api_url}/data/read")
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Bearer ")

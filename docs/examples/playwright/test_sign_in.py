"""People click, as they would with Microsoft's own pages."""

from playwright.sync_api import expect


def test_rita_signs_in(page, url, entra):
    page.goto(url)
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("button", name="Rita Reader").click()
    expect(page.get_by_role("heading")).to_have_text("Hello, Rita Reader")
    assert entra.journal.one("token").pkce == "S256"


def test_a_name_and_a_password_will_do_too(page, url):
    page.goto(f"{url}/login")
    page.get_by_label("Enter your email").fill("walt@contoso.example")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Enter the password").fill("contoso-demo")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading")).to_have_text("Hello, Walt Writer")


def test_who_is_signed_in_already_is_not_asked_again(page, url, context):
    page.goto(f"{url}/login")
    page.get_by_role("button", name="Rita Reader").click()
    context.clear_cookies(domain="localhost")  # the app forgets her, Entra does not
    page.goto(f"{url}/login")
    expect(page.get_by_role("heading")).to_have_text("Hello, Rita Reader")


def test_a_disabled_account_stays_outside(page, url, entra):
    page.goto(f"{url}/login")
    page.get_by_role("button", name="Dora Disabled").click()
    expect(page.get_by_role("alert")).to_contain_text("Your account has been locked")
    assert entra.journal.one("login").error == 50057

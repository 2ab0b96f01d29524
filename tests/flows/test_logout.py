"""Signing out: the session ends, and the browser goes on only to where an app may send it."""

import pytest
from acme import ACME_ID, CLIENT
from harness import ANY_CLIENT, CONTOSO, LOGIN, UNDECLARED, hint_of, redirected, shown

from mock_idp.directory.models import RedirectUri

AFTER = "http://localhost:5001/"


def sign_out(browser, tenant: str = CONTOSO.id, **parameters: str):
    return browser.get(f"/{tenant}/oauth2/v2.0/logout", params=parameters)


def test_the_session_ends(idp):
    with idp.browser() as browser:
        idp.sign_in(browser)
        page = sign_out(browser)
        assert page.status_code == 200
        assert "You signed out of your account" in page.text
        assert browser.cookies.get("ESTSAUTH") is None
        assert redirected(idp.authorize(browser, prompt="none")) == ("login_required", 50058)


def test_the_session_ends_even_for_whoever_kept_the_cookie(idp):
    with idp.browser() as browser:
        idp.sign_in(browser)
        kept = browser.cookies.get("ESTSAUTH")
        sign_out(browser)
        browser.cookies.set("ESTSAUTH", kept)
        assert redirected(idp.authorize(browser, prompt="none")) == ("login_required", 50058)


def test_a_registered_redirect_uri_is_followed_with_the_state(idp):
    with idp.browser() as browser:
        idp.sign_in(browser)
        answer = sign_out(browser, post_logout_redirect_uri=AFTER, state="a b&c")
    assert answer.status_code == 302
    assert answer.headers["location"] == f"{AFTER}?state=a+b%26c"
    assert "ESTSAUTH=" in answer.headers["set-cookie"]


@pytest.mark.parametrize("tenant", [CONTOSO.id, "common", "organizations", "contoso.example"])
@pytest.mark.parametrize("uri", [AFTER, "http://localhost:5001", "http://localhost:49152/callback"])
def test_it_is_compared_as_at_authorize(idp, tenant, uri):
    with idp.browser() as browser:
        answer = sign_out(browser, tenant, post_logout_redirect_uri=uri)
    assert answer.headers["location"] == uri


def test_a_registration_with_a_wildcard_is_where_a_sign_in_and_a_sign_out_may_go(acme):
    here, there = "https://shop.acme.example/in", "https://shop.evil.example/in"
    acme.change(CLIENT, redirect_uris=(RedirectUri(uri="https://*.acme.example/in", platform="web"),))
    with acme.browser() as browser:
        signed_in = acme.sign_in(browser, redirect_uri=here)
        refused = acme.open(browser, redirect_uri=there)
        signed_out = sign_out(browser, ACME_ID, post_logout_redirect_uri=here)
        stayed = sign_out(browser, ACME_ID, post_logout_redirect_uri=there)
    assert signed_in.headers["location"].startswith(f"{here}?code=")
    assert "AADSTS50011" in refused.text
    assert (signed_out.headers["location"], stayed.status_code) == (here, 200)


def test_it_may_be_posted_too(idp):
    with idp.browser() as browser:
        answer = browser.post(f"/{CONTOSO.id}/oauth2/v2.0/logout", data={"post_logout_redirect_uri": AFTER})
    assert answer.headers["location"] == AFTER


def test_hints_of_the_libraries_are_taken_and_ignored(idp):
    with idp.browser() as browser:
        answer = sign_out(browser, post_logout_redirect_uri=AFTER, id_token_hint="x.y.z", logout_hint="rita")
    assert answer.status_code == 302


NOWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "http://localhost:5001@evil.example/",
    "http://evil.example\\@localhost:5001/",
    "http://evil.example\\.localhost/",
    "http://localhost.evil.example/",
    "http://user@localhost/",
    "javascript:alert(1)",
    "JAVASCRIPT:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "http://[bad",
    " http://localhost:5001/",
    "http://localhost:5001/#x",
    "/",
    "x",
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize("uri", [*NOWHERE, "http://localhost:5001/other", "https://localhost:5001/"])
def test_any_other_address_is_ignored_and_the_page_says_so(idp, uri, journal):
    with idp.browser() as browser:
        idp.sign_in(browser)
        page = sign_out(browser, post_logout_redirect_uri=uri)
    assert page.status_code == 200
    assert "location" not in page.headers
    assert "is no registered redirect URI" in hint_of(page)
    assert "<script>" not in page.text
    assert any("is no registered redirect URI" in note for note in journal[-1].notes)


@pytest.mark.parametrize("tenant", [UNDECLARED, "common"])
@pytest.mark.parametrize("uri", NOWHERE)
def test_neither_an_undeclared_tenant_nor_an_alias_is_an_open_redirect(idp, tenant, uri):
    with idp.browser() as browser:
        page = sign_out(browser, tenant, post_logout_redirect_uri=uri)
    assert page.status_code == 200
    assert "location" not in page.headers


@pytest.mark.parametrize("tenant", [UNDECLARED, "common"])
@pytest.mark.parametrize("uri", ["http://localhost:3000/bye", "http://127.0.0.1/", "https://localhost:3000/bye?x=1"])
def test_undeclared_apps_on_this_machine_are_followed(idp, tenant, uri):
    with idp.browser() as browser:
        assert sign_out(browser, tenant, post_logout_redirect_uri=uri).headers["location"] == uri


def test_undeclared_apps_elsewhere_are_followed_when_this_browser_was_signed_in_to_them(idp):
    uri = "https://app.example/bye"
    with idp.browser() as browser:
        idp.sign_in(browser, tenant=UNDECLARED, client_id=ANY_CLIENT, redirect_uri="https://app.example/cb")
        answer = sign_out(browser, UNDECLARED, post_logout_redirect_uri=uri, state="s")
        assert answer.headers["location"] == f"{uri}?state=s"
        assert sign_out(browser, UNDECLARED, post_logout_redirect_uri=uri).status_code == 200


def test_a_state_joins_a_query_that_is_there_already(idp):
    with idp.browser() as browser:
        answer = sign_out(browser, UNDECLARED, post_logout_redirect_uri="http://localhost:1/?a=1", state="s")
    assert answer.headers["location"] == "http://localhost:1/?a=1&state=s"


def test_a_malformed_tenant_is_refused(idp):
    with idp.browser() as browser:
        assert shown(sign_out(browser, "not_a_tenant")) == (200, 900023)


def test_under_microsofts_name_the_secure_cookie_goes(idp):
    with idp.https_browser() as browser:
        idp.sign_in(browser)
        answer = browser.get(f"{LOGIN}/{CONTOSO.id}/oauth2/v2.0/logout")
        attributes = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")}
        assert {"max-age=0", "secure", "httponly", "samesite=none", "path=/"} <= attributes
        assert "ESTSAUTH" not in browser.cookies

"""The sign-in page: Entra's two steps, field names and ids, without scripts; and what it must not let through."""

import re

import pytest
from harness import ANY_CLIENT, CONTOSO, REDIRECT, UNDECLARED, Forms, hint_of, query_of, shown

from mock_idp.runtime.tenants import home_name

PEOPLE = [home_name(user) for user in CONTOSO.users]


def buttons(page) -> list[tuple[str, str]]:
    return [button for _, _, found in Forms(page.text).found for button in found]


def tiles(page) -> list[str]:
    return [value for name, value in buttons(page) if name == "tile"]


def test_name_then_password_signs_in_through_entras_own_field_names(idp):
    with idp.browser() as browser:
        name = idp.authorize(browser)
        assert re.search(r'<input type="email" name="loginfmt" id="i0116"', name.text)
        assert re.search(r'<input type="submit"[^>]* id="idSIButton9" value="Next"', name.text)
        password = idp.submit(browser, name, loginfmt="rita@contoso.example")
        assert re.search(r'<input type="password" name="passwd" id="i0118"', password.text)
        assert re.search(r'<input type="submit"[^>]* id="idSIButton9" value="Sign in"', password.text)
        answer = idp.submit(browser, password, passwd="contoso-demo")
    assert query_of(answer)["code"]


def test_the_page_has_no_script_and_its_policy_allows_none(idp):
    with idp.browser() as browser:
        page = idp.authorize(browser)
    assert "<script" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' http://localhost:5001 " in policy


def test_the_page_says_that_it_is_not_microsoft_and_is_kept_by_nobody(idp):
    with idp.browser() as browser:
        page = idp.authorize(browser)
    assert "not Microsoft" in page.text
    assert "do not type a real password" in page.text
    assert page.headers["cache-control"] == "no-store, no-cache"


def test_every_person_of_the_directory_has_a_tile(idp):
    with idp.browser() as browser:
        page = idp.authorize(browser)
    assert tiles(page) == PEOPLE
    assert page.text.count('data-test-id="') == len(PEOPLE)


def test_an_undeclared_tenant_knows_the_same_people_and_takes_any_password(idp):
    with idp.browser() as browser:
        page = idp.authorize(browser, UNDECLARED, client_id=ANY_CLIENT)
        assert tiles(page) == PEOPLE
        password = idp.submit(browser, page, loginfmt="rita@contoso.example")
        assert "Any password will do" in password.text
        refused = idp.submit(browser, password, passwd="")
        assert "AADSTS50126" in refused.text
        assert query_of(idp.submit(browser, refused, passwd="x"))["code"]


@pytest.mark.parametrize("name", ["rita", "RITA", "Rita@Contoso.Example", " rita@contoso.example "])
def test_rita_alone_is_enough(idp, name):
    with idp.browser() as browser:
        page = idp.submit(browser, idp.authorize(browser), loginfmt=name)
        assert 'value="rita@contoso.example"' in page.text
        assert query_of(idp.submit(browser, page, passwd="contoso-demo"))["code"]


def test_a_wrong_password_is_told_with_number_and_hint_and_can_be_mended(idp, journal):
    with idp.browser() as browser:
        page = idp.submit(browser, idp.authorize(browser), loginfmt="rita")
        page = idp.submit(browser, page, passwd="wrong")
        assert 'id="passwordError"' in page.text
        assert "Your account or password is incorrect." in page.text
        assert hint_of(page).startswith("AADSTS50126: ")
        assert journal[-1].error == 50126
        assert query_of(idp.submit(browser, page, passwd="contoso-demo"))["code"]


def test_an_unknown_name_is_told_with_the_nearest_right_one(idp, journal):
    with idp.browser() as browser:
        page = idp.submit(browser, idp.authorize(browser), loginfmt="reta@contoso.example")
    assert 'id="usernameError"' in page.text
    assert "This username may be incorrect." in page.text
    assert "rita@contoso.example" in hint_of(page)
    assert 'value="reta@contoso.example"' in page.text
    assert journal[-1].error == 50034


def test_no_name_at_all_is_told(idp):
    with idp.browser() as browser:
        page = idp.submit(browser, idp.authorize(browser), loginfmt="")
    assert "Enter a valid email address, phone number, or Skype name." in page.text


@pytest.mark.parametrize("by_tile", [True, False])
def test_dora_is_disabled(idp, journal, by_tile):
    with idp.browser() as browser:
        page = idp.authorize(browser)
        if by_tile:
            page = idp.click_tile(browser, page, "dora@contoso.example")
        else:
            page = idp.submit(browser, idp.submit(browser, page, loginfmt="dora"), passwd="contoso-demo")
        assert "Your account has been locked." in page.text
        assert hint_of(page).startswith("AADSTS50057: ")
        assert journal[-1].error == 50057
        assert query_of(idp.click_tile(browser, page))["code"]


def test_the_password_page_leads_back_to_the_name(idp):
    with idp.browser() as browser:
        password = idp.authorize(browser, login_hint="walt@contoso.example")
        assert ("back", "1") in buttons(password)
        page = idp.submit(browser, password, back="1", passwd="")
        assert tiles(page) == PEOPLE
        assert query_of(idp.click_tile(browser, page))["code"]


def test_name_and_password_in_one_post_are_enough_for_helpers_that_send_both(idp):
    with idp.browser() as browser:
        page = idp.authorize(browser)
        answer = idp.submit(browser, page, loginfmt="rita", login="rita", passwd="contoso-demo")
    assert query_of(answer)["code"]


HOSTILE = "\"'><script>alert(1)</script>&amp;{{7*7}}"


@pytest.mark.parametrize(
    ("tenant", "parameters"),
    [
        (CONTOSO.id, {"client_id": HOSTILE}),
        (CONTOSO.id, {"redirect_uri": HOSTILE}),
        (HOSTILE.replace("/", ""), {}),
        (CONTOSO.id, {"login_hint": HOSTILE}),
        (UNDECLARED, {"client_id": ANY_CLIENT, "login_hint": HOSTILE}),
        (CONTOSO.id, {"state": HOSTILE}),
        (CONTOSO.id, {"response_mode": "form_post", "scope": HOSTILE}),
        (CONTOSO.id, {"response_mode": "form_post", "state": HOSTILE, "prompt": "none"}),
        (CONTOSO.id, {HOSTILE: HOSTILE}),
    ],
)
def test_nothing_from_outside_becomes_markup(idp, tenant, parameters):
    with idp.browser() as browser:
        page = idp.authorize(browser, tenant.replace("<", "%3C"), **parameters)
    assert page.headers["content-type"].startswith("text/html")
    assert "<script>alert" not in page.text
    assert "49" not in re.sub(r"[0-9a-f-]{36}", "", hint_of(page))


def test_a_name_that_was_typed_does_not_become_markup(idp):
    with idp.browser() as browser:
        page = idp.submit(browser, idp.authorize(browser), loginfmt=HOSTILE)
        assert "<script>" not in page.text
        page = idp.submit(browser, page, tile=HOSTILE)
        assert "<script>" not in page.text


def test_a_hostile_redirect_uri_cannot_break_out_of_the_policy(idp):
    with idp.browser() as browser:
        page = idp.authorize(
            browser, UNDECLARED, client_id=ANY_CLIENT, redirect_uri="https://app.example;script-src%20*/cb"
        )
    assert page.headers["content-security-policy"].count("script-src") == 1


@pytest.mark.parametrize(
    ("ctx", "number"),
    [
        (None, 900144),
        ("", 900144),
        ("garbage", 90004),
        ("%%%", 90004),
        ("e30=", 900144),  # {}: a query without "=" names one parameter
        ("YT0xJmE9Mg==", 9000411),  # a=1&a=2
        ("YT0lMDA=", 90004),  # a=%00
        ("YT0lZmY=", 90004),  # a=%ff
        ("A" * 100_000, 90004),
        ("Y2xpZW50X2lkPXg=", 700016),  # client_id=x
    ],
)
def test_a_ctx_that_is_not_ours_is_refused_like_the_request_itself(idp, ctx, number):
    sent = {"loginfmt": "rita"} if ctx is None else {"loginfmt": "rita", "ctx": ctx}
    with idp.browser() as browser:
        page = browser.post(f"/{CONTOSO.id}/login", data=sent)
    assert shown(page)[1] == number
    assert page.status_code in (200, 400)


def test_the_login_address_takes_posts_only_and_says_so(idp):
    with idp.browser() as browser:
        page = browser.get(f"/{CONTOSO.id}/login")
    assert shown(page) == (405, 900561)
    assert page.headers["allow"] == "POST"


def test_the_request_is_checked_again_when_the_page_is_posted(idp):
    """ctx is not signed: who changes it gains nothing over sending another request."""
    from mock_idp.endpoints.authorize.flow import pack

    stolen = pack({"client_id": ANY_CLIENT, "redirect_uri": "https://evil.example/", "response_type": "code"})
    with idp.browser() as browser:
        page = browser.post(f"/{CONTOSO.id}/login", data={"ctx": stolen, "tile": "rita@contoso.example"})
    assert shown(page) == (200, 700016)


def test_an_authorization_request_too_long_to_be_carried_along_is_refused_at_once(idp):
    with idp.browser() as browser:
        page = browser.post(f"/{CONTOSO.id}/oauth2/v2.0/authorize", data={"state": "x" * 40_000})
        assert shown(page) == (414, 90015)
        page = browser.post(
            f"/{CONTOSO.id}/oauth2/v2.0/authorize",
            data={
                "state": "é" * 5_000,
                "client_id": "3eb0a990-0000-4000-8000-000000003eb0",
                "redirect_uri": REDIRECT,
                "response_type": "code",
                "scope": "openid",
            },
        )
        assert idp.click_tile(browser, page).status_code == 302

"""The browser's session: signing on silently, the account picker, prompt, login_hint, max_age, and the cookie."""

from urllib.parse import parse_qs, urlsplit

import pytest
from harness import (
    ANY_CLIENT,
    API,
    CONTOSO,
    LOGIN,
    SPA_REDIRECT,
    UNDECLARED,
    Forms,
    claims_of,
    hint_of,
    query_of,
    redirected,
)

ADA, RITA, WALT, *_ = (user.user_principal_name for user in CONTOSO.users)
OTHER_APP = {"client_id": API.app_id, "redirect_uri": SPA_REDIRECT}


def is_picker(page) -> bool:
    return "Pick an account" in page.text


def signed_in(page) -> int:
    return page.text.count(">signed in<")


def who(idp, answer) -> str:
    return claims_of(idp.redeem(query_of(answer)["code"]).json()["id_token"])["preferred_username"]


def test_the_second_app_signs_on_silently_and_sees_the_same_session(idp):
    with idp.browser() as browser:
        first = idp.sign_in(browser)
        second = idp.authorize(browser, **OTHER_APP)
    assert query_of(first)["session_state"] == query_of(second)["session_state"]
    assert second.headers["location"].startswith(SPA_REDIRECT)


def test_another_browser_has_another_session(idp):
    with idp.browser() as one, idp.browser() as two:
        first, second = idp.sign_in(one), idp.sign_in(two)
    assert query_of(first)["session_state"] != query_of(second)["session_state"]


def test_another_tenant_asks_again(idp):
    with idp.browser() as browser:
        idp.sign_in(browser)
        page = idp.authorize(browser, UNDECLARED, client_id=ANY_CLIENT)
    assert page.status_code == 200
    assert not is_picker(page)


def test_with_two_users_signed_in_the_picker_asks_which(idp):
    with idp.browser() as browser:
        idp.sign_in(browser, RITA)
        idp.click_tile(browser, idp.authorize(browser, prompt="select_account"), WALT)
        page = idp.authorize(browser)
        assert is_picker(page)
        assert signed_in(page) == 2
        assert who(idp, idp.click_tile(browser, page, RITA)) == RITA


def test_picking_a_signed_in_user_is_no_new_sign_in(idp, clock):
    with idp.browser() as browser:
        idp.sign_in(browser, RITA)
        begun = clock.now()
        clock.forward(3600)
        answer = idp.click_tile(browser, idp.authorize(browser, prompt="select_account", max_age="7200"), RITA)
        assert claims_of(idp.redeem(query_of(answer)["code"]).json()["id_token"])["auth_time"] == begun
        answer = idp.click_tile(browser, idp.authorize(browser, prompt="login", max_age="7200"), RITA)
        assert claims_of(idp.redeem(query_of(answer)["code"]).json()["id_token"])["auth_time"] == clock.now()


def test_the_picker_offers_a_touched_user_who_is_signed_in_too(idp):
    with idp.browser() as browser:
        page = idp.authorize(browser, UNDECLARED, client_id=ANY_CLIENT)
        idp.submit(browser, page, loginfmt="bob", passwd="x")
        page = idp.authorize(browser, UNDECLARED, client_id=ANY_CLIENT, prompt="select_account")
    assert ("tile", "bob@7a1c1f5e.example") in [button for form in Forms(page.text).found for button in form[2]]


def test_select_account_always_asks(idp):
    with idp.browser() as browser:
        idp.sign_in(browser)
        assert is_picker(idp.authorize(browser, prompt="select_account"))
        assert is_picker(idp.authorize(browser, prompt="select_account", login_hint=RITA))


def test_prompt_login_asks_for_credentials_again(idp):
    with idp.browser() as browser:
        idp.sign_in(browser)
        page = idp.authorize(browser, prompt="login")
        assert page.status_code == 200
        assert not is_picker(page)
        hinted = idp.authorize(browser, prompt="login", login_hint=RITA)
        assert 'id="i0118"' in hinted.text


def test_prompt_consent_asks_again_for_what_was_granted_but_not_who_signs_in(idp):
    with idp.browser() as browser:
        idp.sign_in(browser)
        assert query_of(idp.authorize(browser))["code"]
        page = idp.authorize(browser, prompt="consent")
        assert "Read the data" in page.text
        assert query_of(idp.agree(browser, page))["code"]


def test_prompt_none_without_a_session_is_login_required(idp):
    with idp.browser() as browser:
        assert redirected(idp.authorize(browser, prompt="none")) == ("login_required", 50058)


def test_prompt_none_with_one_session_signs_on_silently(idp):
    with idp.browser() as browser:
        idp.sign_in(browser)
        assert query_of(idp.authorize(browser, prompt="none"))["code"]
        assert query_of(idp.authorize(browser, prompt="none", login_hint=RITA.upper()))["code"]
        assert query_of(idp.authorize(browser, prompt="none", login_hint="rita"))["code"]


def test_prompt_none_with_two_sessions_needs_a_hint(idp):
    with idp.browser() as browser:
        idp.sign_in(browser, RITA)
        idp.click_tile(browser, idp.authorize(browser, prompt="select_account"), WALT)
        assert redirected(idp.authorize(browser, prompt="none")) == ("interaction_required", 16000)
        assert who(idp, idp.authorize(browser, prompt="none", login_hint=WALT)) == WALT


@pytest.mark.parametrize("hint", [WALT, "nobody@contoso.example"])
def test_prompt_none_for_somebody_who_is_not_signed_in(idp, hint):
    with idp.browser() as browser:
        assert redirected(idp.authorize(browser, prompt="none", login_hint=hint)) == ("login_required", 50058)
        idp.sign_in(browser, RITA)
        assert redirected(idp.authorize(browser, prompt="none", login_hint=hint)) == ("interaction_required", 160021)


def test_the_sid_of_an_id_token_says_whose_session_is_meant(idp):
    with idp.browser() as browser:
        code = query_of(idp.sign_in(browser, RITA))["code"]
        sid = claims_of(idp.redeem(code).json()["id_token"])["sid"]
        idp.click_tile(browser, idp.authorize(browser, prompt="select_account"), WALT)
        assert who(idp, idp.authorize(browser, prompt="none", sid=sid)) == RITA
        stranger = idp.authorize(browser, prompt="none", sid="00000000-1111-4222-8333-444444444444")
        assert redirected(stranger) == ("interaction_required", 160021)


def test_a_login_hint_chooses_among_the_signed_in(idp):
    with idp.browser() as browser:
        idp.sign_in(browser, RITA)
        idp.click_tile(browser, idp.authorize(browser, prompt="select_account"), WALT)
        assert who(idp, idp.authorize(browser, login_hint=RITA)) == RITA


def test_a_login_hint_for_a_user_who_is_not_signed_in_asks_for_the_password(idp):
    with idp.browser() as browser:
        assert 'id="i0118"' in idp.authorize(browser, login_hint=WALT).text
        idp.sign_in(browser, RITA)
        page = idp.authorize(browser, login_hint=WALT)
        assert 'id="i0118"' in page.text
        assert f'value="{WALT}"' in page.text
        assert who(idp, idp.submit(browser, page, passwd="contoso-demo")) == WALT


def test_a_login_hint_that_names_nobody_is_filled_in(idp):
    with idp.browser() as browser:
        page = idp.authorize(browser, login_hint="nobody@contoso.example")
        assert 'id="i0116" value="nobody@contoso.example"' in page.text
        idp.sign_in(browser, RITA)
        assert (
            'id="i0116" value="nobody@contoso.example"'
            in idp.authorize(browser, login_hint="nobody@contoso.example").text
        )


def test_max_age_puts_auth_time_into_the_id_token(idp, clock):
    begun = clock.now()
    tokens = idp.redeem(idp.code(max_age="600")).json()
    assert claims_of(tokens["id_token"])["auth_time"] == begun
    assert "auth_time" not in claims_of(idp.redeem(idp.code()).json()["id_token"])


def test_max_age_asks_again_when_the_sign_in_is_too_old(idp, clock):
    with idp.browser() as browser:
        idp.sign_in(browser)
        clock.forward(600)
        assert query_of(idp.authorize(browser, max_age="601"))["code"]
        page = idp.authorize(browser, max_age="600")
        assert is_picker(page)
        assert redirected(idp.authorize(browser, max_age="600", prompt="none")) == ("login_required", 50058)
        assert query_of(idp.click_tile(browser, page))["code"]
        assert query_of(idp.authorize(browser, max_age="600"))["code"]


@pytest.mark.parametrize("max_age", ["", "soon", "-1", "٣", "9" * 400])
def test_a_max_age_that_is_no_number_of_seconds_asks_nobody(idp, max_age):
    with idp.browser() as browser:
        idp.sign_in(browser)
        assert query_of(idp.authorize(browser, max_age=max_age))["code"]


def test_max_age_zero_always_asks(idp, clock):
    with idp.browser() as browser:
        idp.sign_in(browser)
        assert idp.authorize(browser, max_age="0").status_code == 200
        assert query_of(idp.sign_in(browser, max_age="0"))["code"]


def test_a_session_lapses_a_day_after_its_last_use(idp, clock):
    with idp.browser() as browser:
        idp.sign_in(browser)
        for _ in range(3):
            clock.forward(23 * 3600)
            assert query_of(idp.authorize(browser, prompt="none"))["code"]
        clock.forward(24 * 3600)
        assert redirected(idp.authorize(browser, prompt="none")) == ("login_required", 50058)


def test_on_plain_http_the_cookie_is_neither_secure_nor_readable_by_scripts(idp):
    with idp.browser() as browser:
        cookie = idp.sign_in(browser).headers["set-cookie"]
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert cookie.startswith("ESTSAUTH=")
    assert attributes == {"httponly", "path=/", "samesite=lax"}


def test_under_microsofts_name_the_cookie_is_secure_and_sent_across_sites(idp):
    with idp.https_browser() as browser:
        answer = idp.sign_in(browser)
        attributes = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
        assert attributes == {"httponly", "path=/", "samesite=none", "secure"}
        assert str(answer.url) == f"{LOGIN}/{CONTOSO.id}/login"
        assert query_of(idp.authorize(browser, prompt="none"))["code"]


def test_the_session_id_changes_with_every_sign_in_so_a_planted_one_is_worth_nothing(idp):
    with idp.browser() as browser:
        browser.cookies.set("ESTSAUTH", "planted", domain="127.0.0.1", path="/")
        idp.sign_in(browser)
        first = browser.cookies.get("ESTSAUTH", domain="127.0.0.1")
        idp.click_tile(browser, idp.authorize(browser, prompt="login"), RITA)
        second = browser.cookies.get("ESTSAUTH", domain="127.0.0.1")
    assert len({"planted", first, second}) == 3
    with idp.browser() as thief:
        thief.cookies.set("ESTSAUTH", first)
        assert redirected(idp.authorize(thief, prompt="none")) == ("login_required", 50058)


@pytest.mark.parametrize("cookie", ["", "x", "x" * 4000, '"', "a b;=,"])
def test_a_cookie_that_is_none_of_ours_is_no_session(idp, cookie):
    with idp.browser() as browser:
        page = browser.get(
            f"/{CONTOSO.id}/oauth2/v2.0/authorize",
            params=parse_qs(urlsplit(str(idp.authorize(browser).url)).query),
            headers={"Cookie": f"ESTSAUTH={cookie}"},
        )
    assert page.status_code == 200
    assert not is_picker(page)


def test_a_user_who_was_disabled_since_is_told_on_the_page_or_by_prompt_none(idp, monkeypatch):

    tenant = idp.entra.live.declared[0]
    with idp.browser() as browser:
        idp.sign_in(browser)
        gone = CONTOSO.users[1]._replace(account_enabled=False)
        monkeypatch.setitem(tenant._users, RITA, gone)
        monkeypatch.setitem(tenant._users_by_id, gone.id, gone)
        assert hint_of(idp.authorize(browser)).startswith("AADSTS50057")
        assert redirected(idp.authorize(browser, prompt="none")) == ("interaction_required", 50057)


def test_a_browser_holds_a_bounded_number_of_users(idp, monkeypatch):
    from mock_idp.runtime import store

    monkeypatch.setattr(store, "MAX_ACCOUNTS", 2)
    with idp.browser() as browser:
        for user in (ADA, RITA, WALT):
            idp.click_tile(browser, idp.authorize(browser, prompt="select_account"), user)
        assert signed_in(idp.authorize(browser)) == 2

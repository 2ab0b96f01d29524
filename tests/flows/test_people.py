"""What a declared user is changes how the sign-in goes: locked, expired, with a second factor."""

import pytest
from acme import API, BOB, EVE, LOU, MAX
from harness import UNDECLARED, Forms, claims_of, error_of, hint_of, query_of, redirected


def buttons(page) -> list[tuple[str, str]]:
    return [button for _, _, found in Forms(page.text).found for button in found]


def test_a_locked_user_is_refused_whatever_the_password(acme):
    with acme.browser() as browser:
        page = acme.idp.submit(browser, acme.open(browser), loginfmt=LOU.mail)
        for password in ("pw", "wrong"):
            refused = acme.idp.submit(browser, page, passwd=password)
            assert "Your account is temporarily locked to prevent unauthorized use." in refused.text
            assert hint_of(refused).startswith("AADSTS50053: lou@acme.example is declared locked.")
    assert acme.entra.journal.entries[-1].error == 50053


def test_a_locked_users_tile_says_so_and_refuses_too(acme):
    with acme.browser() as browser:
        page = acme.open(browser)
        assert '<span class="tag">locked</span>' in page.text
        assert "AADSTS50053" in acme.idp.click_tile(browser, page, LOU.mail).text


def test_an_expired_password_ends_at_a_page_that_asks_for_a_new_one(acme):
    with acme.browser() as browser:
        page = acme.sign_in(browser, EVE)
        assert "Update your password" in page.text
        assert "your password has expired" in page.text
        assert hint_of(page).startswith("AADSTS50055: The password of eve@acme.example is declared expired")
        assert query_of(acme.idp.click_tile(browser, acme.idp.submit(browser, page, back="1"), BOB.mail))["code"]


def test_a_wrong_password_is_told_before_it_is_told_to_be_expired(acme):
    with acme.browser() as browser:
        page = acme.idp.submit(browser, acme.open(browser), loginfmt=EVE.mail)
        assert "AADSTS50126" in acme.idp.submit(browser, page, passwd="wrong").text


def test_an_expired_password_ends_no_sign_in_that_is_there(acme):
    token = acme.tokens(BOB)["refresh_token"]
    acme.change(BOB, password_expired=True, locked=True)
    assert acme.refresh(token).status_code == 200


@pytest.mark.parametrize("way", ["password", "tile"])
def test_a_second_factor_is_one_more_page_and_stands_in_amr(acme, way):
    acme.change(API, requested_access_token_version=1)  # v2.0 tokens do not say amr
    with acme.browser() as browser:
        page = (
            acme.sign_in(browser, MAX)
            if way == "password"
            else acme.idp.click_tile(browser, acme.open(browser), MAX.mail)
        )
        assert "Approve sign in request" in page.text
        assert buttons(page) == [("approve", "1"), ("back", "1")]
        tokens = acme.redeem(acme.idp.submit(browser, page, approve="1")).json()
    assert claims_of(tokens["access_token"])["amr"] == ["pwd", "mfa"]


def test_the_second_factor_is_asked_once_a_session(acme):
    with acme.browser() as browser:
        page = acme.sign_in(browser, MAX)
        assert acme.idp.submit(browser, page, approve="1").status_code == 302
        assert acme.open(browser).status_code == 302
        assert acme.open(browser, prompt="none").status_code == 302
        again = acme.sign_in(browser, MAX, prompt="login")
        assert "Approve sign in request" in again.text


def test_with_the_password_alone_a_silent_request_is_refused(acme):
    with acme.browser() as browser:
        acme.sign_in(browser, MAX)
        answer = acme.open(browser, prompt="none")
    assert redirected(answer) == ("interaction_required", 50076)
    assert f"to access '{API.app_id}'" in query_of(answer)["error_description"]


def test_the_page_can_be_left_and_nobody_else_can_approve(acme):
    with acme.browser() as browser:
        page = acme.sign_in(browser, MAX)
        assert "Pick an account" in acme.idp.submit(browser, page, back="1").text
        with acme.browser() as stranger:
            assert "Enter password" in acme.idp.submit(stranger, page, approve="1").text


def test_whoever_needs_a_second_factor_later_cannot_refresh_without(acme):
    tokens = acme.tokens(BOB)
    acme.change(BOB, mfa_required=True)
    answer = acme.refresh(tokens["refresh_token"])
    assert error_of(answer) == (400, "invalid_grant", 50076)
    assert answer.json()["suberror"] == "basic_action"
    assert answer.json()["error_description"].startswith(
        "AADSTS50076: Due to a configuration change made by your administrator"
    )


def test_a_short_name_is_looked_for_in_every_domain_of_the_tenant(acme):
    acme.change(BOB, user_principal_name="tim@acme.test")
    with acme.browser() as browser:
        page = acme.idp.submit(browser, acme.open(browser), loginfmt="tim")
    assert 'value="tim@acme.test"' in page.text


def test_a_large_directory_has_no_page_without_end(acme):
    many = tuple(
        BOB._replace(id=f"ac3e0009-0000-4000-8000-{n:012x}", user_principal_name=f"p{n}@acme.example")
        for n in range(300)
    )
    acme.declare(users=many)
    with acme.browser() as browser:
        page = acme.open(browser)
        assert len([name for name, _ in buttons(page) if name == "tile"]) == 15
        assert "and 285 more: type the name" in page.text
        assert "AADSTS50034" in acme.idp.submit(browser, page, loginfmt="p301").text
        page = acme.idp.submit(browser, acme.open(browser), loginfmt="p299")
        assert query_of(acme.idp.submit(browser, page, passwd="pw"))["code"]
        picker = acme.open(browser, prompt="select_account")
        assert next(value for name, value in buttons(picker) if name == "tile") == "p299@acme.example"
        assert "and 285 more: type the name" in picker.text


def test_an_undeclared_tenant_is_lent_a_large_directorys_people_as_they_are_needed(acme):
    many = tuple(
        BOB._replace(id=f"ac3e0009-0000-4000-8000-{n:012x}", user_principal_name=f"p{n}@acme.example")
        for n in range(300)
    )
    acme.declare(users=many)
    tenant = acme.entra.live.tenant(UNDECLARED)
    people = tenant.people()
    assert (len(people), people[299].user_principal_name) == (300, "p299@acme.example")
    assert [user.user_principal_name for user in people[:2]] == ["p0@acme.example", "p1@acme.example"]
    with acme.browser() as browser:
        page = acme.open(browser, UNDECLARED)
        assert "and 285 more: type the name" in page.text
        page = acme.idp.submit(browser, page, loginfmt="p200@acme.example")
        assert query_of(acme.idp.submit(browser, page, passwd="any"))["code"]
    assert tenant.user("p200@acme.example") == people[200]

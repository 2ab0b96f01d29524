"""What a declared user is changes how the sign-in goes: locked, expired, with a second factor."""

import pytest
from acme import API, BOB, EVE, GIL, GIL_AT_HOME, GLOBEX_ID, LOU, MAX, NEO
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


def registered(acme, browser, user=NEO):
    """Walk from the password through both pages: the answer that goes to the client."""
    page = acme.idp.submit(browser, acme.sign_in(browser, user), proofup="1")
    return acme.idp.submit(browser, page, register="1")


def test_who_has_no_second_factor_yet_registers_one_on_two_more_pages_and_has_proved_it(acme):
    acme.change(API, requested_access_token_version=1)  # v2.0 tokens do not say amr
    with acme.browser() as browser:
        page = acme.sign_in(browser, NEO)
        assert "More information required" in page.text
        assert "Your organization needs more information to keep your account secure." in page.text
        assert buttons(page) == [("proofup", "1"), ("back", "1")]
        page = acme.idp.submit(browser, page, proofup="1")
        assert "Keep your account secure" in page.text
        assert buttons(page) == [("register", "1"), ("back", "1")]
        assert "Pick an account" in acme.idp.submit(browser, page, back="1").text
        tokens = acme.redeem(acme.idp.submit(browser, page, register="1")).json()
        assert acme.open(browser, prompt="none").status_code == 302
    assert claims_of(tokens["access_token"])["amr"] == ["pwd", "mfa"]
    assert acme.refresh(tokens["refresh_token"]).status_code == 200
    notes = [note for entry in acme.entra.journal.entries for note in entry.notes]
    assert "neo@acme.example registered a second factor, until a restart" in notes


def test_what_was_registered_is_asked_for_from_then_on_in_any_browser_until_a_reset(acme):
    with acme.browser() as browser:
        assert query_of(registered(acme, browser))["code"]
    with acme.browser() as browser:
        assert "Approve sign in request" in acme.sign_in(browser, NEO).text
        assert redirected(acme.open(browser, prompt="none")) == ("interaction_required", 50076)
    acme.entra.store.reset()
    with acme.browser() as browser:
        assert "More information required" in acme.sign_in(browser, NEO).text


def test_without_a_registered_second_factor_a_silent_request_is_refused(acme):
    with acme.browser() as browser:
        acme.sign_in(browser, NEO)
        answer = acme.open(browser, prompt="none")
    assert redirected(answer) == ("interaction_required", 50079)
    said = query_of(answer)["error_description"]
    assert f"you must enroll in multi-factor authentication to access '{API.app_id}'" in said
    assert acme.entra.journal.last("authorize").hint.startswith("neo@acme.example is declared to need a second factor")


def test_nobody_approves_what_was_never_registered_and_nobody_registers_for_somebody_else(acme):
    with acme.browser() as browser:
        page = acme.sign_in(browser, NEO)
        assert "More information required" in acme.idp.submit(browser, page, approve="1").text
        with acme.browser() as stranger:
            assert "Enter password" in acme.idp.submit(stranger, page, register="1").text
        assert "More information required" in acme.sign_in(browser, NEO, prompt="login").text


def test_who_registered_one_elsewhere_meanwhile_has_to_prove_it(acme):
    with acme.browser() as browser, acme.browser() as other:
        page = acme.idp.submit(browser, acme.sign_in(browser, NEO), proofup="1")
        assert query_of(registered(acme, other))["code"]
        page = acme.idp.submit(browser, page, register="1")
        assert "Approve sign in request" in page.text
        assert query_of(acme.idp.submit(browser, page, approve="1"))["code"]


def test_whoever_needs_a_second_factor_later_and_has_none_cannot_refresh_and_registering_is_not_enough(acme):
    old = acme.tokens(BOB)["refresh_token"]
    acme.change(BOB, mfa_required=True, mfa_registered=False)
    answer = acme.refresh(old)
    assert error_of(answer) == (400, "invalid_grant", 50079)
    assert answer.json()["suberror"] == "basic_action"
    assert "capolids" in answer.json()["claims"]
    with acme.browser() as browser:
        fresh = acme.redeem(registered(acme, browser, BOB)).json()["refresh_token"]
    assert acme.refresh(fresh).status_code == 200
    assert error_of(acme.refresh(old)) == (400, "invalid_grant", 50076)


def test_a_user_who_need_not_prove_any_is_not_asked_to_register_one(acme):
    acme.change(BOB, mfa_registered=False)
    assert acme.refresh(acme.tokens(BOB)["refresh_token"]).status_code == 200


def test_a_guest_registers_in_the_tenant_that_is_visited(acme):
    acme.change(GIL, mfa_required=True, mfa_registered=False)
    with acme.browser() as browser:
        page = acme.sign_in(browser, GIL)
        assert "More information required" in page.text
        page = acme.idp.submit(browser, acme.idp.submit(browser, page, proofup="1"), register="1")
        assert query_of(page)["code"]
    assert acme.entra.store.registered_second_factor(acme.tenant.id, GIL.id)
    assert not acme.entra.store.registered_second_factor(GLOBEX_ID, GIL_AT_HOME.id)


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

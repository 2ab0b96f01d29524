"""Apps for assigned users and clients alone, and apps that are disabled (facts §4E)."""

import pytest
from acme import ACME_ID, API, API_URI, BOB, CLIENT, INNER, OUTER, given
from harness import error_of, hint_of, redirected, shown


@pytest.fixture(params=[CLIENT, API], ids=["client", "resource"])
def gated(request, acme):
    """The app that demands assignment."""
    acme.change(request.param, assignment_required=True)
    return request.param


def test_whoever_is_not_assigned_gets_a_page_at_sign_in(acme, gated):
    with acme.browser() as browser:
        page = acme.sign_in(browser, BOB)
    assert shown(page) == (200, 50105)
    assert f"has configured the application {gated.display_name} (&#39;{gated.app_id}&#39;) to block users" in page.text
    assert f"The signed in user &#39;{BOB.mail}&#39; is blocked" in page.text
    assert hint_of(page).startswith(f"What mock-idp adds: {gated.display_name} has appRoleAssignmentRequired")


def test_silently_the_application_is_told(acme):
    with acme.browser() as browser:
        acme.sign_in(browser, BOB)
        acme.change(CLIENT, assignment_required=True)
        assert redirected(acme.open(browser, prompt="none")) == ("access_denied", 50105)


def test_whoever_is_not_assigned_any_more_cannot_refresh_or_redeem(acme):
    with acme.browser() as browser:
        answer = acme.sign_in(browser, BOB)
        page = acme.open(browser, scope=f"openid offline_access User.Read {API_URI}/data.read")
        tokens = acme.redeem(acme.idp.agree(browser, page)).json()
    acme.change(API, assignment_required=True)
    for refused in (acme.redeem(answer), acme.refresh(tokens["refresh_token"], scope=f"{API_URI}/data.read")):
        assert error_of(refused) == (400, "invalid_grant", 50105)
        assert "The signed in user '{EUII Hidden}' is blocked" in refused.json()["error_description"]
    assert acme.refresh(tokens["refresh_token"], scope="User.Read").status_code == 200


@pytest.mark.parametrize("role", ["", "Both"])
def test_a_role_or_the_default_access_is_enough_held_directly_or_through_a_group(acme, gated, role):
    for holder in (BOB, INNER):
        acme.declare(role_assignments=(given(holder, gated, role),))
        assert acme.tokens(BOB)


def test_a_group_of_a_group_is_not_enough_and_the_hint_says_so(acme, gated):
    acme.declare(role_assignments=(given(OUTER, gated),))
    with acme.browser() as browser:
        page = acme.sign_in(browser, BOB)
    assert shown(page) == (200, 50105)
    assert "The group Outer does, but only its direct members count" in hint_of(page)


def test_an_application_needs_a_role_where_assignment_is_required(acme):
    assert acme.app_token().status_code == 200
    acme.change(API, assignment_required=True)
    refused = acme.app_token()
    assert error_of(refused) == (400, "invalid_grant", 501051)
    assert refused.json()["error_description"].startswith(
        f"AADSTS501051: Application '{CLIENT.app_id}'(Acme Web) is not assigned to a role for the application "
        f"'{API.app_id}'(Acme Data)."
    )
    acme.declare(role_assignments=(given(CLIENT, API, "Robot"),))
    assert acme.app_token().status_code == 200


def test_a_disabled_client_is_refused_everywhere(acme):
    token = acme.tokens(BOB)["refresh_token"]
    acme.change(CLIENT, account_enabled=False)
    for refused in (acme.app_token(), acme.refresh(token), acme.app_token(client_secret="wrong")):
        assert error_of(refused) == (400, "unauthorized_client", 7000112)
    with acme.browser() as browser:
        assert shown(acme.open(browser)) == (200, 7000112)


def test_a_disabled_api_is_refused_as_a_resource(acme):
    acme.change(API, account_enabled=False)
    assert error_of(acme.app_token()) == (400, "invalid_resource", 500014)
    with acme.browser() as browser:
        assert redirected(acme.open(browser)) == ("invalid_resource", 500014)


def test_without_redirect_uris_an_app_is_public_only_when_it_says_so(acme):
    body = {"grant_type": "authorization_code", "code": "x", "redirect_uri": "http://localhost", "client_secret": None}
    acme.change(API, redirect_uris=())
    assert error_of(acme.token(ACME_ID, client_id=API.app_id, **body)) == (401, "invalid_client", 7000218)
    acme.change(API, fallback_public_client=True)
    assert error_of(acme.token(ACME_ID, client_id=API.app_id, **body)) == (400, "invalid_grant", 9002313)

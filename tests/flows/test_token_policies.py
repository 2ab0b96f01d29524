"""What policies and requests change in tokens: lifetimes, capabilities, authentication contexts, claims mapping."""

import json

import pytest
from acme import API, API_URI, BOB, CLIENT, GIL, MAX, SYNCED
from harness import Forms, claims_of, error_of, query_of, redirected

from mock_idp.directory.models import MappedClaim

EXTENSION = "extension_ab603c56068041afb2f6832e2a17e237_shoeSize"
CP1 = '{"access_token":{"xms_cc":{"values":["cp1"]}}}'
READ = f"openid profile {API_URI}/data.read"
IMPLICIT = {"client_info": None, "code_challenge": None, "code_challenge_method": None, "response_type": "id_token"}


def life(token: str) -> int:
    """Seconds from the time of issue to the end."""
    claims = claims_of(token)
    return claims["exp"] - claims["iat"] - 300


def contexts(token: str, *values: str) -> str:
    return json.dumps({token: {"acrs": {"essential": True, "values": list(values)}}})


def test_tokens_live_as_long_as_the_policy_of_the_app_that_they_are_for_says(acme):
    acme.change(API, token_lifetime=600)
    acme.change(CLIENT, token_lifetime=86_400)
    tokens = acme.tokens(BOB)
    assert (life(tokens["access_token"]), tokens["expires_in"]) == (600, 599)
    assert life(tokens["id_token"]) == 86_400
    assert life(acme.app_token().json()["access_token"]) == 600
    assert "refresh_in" not in tokens
    acme.change(API, token_lifetime=7200)
    assert acme.tokens(BOB)["refresh_in"] == 7199 // 2


def test_a_capable_client_gets_graph_tokens_that_live_a_day(acme):
    tokens = acme.tokens(BOB, scope="openid User.Read", claims=CP1)
    assert 20 * 3600 <= life(tokens["access_token"]) < 28 * 3600
    assert tokens["refresh_in"] == tokens["expires_in"] // 2
    assert list(tokens)[:5] == ["token_type", "scope", "expires_in", "ext_expires_in", "refresh_in"]
    assert claims_of(tokens["access_token"])["xms_cc"] == ["cp1"]
    own = acme.app_token("https://graph.microsoft.com", claims=CP1).json()
    assert (life(own["access_token"]), claims_of(own["access_token"])["xms_cc"]) == (24 * 3600, ["cp1"])


@pytest.mark.parametrize("parameters", [{"scope": "openid User.Read"}, {"scope": READ, "claims": CP1}])
def test_other_tokens_do_not(acme, parameters):
    tokens = acme.tokens(BOB, **parameters)
    assert life(tokens["access_token"]) < 5400
    assert "refresh_in" not in tokens
    assert "xms_cc" not in claims_of(tokens["access_token"])


def test_what_was_asked_at_authorize_counts_when_the_code_is_redeemed(acme):
    asked = '{"access_token":{"xms_cc":{"values":["cp1"]},"acrs":{"value":"c1"}},"id_token":{"acrs":{"value":"c2"}}}'
    with acme.browser() as browser:
        tokens = acme.redeem(acme.sign_in(browser, scope="openid User.Read", claims=asked)).json()
    claims = claims_of(tokens["access_token"])
    assert (claims["xms_cc"], claims["acrs"]) == (["cp1"], ["c1"])
    assert claims_of(tokens["id_token"])["acrs"] == ["c2"]


def test_an_authentication_context_is_in_the_token_for_which_it_was_asked(acme):
    tokens = acme.tokens(BOB, claims=contexts("access_token", "c1", "c25", "x9", "c1"))
    assert claims_of(tokens["access_token"])["acrs"] == ["c1", "c25"]
    assert "acrs" not in claims_of(tokens["id_token"])
    assert "acrs" not in claims_of(acme.refresh(tokens["refresh_token"]).json()["access_token"])
    again = acme.refresh(tokens["refresh_token"], claims=contexts("id_token", "c3")).json()
    assert claims_of(again["id_token"])["acrs"] == ["c3"]
    assert "acrs" not in claims_of(again["access_token"])


def test_graph_names_p1_after_a_second_factor(acme):
    with acme.browser() as browser:
        page = acme.sign_in(browser, MAX, scope="openid User.Read")
        answer = acme.idp.submit(browser, page, approve="1")
    claims = claims_of(acme.redeem(answer).json()["access_token"])
    assert (claims["amr"], claims["acrs"]) == (["pwd", "mfa"], ["p1"])
    assert "acrs" not in claims_of(acme.tokens(BOB, scope="openid User.Read")["access_token"])


@pytest.mark.parametrize(("asked", "count"), [("SecurityGroup", 5), ("All", 6)])
def test_six_groups_are_too_many_for_a_fragment_and_not_for_a_form(acme, asked, count):
    acme.change(CLIENT, implicit_id_tokens=True, group_membership_claims=(asked,))
    with acme.browser() as browser:
        answer = acme.sign_in(browser, BOB, **IMPLICIT, scope="openid", response_mode="fragment")
        in_url = claims_of(answer.headers["location"].partition("id_token=")[2].partition("&")[0])
        answer = acme.sign_in(browser, BOB, **IMPLICIT, scope="openid", response_mode="form_post", prompt="login")
        in_form = claims_of(Forms(answer.text).found[0][1]["id_token"])
    assert len(in_form["groups"]) == count
    assert SYNCED.id in in_form["groups"]
    assert "hasgroups" not in in_form
    assert len(in_url.get("groups", ())) == (5 if count == 5 else 0)
    assert in_url.get("hasgroups") is (True if count == 6 else None)
    assert "_claim_names" not in in_url


def mapped(acme, *claims: MappedClaim, app=API, accepted: bool = True) -> None:
    acme.change(app, claims_mapping=claims, accept_mapped_claims=accepted)


NAMED = {"scope": f"openid {API.app_id}/data.read"}
"""By its id, as an app with mapped claims has to be asked for."""


def test_mapped_claims_come_from_users_apps_and_constants_and_stand_in_order(acme):
    acme.change(BOB, job_title="Clerk", attributes={
        "department": "sales", "otherMails": ["b@acme.test", "c@acme.test"], EXTENSION: 46,
        "onPremisesExtensionAttributes": {"extensionAttribute7": "seven"},
    })  # fmt: skip
    mapped(
        acme,
        MappedClaim(claim="dept", id="department"),
        MappedClaim(claim="title", id="jobtitle"),
        MappedClaim(claim="seven", id="extensionattribute7"),
        MappedClaim(claim="shoe", id=EXTENSION),
        MappedClaim(claim="other", id="othermail"),
        MappedClaim(claim="asked_by", source="application", id="displayname"),
        MappedClaim(claim="api", source="audience", id="objectid"),
        MappedClaim(claim="land", source="company", id="tenantcountry"),
        MappedClaim(claim="stage", value="test"),
        MappedClaim(claim="nothing", id="employeeid"),
    )
    claims = acme.access(BOB, **NAMED)
    found = {name: claims.get(name) for name in ("dept", "title", "seven", "shoe", "other", "asked_by", "api", "land")}
    assert found == {
        "dept": "sales", "title": "Clerk", "seven": "seven", "shoe": 46, "other": "b@acme.test",
        "asked_by": CLIENT.display_name, "api": API.id, "land": "FR",
    }  # fmt: skip
    assert claims["stage"] == "test"
    assert "nothing" not in claims
    assert list(claims)[5:] == sorted(list(claims)[5:])
    own = claims_of(acme.app_token(API.app_id).json()["access_token"])
    assert (own["stage"], own["asked_by"]) == ("test", CLIENT.display_name)
    assert "dept" not in own
    assert "stage" not in acme.identity(BOB, **NAMED)


def test_a_mapping_that_the_app_does_not_accept_gets_no_token(acme):
    with acme.browser() as browser:
        code = query_of(acme.sign_in(browser))["code"]
        mapped(acme, MappedClaim(claim="stage", value="test"), accepted=False)
        body = {"client_id": CLIENT.app_id, "client_secret": "acme-secret"}
        assert error_of(acme.idp.redeem(code, acme.tenant.id, **body)) == (400, "invalid_request", 50146)
        assert error_of(acme.app_token()) == (400, "invalid_request", 50146)
        mapped(acme, app=API)
        mapped(acme, MappedClaim(claim="stage", value="test"), app=CLIENT, accepted=False)
        acme.change(CLIENT, implicit_id_tokens=True)
        answer = acme.sign_in(browser, BOB, **IMPLICIT, scope="openid", prompt="login")
    assert redirected(answer) == ("invalid_request", 50146)


@pytest.mark.parametrize("version", [1, 2])
def test_accepted_mappings_are_for_the_apps_own_id_and_the_tenants_domains(acme, version):
    mapped(acme, MappedClaim(claim="stage", value="test"))
    own = ("https://acme.test/data", "https://data.acme.example", "api://acme.example/data")
    foreign = (API_URI, f"api://{API.app_id}", "https://notacme.example/data", "https://acme.example.evil.test/data")
    acme.change(API, identifier_uris=(*own, *foreign), requested_access_token_version=version)
    for name in (API.app_id, *own):
        assert claims_of(acme.app_token(name).json()["access_token"])["stage"] == "test"
    for name in foreign:
        assert error_of(acme.app_token(name)) == (400, "invalid_request", 501461)
    assert API.app_id in acme.entra.journal.entries[-1].hint
    assert "acme.example, acme.test" in acme.entra.journal.entries[-1].hint


def test_what_is_known_of_a_users_place_and_device_is_declared(acme):
    device = "0123abcd-0000-4000-8000-0123456789ab"
    acme.change(BOB, attributes={
        "in_corp": True, "pwd_exp": 86400, "pwd_url": "https://portal.example/", "deviceid": device, "fwd": "10.0.0.1",
        "signin_state": ["kmsi"],
    })  # fmt: skip
    acme.change(API, requested_access_token_version=1)
    claims = acme.access(BOB)
    assert (claims["in_corp"], claims["pwd_exp"], claims["deviceid"]) == ("true", "86400", device)
    assert claims["pwd_url"] == "https://portal.example/"
    assert {"fwd", "signin_state"}.isdisjoint(claims)
    assert acme.access(BOB, scope="openid User.Read")["signin_state"] == ["kmsi"]
    acme.change(API, requested_access_token_version=2)
    assert {"in_corp", "pwd_exp", "pwd_url"}.isdisjoint(acme.access(BOB))
    assert "idp" in acme.access(GIL)

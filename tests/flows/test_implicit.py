"""Tokens straight from the authorization endpoint: implicit and hybrid, in every mode (facts §3.1, §3.3, §5.5)."""

import base64
import hashlib
import json
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from acme import API, API_URI, BOB, CLIENT, OTHER_URI
from harness import (
    ANY_CLIENT,
    LOGIN,
    REDIRECT,
    UNDECLARED,
    Forms,
    Idp,
    claims_of,
    header_of,
    hint_of,
    query_of,
    redirected,
    shown,
)
from joserfc import jwt
from joserfc.jwk import KeySet

from mock_idp.directory.default import CONTOSO
from mock_idp.directory.models import OptionalClaim, RedirectUri

READ = f"openid profile {API_URI}/data.read"
ORDERS = {
    "code": ["code", "state", "session_state"],
    "id_token": ["id_token", "state", "session_state"],
    "code id_token": ["code", "id_token", "state", "session_state"],
    "id_token token": [
        *("access_token", "token_type", "expires_in", "scope", "id_token", "state", "session_state"),
    ],
    "token": ["access_token", "token_type", "expires_in", "scope", "state", "session_state"],
}  # fmt: skip
"""Members of the answer by response type."""

PLAIN = {"client_info": None, "code_challenge": None, "code_challenge_method": None}


def members(answer: httpx.Response) -> dict[str, str]:
    """What went to the application in a fragment or a form, in order."""
    if answer.status_code == 200:
        action, fields, _ = Forms(answer.text).found[0]
        assert action == REDIRECT
        return fields
    parts = urlsplit(answer.headers["location"])
    assert not parts.query
    return dict(parse_qsl(parts.fragment))


def half_hash(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()


def verified(idp: Idp, token: str, tenant: str) -> dict:
    """The claims, after an independent judge has checked the signature with the published keys."""
    with idp.client() as client:
        keys = KeySet.import_key_set(client.get(f"{LOGIN}/{tenant}/discovery/v2.0/keys").json())
    return jwt.decode(token, keys, algorithms=["RS256"]).claims


@pytest.fixture
def enabled(acme):
    """Acme, whose client may have tokens from authorize."""
    acme.change(CLIENT, implicit_id_tokens=True, implicit_access_tokens=True)
    return acme


def ask(acme, user=BOB, **parameters) -> httpx.Response:
    """Sign in: the answer that goes to the client."""
    with acme.browser() as browser:
        return acme.sign_in(browser, user, **{**PLAIN, "scope": READ, **parameters})


@pytest.mark.parametrize("mode", ["fragment", "form_post", None])
@pytest.mark.parametrize("asked", [*ORDERS, "id_token code", "token id_token"])
def test_members_come_in_the_order_served_in_a_fragment_or_a_form(enabled, asked, mode):
    answer = ask(enabled, response_type=asked, response_mode=mode)
    if asked == "code" and mode is None:
        assert list(query_of(answer)) == ORDERS["code"]
        return
    assert answer.status_code == (200 if mode == "form_post" else 302)
    found = members(answer)
    assert list(found) == ORDERS[" ".join(sorted(asked.split()))]
    assert found["state"] == "a state"
    assert found.get("token_type", "Bearer") == "Bearer"
    assert int(found.get("expires_in", "3599")) >= 3599


def test_an_id_token_from_here_is_signed_for_the_client_and_bound_to_the_request(idp, enabled, journal):
    answer = members(ask(enabled, response_type="id_token", scope="openid profile", nonce="n-1"))
    claims = verified(idp, answer["id_token"], enabled.tenant.id)
    assert (claims["aud"], claims["nonce"], claims["ver"], claims["name"]) == (CLIENT.app_id, "n-1", "2.0", "Bob Acme")
    assert claims["iss"] == f"{LOGIN}/{enabled.tenant.id}/v2.0"
    assert not {"at_hash", "c_hash"} & claims.keys()
    assert [each.kind for entry in journal for each in entry.issued] == ["id token"]


def test_in_the_hybrid_flow_the_id_token_vouches_for_the_code_which_is_good(enabled):
    answer = members(ask(enabled, response_type="code id_token", nonce="n-2"))
    first = claims_of(answer["id_token"])
    assert first["c_hash"] == half_hash(answer["code"])
    assert "at_hash" not in first
    redeemed = enabled.token(grant_type="authorization_code", code=answer["code"], redirect_uri=REDIRECT)
    assert redeemed.status_code == 200, redeemed.text
    second = claims_of(redeemed.json()["id_token"])
    assert second["nonce"] == "n-2"
    assert second["sub"] == first["sub"]
    assert not {"at_hash", "c_hash"} & second.keys()


def test_an_access_token_from_here_is_a_public_clients_and_the_id_token_vouches_for_it(idp, enabled, journal):
    answer = members(ask(enabled, response_type="id_token token"))
    access = verified(idp, answer["access_token"], enabled.tenant.id)
    assert (access["aud"], access["scp"], access["azp"], access["azpacr"]) == (
        API.app_id, "data.read", CLIENT.app_id, "0",
    )  # fmt: skip
    assert answer["scope"] == f"{API_URI}/data.read"
    identity = claims_of(answer["id_token"])
    assert identity["at_hash"] == half_hash(answer["access_token"])
    assert "c_hash" not in identity
    assert [each.kind for entry in journal for each in entry.issued] == ["access token v2.0", "id token"]
    assert next(entry.audience for entry in journal if entry.issued) == API.app_id


def test_client_info_stands_before_the_state(enabled):
    assert list(members(ask(enabled, response_type="id_token", client_info="1"))) == [
        "id_token", "client_info", "state", "session_state",
    ]  # fmt: skip


def test_an_app_without_a_registered_wish_is_refused(acme):
    for asked, number in (
        ("token", 700051),
        ("id_token", 700054),
        ("id_token token", 700051),
        ("code id_token", 700054),
    ):
        with acme.browser() as browser:
            assert redirected(acme.open(browser, response_type=asked)) == ("unsupported_response_type", number)


@pytest.mark.parametrize(
    ("field", "asked", "number"),
    [
        ("implicit_id_tokens", "id_token", None),
        ("implicit_id_tokens", "code id_token", None),
        ("implicit_id_tokens", "token", 700051),
        ("implicit_id_tokens", "id_token token", 700051),
        ("implicit_access_tokens", "token", None),
        ("implicit_access_tokens", "id_token token", 700054),
    ],
)
def test_each_kind_is_enabled_by_itself(acme, field, asked, number):
    acme.change(CLIENT, **{field: True})
    answer = ask(acme, response_type=asked) if number is None else None
    if answer is not None:
        assert "error" not in members(answer)
        return
    with acme.browser() as browser:
        assert redirected(acme.open(browser, response_type=asked)) == ("unsupported_response_type", number)


@pytest.mark.parametrize(
    ("parameters", "error", "number"),
    [
        ({"response_type": "id_token", "nonce": None}, "invalid_request", 90014),
        ({"response_type": "code id_token", "nonce": " "}, "invalid_request", 90014),
        ({"response_type": "id_token", "response_mode": "query"}, "unsupported_response_mode", 70007),
        ({"response_type": "token", "response_mode": "query"}, "unsupported_response_mode", 70007),
        ({"response_type": "id_token", "scope": "profile"}, "unsupported_response_type", 700053),
        ({"response_type": "token", "scope": "openid profile"}, "invalid_scope", 28002),
        ({"response_type": "id_token token code"}, "unsupported_response_type", 70005),
    ],
)
def test_what_cannot_be_answered_goes_back_with_its_number(enabled, parameters, error, number):
    with enabled.browser() as browser:
        assert redirected(enabled.open(browser, **parameters)) == (error, number)


def test_of_several_apis_the_first_gives_the_access_token_and_the_strict_setting_refuses(enabled, monkeypatch, journal):
    mixed = f"openid {OTHER_URI}/other.read {API_URI}/data.read"
    assert claims_of(members(ask(enabled, response_type="token", scope=mixed))["access_token"])["aud"] == OTHER_URI
    assert any("the token is for the first one, Acme Other" in note for note in journal[-1].notes)
    monkeypatch.setattr(enabled.entra, "settings", enabled.entra.settings._replace(multi_resource_code="strict"))
    assert redirected(ask(enabled, response_type="token", scope=mixed)) == ("invalid_request", 700022)


def test_an_app_that_asks_for_itself_names_its_id(enabled):
    own = "api://acme/web"
    enabled.change(CLIENT, identifier_uris=(own,))
    with enabled.browser() as browser:
        answer = enabled.sign_in(browser, **PLAIN, response_type="token", scope=f"{own}/.default")
    assert redirected(answer) == ("invalid_request", 90009)


def test_silently_a_signed_in_user_gets_another_token(enabled):
    with enabled.browser() as browser:
        enabled.sign_in(browser)
        silent = enabled.open(browser, **PLAIN, response_type="token", scope=READ, prompt="none")
        assert claims_of(members(silent)["access_token"])["scp"] == "data.read"
    with enabled.browser() as browser:
        answer = enabled.open(browser, **PLAIN, response_type="token", scope=READ, prompt="none")
    assert redirected(answer) == ("login_required", 50058)
    assert urlsplit(answer.headers["location"]).fragment


def test_no_redirect_uri_means_a_registered_one_unless_a_code_is_asked(enabled):
    answer = ask(enabled, response_type="id_token", redirect_uri=None)
    assert answer.headers["location"].startswith(f"{REDIRECT}#id_token=")
    with enabled.browser() as browser:
        assert shown(enabled.open(browser, response_type="code id_token", redirect_uri=None)) == (200, 900971)
        enabled.change(CLIENT, redirect_uris=())
        page = enabled.open(browser, response_type="id_token", redirect_uri=None)
    assert shown(page) == (200, 900971)
    assert "Acme Web has no redirect URI registered" in hint_of(page)


def test_a_single_page_app_needs_pkce_for_codes_alone(enabled):
    enabled.change(CLIENT, redirect_uris=(RedirectUri(uri=REDIRECT, platform="spa"),))
    assert "id_token" in members(ask(enabled, response_type="id_token"))
    with enabled.browser() as browser:
        answer = enabled.open(browser, **PLAIN, response_type="code id_token")
    assert redirected(answer) == ("invalid_request", 9002325)


def test_max_age_and_capabilities_reach_the_tokens(enabled):
    enabled.change(API, access_token_claims=(OptionalClaim(name="xms_cc"),))
    claims = json.dumps({"access_token": {"xms_cc": {"values": ["cp1"]}}})
    answer = members(ask(enabled, response_type="id_token token", max_age="3600", claims=claims))
    assert isinstance(claims_of(answer["id_token"])["auth_time"], int)
    assert [each.upper() for each in claims_of(answer["access_token"])["xms_cc"]] == ["CP1"]


def test_an_undeclared_app_has_registered_nothing_and_gets_what_it_asks(idp):
    asked = {"client_id": ANY_CLIENT, "scope": "openid profile User.Read", **PLAIN}
    with idp.browser() as browser:
        answer = members(idp.sign_in(browser, tenant=UNDECLARED, response_type="id_token token", **asked))
    assert header_of(answer["access_token"])["nonce"]
    assert claims_of(answer["id_token"])["aud"] == ANY_CLIENT
    assert answer["scope"].split() == ["User.Read", "profile", "openid", "email"]


def test_contoso_has_not_enabled_it(idp):
    with idp.browser() as browser:
        answer = idp.authorize(browser, CONTOSO.id, response_type="id_token")
    assert redirected(answer) == ("unsupported_response_type", 700054)

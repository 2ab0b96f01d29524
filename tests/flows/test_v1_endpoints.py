"""The v1.0 endpoints: ``resource`` in place of ``scope``, numbers as text, id tokens of v1.0 (facts §4.1, §4.2)."""

from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from acme import ACME, ACME_ID, API, API_URI, BOB, CLIENT, MAX, OTHER_URI, READ, SECRET, WRITE, granted
from harness import (
    ANY_CLIENT,
    GRAPH,
    LOGIN,
    REDIRECT,
    UNDECLARED,
    Forms,
    attempt,
    claims_of,
    error_of,
    header_of,
    hint_of,
    query_of,
    redirected,
    shown,
)
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import KeySet

from mock_idp.directory.models import PasswordCredential, RequiredResource
from mock_idp.endpoints.scopes import parse
from mock_idp.endpoints.v1 import scope_of
from mock_idp.runtime.tenants import DeclaredTenant

USER_MEMBERS = [
    *("token_type", "scope", "expires_in", "ext_expires_in", "expires_on", "not_before", "resource", "access_token"),
    *("refresh_token", "id_token"),
]
ID_TOKEN = [
    *("aud", "iss", "iat", "nbf", "exp", "amr", "family_name", "given_name", "ipaddr", "name", "nonce", "oid", "rh"),
    *("sub", "tid", "unique_name", "upn", "uti", "ver"),
]


def fragment_of(answer: httpx.Response) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(answer.headers["location"]).fragment))


class V1:
    """Acme, whose client has registered what it may do, asked at the v1.0 endpoints."""

    def __init__(self, acme) -> None:
        self.acme = acme
        self.idp = acme.idp
        required = RequiredResource(resource_app_id=API.app_id, scopes=(READ.id, WRITE.id))
        acme.change(CLIENT, required_resources=(required,), implicit_id_tokens=True, implicit_access_tokens=True)

    def open(self, browser: httpx.Client, tenant: str = ACME_ID, **parameters: str | None) -> httpx.Response:
        asked = {
            "client_id": CLIENT.app_id, "response_type": "code", "redirect_uri": REDIRECT, "resource": API_URI,
            "state": "s", "nonce": "n", **parameters,
        }  # fmt: skip
        kept = {name: value for name, value in asked.items() if value is not None}
        return browser.get(f"/{tenant}/oauth2/authorize", params=kept)

    def sign_in(self, user=BOB, tenant: str = ACME_ID, **parameters: str | None) -> httpx.Response:
        with self.idp.browser() as browser:
            page = self.idp.submit(browser, self.open(browser, tenant, **parameters), loginfmt=user.mail)
            answer = self.idp.submit(browser, page, passwd="pw")
            while answer.status_code == 200 and (asked := [f for f in Forms(answer.text).found if f[2]]):
                action, fields, buttons = asked[0]
                if urlsplit(action).netloc:
                    break
                name, value = next(each for each in buttons if each[0])
                answer = browser.post(action, data={**fields, name: value})
            return answer

    def token(self, tenant: str = ACME_ID, **body: str | None) -> httpx.Response:
        sent = {"client_id": CLIENT.app_id, "client_secret": SECRET, **body}
        with self.idp.client() as client:
            return client.post(f"{LOGIN}/{tenant}/oauth2/token", data={n: v for n, v in sent.items() if v is not None})

    def redeem(self, answer: httpx.Response, **body: str | None) -> httpx.Response:
        code = query_of(answer)["code"]
        return self.token(**{"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, **body})


@pytest.fixture
def v1(acme) -> V1:
    return V1(acme)


@pytest.mark.parametrize("repeated", [None, REDIRECT])
def test_a_redirect_uri_that_authorize_was_not_sent_need_not_be_repeated(v1, repeated):
    answer = v1.sign_in(redirect_uri=None)
    assert answer.headers["location"].startswith(REDIRECT)
    assert v1.redeem(answer, redirect_uri=repeated).status_code == 200
    other = v1.redeem(v1.sign_in(redirect_uri=None), redirect_uri="http://localhost:1/other")
    assert error_of(other)[2] == 50011


def test_a_code_brings_tokens_whose_numbers_are_text_and_an_id_token_of_v1(v1, clock, journal):
    answer = v1.sign_in()
    assert list(query_of(answer)) == ["code", "session_state", "state"]
    got = v1.redeem(answer)
    assert got.status_code == 200, got.text
    body = got.json()
    assert list(body) == USER_MEMBERS
    assert all(isinstance(value, str) for value in body.values())
    access = claims_of(body["access_token"])
    assert (body["resource"], body["scope"]) == (API_URI, "data.read data.write")
    assert (int(body["expires_on"]), int(body["not_before"])) == (access["exp"], access["nbf"])
    assert int(body["expires_in"]) == access["exp"] - clock.now() - 1
    assert (access["ver"], access["aud"], access["scp"]) == ("2.0", API.app_id, body["scope"])
    identity = claims_of(body["id_token"])
    assert list(identity) == ID_TOKEN
    assert list(header_of(body["id_token"])) == ["typ", "alg", "x5t", "kid"]
    assert (identity["iss"], identity["ver"]) == (f"https://sts.windows.net/{ACME_ID}/", "1.0")
    assert (identity["upn"], identity["unique_name"], identity["nonce"]) == (BOB.mail, BOB.mail, "n")
    assert [entry.endpoint for entry in journal] == ["authorize", "login", "login", "login", "token"]
    assert journal[-1].grant_type == "authorization_code"
    assert [each.kind for each in journal[-1].issued] == ["access token v2.0", "id token", "refresh token"]


def test_its_id_tokens_are_verified_with_the_keys_of_v1(v1):
    token = v1.redeem(v1.sign_in()).json()["id_token"]
    with v1.idp.client() as client:
        document = client.get(f"{LOGIN}/{ACME_ID}/.well-known/openid-configuration").json()
        keys = KeySet.import_key_set(client.get(document["jwks_uri"]).json())
    claims = jwt.decode(token, keys, algorithms=["RS256"]).claims
    assert claims["iss"] == document["issuer"]
    assert claims["aud"] == CLIENT.app_id


def test_the_same_person_has_the_same_sub_in_both_versions(v1):
    first = claims_of(v1.redeem(v1.sign_in()).json()["id_token"])
    assert first["sub"] == v1.acme.identity()["sub"]


def test_the_resource_may_come_at_the_token_endpoint_alone_and_a_refresh_remembers_it(v1):
    tokens = v1.redeem(v1.sign_in(resource=None), resource=API_URI)
    assert tokens.json()["resource"] == API_URI, tokens.text
    refreshed = v1.token(grant_type="refresh_token", refresh_token=tokens.json()["refresh_token"])
    assert list(refreshed.json()) == USER_MEMBERS, refreshed.text
    assert refreshed.json()["resource"] == API_URI


def test_a_resource_that_came_to_authorize_must_not_change(v1):
    v1.acme.declare(grants=(granted("other.read", resource=v1.acme.tenant.applications[2]),))
    again = v1.redeem(v1.sign_in(), resource=API.app_id)
    assert again.json()["resource"] == API.app_id, again.text
    other = v1.redeem(v1.sign_in(), resource=OTHER_URI)
    assert error_of(other) == (400, "invalid_grant", 70000)


def test_without_a_resource_anywhere_a_code_is_for_nothing(v1):
    assert error_of(v1.redeem(v1.sign_in(resource=None))) == (400, "invalid_resource", 500013)


def test_a_refresh_token_is_good_for_another_resource_at_either_endpoint(v1):
    token = v1.redeem(v1.sign_in()).json()["refresh_token"]
    v1.acme.declare(grants=(granted("other.read", resource=v1.acme.tenant.applications[2]),))
    other = v1.token(grant_type="refresh_token", refresh_token=token, resource=OTHER_URI).json()
    assert (other["resource"], other["scope"]) == (OTHER_URI, "other.read")
    assert claims_of(other["access_token"])["aud"] == OTHER_URI
    newer = v1.acme.refresh(other["refresh_token"], scope=f"{API_URI}/data.read").json()
    assert newer["scope"] == f"{API_URI}/data.read {API_URI}/data.write"
    assert claims_of(newer.get("id_token", newer["access_token"]))["ver"] == "2.0"


def test_the_parameter_scope_says_nothing(v1):
    answer = v1.sign_in(scope="openid no.such.scope")
    assert v1.redeem(answer, scope="neither this").json()["scope"] == "data.read data.write"


def test_an_application_gets_its_token(v1):
    got = v1.token(grant_type="client_credentials", resource=API_URI)
    assert list(got.json()) == [
        *("token_type", "expires_in", "ext_expires_in", "expires_on", "not_before", "resource", "access_token"),
    ]  # fmt: skip
    assert got.json()["resource"] == API_URI
    assert claims_of(got.json()["access_token"])["sub"] == CLIENT.id


def test_a_resource_named_with_spn_comes_back_as_it_was_named(v1):
    named = f"spn:{v1.acme.tenant.applications[2].app_id}"
    got = v1.token(grant_type="client_credentials", resource=named).json()
    assert got["resource"] == named
    assert claims_of(got["access_token"])["aud"] == named


def test_a_password_brings_a_users_tokens(v1):
    v1.acme.declare(grants=(granted("data.read"),))
    got = v1.token(grant_type="password", username=BOB.mail, password="pw", resource=API_URI)
    assert list(got.json()) == USER_MEMBERS, got.text
    assert list(claims_of(got.json()["id_token"])) == [name for name in ID_TOKEN if name != "nonce"]


def test_an_api_acts_for_its_caller(v1):
    other = v1.acme.tenant.applications[2]
    needs = RequiredResource(resource_app_id=other.app_id, scopes=(other.scopes[0].id,))
    v1.acme.change(API, secrets=(PasswordCredential(value=SECRET),), required_resources=(needs,))
    v1.acme.declare(grants=(granted("other.read", client=API, resource=other),))
    token = v1.redeem(v1.sign_in()).json()["access_token"]
    got = v1.token(
        client_id=API.app_id, grant_type="urn:ietf:params:oauth:grant-type:jwt-bearer", assertion=token,
        requested_token_use="on_behalf_of", resource=OTHER_URI,
    )  # fmt: skip
    assert got.status_code == 200, got.text
    assert (got.json()["resource"], got.json()["scope"]) == (OTHER_URI, "other.read")
    assert claims_of(got.json()["id_token"])["ver"] == "1.0"


def test_a_device_gets_them_too(v1):
    v1.acme.change(CLIENT, fallback_public_client=True)
    asked = {"client_id": CLIENT.app_id, "resource": API_URI}
    with v1.idp.client() as client:
        started = client.get(f"{LOGIN}/{ACME_ID}/oauth2/devicecode", params=asked)
    assert started.status_code == 200, started.text
    poll = v1.token(grant_type="device_code", code=started.json()["device_code"])
    assert error_of(poll) == (400, "authorization_pending", 70016)


@given(st.text(max_size=40) | st.from_regex(r"[a-z]{1,6}:(//)?[ -~]{0,20}", fullmatch=True))
def test_whatever_is_sent_as_a_resource_names_one_api_or_none(resource):
    scope, refusal = attempt(scope_of, resource, DeclaredTenant(ACME))
    if refusal:
        assert refusal.number == 500011
    elif resource:
        asked = parse(scope)
        assert [(item.identifier, item.name) for item in asked.items] == [(resource, ".default")]
    else:
        assert parse(scope).items == ()


def test_an_application_that_names_no_resource_gets_a_token_for_azure_ad_graph(v1):
    claims = claims_of(v1.token(grant_type="client_credentials").json()["access_token"])
    assert (claims["aud"], claims["ver"]) == ("00000002-0000-0000-c000-000000000000", "1.0")


def test_where_nothing_else_says_it_the_resource_is_required(v1):
    got = v1.token(grant_type="password", username=BOB.mail, password="pw", scope=f"{API_URI}/.default")
    assert error_of(got) == (400, "invalid_request", 900144)
    assert "'resource'" in got.json()["error_description"]


@pytest.mark.parametrize("resource", ["api://acme/nowhere", "values", "https://x y", "<script>", "a" * 300])
def test_an_unknown_resource_has_the_number_of_v2(v1, resource):
    assert error_of(v1.token(grant_type="client_credentials", resource=resource)) == (400, "invalid_resource", 500011)
    with v1.idp.browser() as browser:
        assert redirected(v1.open(browser, resource=resource)) == ("invalid_resource", 500011)


def test_an_api_on_which_nothing_is_registered_is_refused(v1):
    with v1.idp.browser() as browser:
        assert redirected(v1.open(browser, resource=OTHER_URI)) == ("invalid_client", 650057)


@pytest.mark.parametrize("alias", ["organizations", "consumers"])
def test_v1_knows_common_and_tenants(v1, alias):
    assert error_of(v1.token(alias, grant_type="client_credentials")) == (400, "invalid_request", 90002)
    with v1.idp.browser() as browser:
        assert shown(v1.open(browser, alias)) == (200, 90002)


def test_on_common_the_users_home_is_served(v1):
    body = v1.redeem(v1.sign_in(tenant="common"), tenant="common").json()
    assert claims_of(body["id_token"])["iss"] == f"https://sts.windows.net/{ACME_ID}/"


def test_a_second_factor_is_an_interaction(v1):
    v1.acme.change(MAX, mfa_required=False)
    token = v1.redeem(v1.sign_in(MAX)).json()["refresh_token"]
    v1.acme.change(MAX, mfa_required=True)
    assert error_of(v1.token(grant_type="refresh_token", refresh_token=token)) == (400, "interaction_required", 50076)
    assert error_of(v1.acme.refresh(token)) == (400, "invalid_grant", 50076)
    v1.acme.change(MAX, mfa_registered=False)
    assert error_of(v1.token(grant_type="refresh_token", refresh_token=token)) == (400, "interaction_required", 50079)


def test_other_refusals_are_those_of_v2(v1):
    assert error_of(v1.token(grant_type="x")) == (400, "unsupported_grant_type", 70003)
    assert error_of(v1.token(grant_type="client_credentials", resource=API_URI, client_secret="wrong"))[2] == 7000215
    assert error_of(v1.token(grant_type="client_credentials", resource=API_URI, client_id=ANY_CLIENT))[2] == 700016
    with v1.idp.client() as client:
        assert shown(client.get(f"{LOGIN}/{ACME_ID}/oauth2/token")) == (200, 900561)


# what adal.js and passport-azure-ad send


def test_an_id_token_is_posted_to_a_web_app_that_only_signs_people_in(v1, journal):
    answer = v1.sign_in(response_type="id_token", response_mode="form_post", resource=None, scope="openid")
    action, fields, _ = Forms(answer.text).found[0]
    assert (action, list(fields)) == (REDIRECT, ["id_token", "state", "session_state"])
    assert list(claims_of(fields["id_token"])) == ID_TOKEN
    assert journal[-1].endpoint == "login"


def test_in_the_hybrid_flow_the_hash_stands_behind_amr(v1):
    answer = fragment_of(v1.sign_in(response_type="code id_token"))
    assert list(answer) == ["code", "id_token", "state", "session_state"]
    assert list(claims_of(answer["id_token"]))[5:7] == ["amr", "c_hash"]


def test_a_single_page_app_of_old_gets_an_access_token_in_the_fragment(v1):
    answer = fragment_of(v1.sign_in(response_type="token"))
    assert claims_of(answer["access_token"])["scp"] == "data.read data.write"
    assert answer["scope"] == "data.read data.write"
    with v1.idp.browser() as browser:
        nothing = v1.open(browser, response_type="token", resource=None)
    assert redirected(nothing) == ("invalid_resource", 500013)


def test_an_undeclared_app_needs_no_registration(v1):
    with v1.idp.browser() as browser:
        page = v1.open(browser, UNDECLARED, client_id=ANY_CLIENT, resource="https://graph.microsoft.com/")
        answer = v1.idp.click_tile(browser, page, BOB.mail)
    body = v1.redeem(answer, tenant=UNDECLARED, client_id=ANY_CLIENT, client_secret="any").json()
    assert (body["resource"], body["scope"]) == ("https://graph.microsoft.com/", "User.Read")
    with v1.idp.client() as client:
        me = client.get(f"{GRAPH}/v1.0/me", headers={"Authorization": f"Bearer {body['access_token']}"})
    assert me.status_code == 200, me.text


def test_sign_out_works_at_the_old_address(v1):
    v1.sign_in()
    with v1.idp.browser() as browser:
        answer = browser.get(f"/{ACME_ID}/oauth2/logout", params={"post_logout_redirect_uri": REDIRECT})
        assert answer.headers["location"] == REDIRECT
        page = browser.get("/common/oauth2/logout", params={"post_logout_redirect_uri": "https://evil.example/"})
    assert "is no registered redirect URI" in hint_of(page)


def test_a_page_that_came_back_with_another_version_asks_no_more_than_that_version_gives(v1):
    with v1.idp.browser() as browser:
        page = v1.open(browser)
        _, fields, _ = Forms(page.text).found[0]
        assert fields["ctx"].startswith("v1.")
        broken = browser.post(f"/{ACME_ID}/login", data={**fields, "ctx": fields["ctx"].removeprefix("v1.")})
    assert shown(broken) == (200, 900144)

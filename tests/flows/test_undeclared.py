"""With nothing declared everything works, is the same after a restart, is told in the journal, and stays in bounds."""

import pytest
from harness import ANY_CLIENT, CONTOSO, LOGIN, UNDECLARED, WEB_APP, claims_of, query_of, shown

from mock_idp.facts.wellknown import UNDECLARED_TENANT
from mock_idp.runtime import live

SCOPE = "openid profile offline_access api://orders/read"


def sign_in(idp, tenant: str, login: str, browser=None, **parameters):
    asked = {"client_id": ANY_CLIENT, "scope": SCOPE, **parameters}
    with idp.browser() as fresh:
        used = browser or fresh
        return idp.submit(used, idp.authorize(used, tenant, **asked), loginfmt=login, passwd="x")


def tokens(idp, tenant: str = UNDECLARED, login: str = "bob", **parameters) -> dict:
    code = query_of(sign_in(idp, tenant, login, **parameters))["code"]
    return idp.redeem(code, tenant, client_id=parameters.get("client_id", ANY_CLIENT)).json()


def test_any_tenant_client_secret_user_password_and_scope_work(idp):
    claims = claims_of(tokens(idp, login="bob.builder@shop.example")["access_token"])
    assert (claims["tid"], claims["appid"], claims["scp"]) == (UNDECLARED, ANY_CLIENT, "read")
    assert (claims["upn"], claims["given_name"], claims["family_name"]) == (
        "bob.builder@shop.example",
        "Bob",
        "Builder",
    )


def test_a_short_name_belongs_to_the_tenants_domain(idp):
    claims = claims_of(tokens(idp, "northwind.example")["access_token"])
    assert claims["upn"] == "bob@northwind.example"


def test_a_domain_and_the_id_that_its_document_names_are_one_tenant(idp):
    with idp.client() as client:
        document = client.get(f"{LOGIN}/northwind.example/v2.0/.well-known/openid-configuration").json()
    tenant_id = document["issuer"].split("/")[3]
    by_domain, by_id = tokens(idp, "northwind.example"), tokens(idp, tenant_id)
    assert claims_of(by_domain["access_token"])["tid"] == claims_of(by_id["access_token"])["tid"] == tenant_id
    assert claims_of(by_domain["access_token"])["oid"] == claims_of(by_id["access_token"])["oid"]


def test_every_id_is_the_same_after_a_restart(idp):
    stable = ("tid", "oid", "sub", "appid", "upn")
    first = claims_of(tokens(idp)["access_token"])
    idp.entra.runtime.reset()
    second = claims_of(tokens(idp)["access_token"])
    assert [first[name] for name in stable] == [second[name] for name in stable]


def test_a_refresh_token_and_a_code_outlive_a_restart(idp):
    refresh_token = tokens(idp)["refresh_token"]
    code = query_of(sign_in(idp, UNDECLARED, "bob"))["code"]
    idp.entra.runtime.reset()
    answer = idp.token(UNDECLARED, client_id=ANY_CLIENT, grant_type="refresh_token", refresh_token=refresh_token)
    assert claims_of(answer.json()["access_token"])["scp"] == "read"
    assert idp.redeem(code, UNDECLARED, client_id=ANY_CLIENT).status_code == 200


@pytest.mark.parametrize("alias", ["common", "organizations"])
def test_on_an_alias_an_undeclared_client_is_served_by_the_documented_tenant(idp, alias):
    answer = tokens(idp, alias)
    assert claims_of(answer["access_token"])["tid"] == UNDECLARED_TENANT


def test_on_an_alias_a_declared_multi_tenant_client_is_served_by_its_own_tenant(idp, monkeypatch):

    declared = idp.entra.live.declared[0]
    monkeypatch.setitem(declared._apps, WEB_APP.app_id, WEB_APP._replace(sign_in_audience="AzureADMultipleOrgs"))
    with idp.browser() as browser:
        code = query_of(idp.sign_in(browser, tenant="common"))["code"]
    answer = idp.redeem(code, "common").json()
    assert claims_of(answer["id_token"])["tid"] == CONTOSO.id


def test_the_people_of_contoso_are_members_with_ids_of_their_own(idp):
    claims = claims_of(tokens(idp, login="rita")["access_token"])
    assert (claims["upn"], claims["name"]) == ("rita@contoso.example", "Rita Reader")
    assert claims["oid"] != CONTOSO.users[1].id
    assert "idp" not in claims


def test_every_guess_is_in_the_journal(idp, journal):
    tokens(idp)
    notes = [note for entry in journal for note in entry.notes]
    for guess in (
        f"({UNDECLARED}) is declared nowhere",
        f"client {ANY_CLIENT} was made on first use",
        "resource api://orders was made on first use",
        "scope read of",
        "user bob@7a1c1f5e.example was made on first use",
        "api://orders: read taken as consented by the user",
    ):
        assert any(guess in note for note in notes), guess


@pytest.mark.parametrize("login", ["a b", "a@b@c", "<x>", "\u202ex", "x" * 400, "@x.example", "bob@"])
def test_what_cannot_be_a_name_is_no_user(idp, login):
    assert "This username may be incorrect." in sign_in(idp, UNDECLARED, login).text


def test_names_with_apostrophes_are_names(idp):
    assert claims_of(tokens(idp, login="o'brien@shop.example")["access_token"])["upn"] == "o'brien@shop.example"


def test_resources_are_told_apart_without_case_and_keep_the_spelling_that_was_asked(idp):
    first = claims_of(tokens(idp, scope="openid api://Orders/read")["access_token"])
    second = claims_of(tokens(idp, scope="openid api://orders/read")["access_token"])
    assert (first["aud"], second["aud"]) == ("api://Orders", "api://orders")
    assert first["sub"] == second["sub"]


@pytest.fixture
def few(idp, monkeypatch):
    """Room for three of everything."""
    monkeypatch.setattr(live, "MAX_TENANTS", 3)
    monkeypatch.setattr(live, "MAX_THINGS", 3)
    idp.entra.runtime.reset()
    yield idp
    monkeypatch.undo()
    idp.entra.runtime.reset()


def guid(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


def test_the_limits_are_those_of_the_design():
    assert (live.MAX_TENANTS, live.MAX_THINGS) == (1_000, 10_000)


def test_touched_tenants_are_kept_in_bounds(few, journal):
    with few.client() as client:
        for number in range(10):
            client.get(f"{LOGIN}/{guid(number)}/v2.0/.well-known/openid-configuration")
            client.get(f"{LOGIN}/tenant-{number}.example/v2.0/.well-known/openid-configuration")
    assert len(few.entra.live._tenants) == 3
    assert any(f"more than 3 undeclared tenants: forgot {guid(7)}" in note for e in journal for note in e.notes)


def test_touched_apps_and_users_are_kept_in_bounds(few, journal):
    for number in range(6):
        tokens(few, login=f"user{number}", client_id=guid(number), scope=f"openid api://r{number}/read")
    assert len(few.entra.live._apps) == 3
    assert len(few.entra.live._users) == 3
    notes = [note for entry in journal for note in entry.notes]
    assert any("more than 3 undeclared apps: forgot" in note for note in notes)
    assert any("more than 3 undeclared users: forgot" in note for note in notes)


def test_whoever_is_forgotten_notices_nothing(few):
    with few.browser() as browser:
        first = query_of(sign_in(few, UNDECLARED, "bob", browser))["code"]
        before = few.redeem(first, UNDECLARED, client_id=ANY_CLIENT).json()
        for number in range(6):
            tokens(few, guid(number), login=f"user{number}", client_id=guid(number))
        asked = {"client_id": ANY_CLIENT, "scope": SCOPE, "prompt": "none"}
        answer = few.authorize(browser, UNDECLARED, **asked)
        after = few.redeem(query_of(answer)["code"], UNDECLARED, client_id=ANY_CLIENT).json()
        refreshed = few.token(
            UNDECLARED, client_id=ANY_CLIENT, grant_type="refresh_token", refresh_token=before["refresh_token"]
        )
    for name in ("oid", "sub", "tid", "sid"):
        values = {claims_of(each["id_token"])[name] for each in (before, after, refreshed.json())}
        assert len(values) == 1, name
    assert before["scope"] == after["scope"]


def test_scopes_identifiers_and_consents_of_one_app_are_kept_in_bounds(idp):
    for start in range(0, 300, 60):
        scope = " ".join(f"api://orders/s{n}" for n in range(start, start + 60))
        with idp.browser() as browser:
            idp.sign_in(browser, tenant=UNDECLARED, client_id=ANY_CLIENT, scope=scope)
    (resource,) = [app for app in idp.entra.live._apps.values() if app.identifier_uris]
    assert len(resource.scopes) == live.MAX_SCOPES == 100
    assert max(len(scopes) for scopes in idp.entra.store.consents.values()) == 200


def test_a_guid_resource_named_in_many_ways_is_kept_in_bounds(idp):
    own = "22222222-2222-4333-8444-555555555555"
    for prefix in [own, f"api://{own}", f"API://{own}", f"Api://{own}"] * 10:
        with idp.browser() as browser:
            idp.sign_in(browser, tenant=UNDECLARED, client_id=ANY_CLIENT, scope=f"openid {prefix}/read")
    assert all(len(app.identifier_uris) <= 10 for app in idp.entra.live._apps.values())


def test_a_resource_identifier_has_a_longest_length(idp):
    with idp.browser() as browser:
        scope = f"openid api://{'x' * 300}/read"
        answer = idp.authorize(browser, UNDECLARED, client_id=ANY_CLIENT, scope=scope)
    assert shown(answer) == (200, 70011)


def test_sessions_are_kept_in_bounds(idp, monkeypatch):
    monkeypatch.setattr(idp.entra.store.sessions, "limit", 3)
    for _ in range(5):
        with idp.browser() as browser:
            idp.sign_in(browser)
    assert len(idp.entra.store.sessions) == 3


def test_redeemed_codes_are_kept_in_bounds(idp, monkeypatch):
    monkeypatch.setattr(idp.entra.store.redeemed, "limit", 3)
    for _ in range(5):
        idp.redeem(idp.code())
    assert len(idp.entra.store.redeemed) == 3


def test_the_address_of_a_test_client_is_a_redirect_uri_with_a_note(idp, journal):
    uri = "http://testserver/callback"
    with idp.browser() as browser:
        answer = idp.sign_in(browser, tenant=UNDECLARED, client_id=ANY_CLIENT, redirect_uri=uri)
        assert answer.headers["location"].startswith(f"{uri}?code=")
        assert any("a test client's address" in note for entry in journal for note in entry.notes)
        assert shown(idp.authorize(browser, redirect_uri=uri)) == (200, 50011)  # a declared tenant
        assert shown(idp.authorize(browser, UNDECLARED, client_id=ANY_CLIENT, redirect_uri="http://app.test/")) == (
            200,
            500117,
        )

"""The object ``entra``, by what it promises; the judge of a token is another library than the one that signed it."""

import json
import threading
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine
from harness import LOGIN
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

import mock_idp
from mock_idp import MockEntra, Settings, UserError
from mock_idp.directory.default import API, CONTOSO, WEB_APP, WEB_APP_SECRET
from mock_idp.directory.models import Directory, Tenant, User

API_URI = API.identifier_uris[0]
NORTHWIND = Directory(
    tenants=(
        Tenant(
            id="0077171d-0000-4000-8000-000000000001",
            display_name="Northwind",
            domains=("northwind.example",),
            users=(
                User(
                    id="0077171d-0000-4000-8000-000000000002",
                    user_principal_name="nancy@northwind.example",
                    display_name="Nancy",
                ),
            ),
        ),
    )
)


def judged(token, tenant: str) -> dict:
    """The claims, if a key that is published now fits."""
    keys = KeySet.import_key_set(httpx.get(f"{LOGIN}/{tenant}/discovery/v2.0/keys").json())
    return jwt.decode(str(token), keys, algorithms=["RS256"]).claims


def refused(call, *words: str) -> str:
    """A mistake is told in three lines that have these words."""
    with pytest.raises(UserError) as mistake:
        call()
    assert len(str(mistake.value).splitlines()) == 3
    for word in words:
        assert word in str(mistake.value)
    return str(mistake.value)


class TestToken:
    def test_it_verifies_with_the_published_keys(self, entra: MockEntra):
        token = entra.token("rita", audience="api://orders", scopes=["data.read"])
        claims = judged(token, entra.tenant)
        assert claims == token.claims
        assert (claims["aud"], claims["scp"], claims["ver"]) == ("api://orders", "data.read", "1.0")
        assert claims["upn"] == "rita@contoso.example"

    def test_it_is_presented_by_its_header_and_not_shown_by_its_repr(self, entra):
        token = entra.token(audience="api://orders")
        assert token.header == {"Authorization": f"Bearer {token}"}
        assert str(token) not in repr(token)
        assert "api://orders" in repr(token)

    def test_graph_takes_one(self, entra):
        token = entra.token("rita", audience="https://graph.microsoft.com", scopes=["User.Read"])
        me = httpx.get("https://graph.microsoft.com/v1.0/me", headers=token.header).json()
        assert me["userPrincipalName"] == "rita@contoso.example"

    def test_a_full_scope_names_the_audience(self, entra):
        assert entra.token(scopes=["api://orders/data.read"]).claims["aud"] == "api://orders"
        refused(lambda: entra.token(scopes=["api://a/x", "api://b/y"]), "api://a, api://b")
        refused(lambda: entra.token(audience="api://c", scopes=["api://a/x"]), "api://c, api://a")

    @pytest.mark.parametrize("version", [2, "2", "2.0", "v2"])
    def test_a_version_may_be_chosen(self, entra, version):
        claims = entra.token(audience="api://orders", version=version).claims
        assert claims["ver"] == "2.0"
        assert claims["iss"] == f"{LOGIN}/{entra.tenant}/v2.0"
        assert claims["aud"] == entra.token(audience="api://orders", version=2).claims["aud"] != "api://orders"

    def test_roles_groups_and_claims_are_as_given(self, entra):
        claims = entra.token(
            audience="api://orders", roles=["Reader"], groups=["Managers", "00aa" * 2 + "-0000-4000-8000-000000000001"],
            claims={"department": "sales", "name": None},
        ).claims  # fmt: skip
        assert claims["roles"] == ["Reader"]
        assert claims["groups"] == [entra.group("Managers").id, "00aa00aa-0000-4000-8000-000000000001"]
        assert claims["department"] == "sales"
        assert "name" not in claims

    @pytest.mark.parametrize("seconds", [90, 0, -10])
    def test_a_lifetime_may_be_chosen(self, entra, seconds):
        before = int(time.time())
        token = entra.token(audience="api://orders", expires_in=seconds)
        assert before + seconds <= token.claims["exp"] <= int(time.time()) + seconds

    def test_every_token_is_another_one(self, entra):
        assert len({str(entra.token(audience="api://orders")) for _ in range(3)}) == 3

    def test_an_applications_own_has_roles_and_no_user(self, entra):
        token = entra.app_token("worker", audience="api://orders", roles=["Orders.Read.All"])
        claims = judged(token, entra.tenant)
        assert claims["roles"] == ["Orders.Read.All"]
        assert claims["oid"] == claims["sub"]
        assert {"scp", "upn", "name"}.isdisjoint(claims)

    def test_a_declared_tenant_is_known_by_its_names(self, entra):
        token = entra.token("rita", tenant="contoso", audience="Contoso Data API")
        assert token.claims["tid"] == CONTOSO.id
        assert token.claims["aud"] == API.app_id  # registered for version 2
        assert token.claims["scp"] == "data.read data.write"
        assert token.claims["roles"] == ["Data.Reader"]
        assert token.claims["azp"] == WEB_APP.app_id  # the app that was granted something on it

    def test_what_a_declared_tenant_does_not_know_is_refused_with_the_nearest(self, entra):
        def token(**wish):
            return lambda: entra.token(**{"user": "rita", "tenant": "contoso", "audience": API_URI, **wish})

        refused(token(user="ritta"), "user 'ritta'", "Did you mean 'rita'?")
        refused(token(audience="api://nothing"), "audience 'api://nothing'", API_URI)
        refused(token(scopes=["data.raed"]), "scope 'data.raed'", "Did you mean 'data.read'?")
        refused(token(roles=["Data.Reeder"]), "role", "Did you mean 'Data.Reader'?")
        refused(token(groups=["no such"]), "group 'no such'")
        refused(token(client="Contoso Web Ap"), "Did you mean 'Contoso Web App'?")
        refused(token(tenant="contosso"), "Did you mean")
        refused(lambda: entra.app_token("nobody", tenant="contoso", audience=API_URI), "app 'nobody'")

    def test_what_cannot_be_is_refused(self, entra):
        refused(lambda: entra.token(audience="api://o", version=3), "version=3")
        refused(lambda: entra.token(audience="api://o", scopes="data.read"), "scopes=['data.read']")
        refused(lambda: entra.token(audience="api://o", roles="Reader"), "roles=['Reader']")
        refused(lambda: entra.token(audience="api://o", expires_in="soon"), "'soon'")
        refused(lambda: entra.token(audience="api://o", claims={"x": object()}), "claims")
        refused(entra.token, "Which API")
        refused(lambda: entra.token(audeince="api://o"), "keyword of token 'audeince'", "Did you mean 'audience'?")
        refused(lambda: entra.app_token(scopes=["x"]), "keyword of app_token 'scopes'")
        refused(lambda: entra.rotate_keys(retired=True), "Did you mean 'retire'?")


class TestAdditions:
    def test_a_user_is_there_for_one_test(self, entra):
        user = entra.user("nia", display_name="Nia North", groups=["Managers"], claims={"shoe": 38})
        claims = entra.token("nia", audience="api://orders").claims
        assert (claims["name"], claims["oid"], claims["shoe"]) == ("Nia North", user.id, 38)
        entra.reset()
        assert entra.token("nia", audience="api://orders").claims["name"] == "Nia"

    def test_a_user_of_a_declared_tenant_can_be_changed(self, entra):
        entra.user("rita", tenant="contoso", displayName="Rita Renamed", roles={API_URI: ["Data.Writer"]})
        claims = entra.token("rita", tenant="contoso", audience=API_URI).claims
        assert claims["name"] == "Rita Renamed"
        assert sorted(claims["roles"]) == ["Data.Reader", "Data.Writer"]

    def test_a_guest_is_changed_by_the_name_of_the_home_tenant(self, entra):
        guest = entra.user("gus@fabrikam.example", tenant="contoso", job_title="Visitor")
        assert (guest.user_type, guest.job_title) == ("Guest", "Visitor")
        assert entra.user("gus@fabrikam.example", tenant="contoso").id == guest.id
        refused(lambda: entra.user("nia@fabrikam.example", tenant="contoso"), "contoso.example")

    def test_an_app_is_strict_also_in_an_undeclared_tenant(self, entra):
        app = entra.app(
            "Orders", scopes=["read"], roles=["Boss"], secret="s3cret", redirect_uris=["http://localhost/cb"]
        )
        assert app.identifier_uris == (f"api://{app.app_id}",)
        assert entra.token(audience="Orders").claims["scp"] == "read"
        refused(lambda: entra.token(audience="Orders", scopes=["write"]), "Orders exposes read")
        ask = {"grant_type": "client_credentials", "client_id": app.app_id, "scope": f"{app.app_id}/.default"}
        url = f"{LOGIN}/{entra.tenant}/oauth2/v2.0/token"
        assert httpx.post(url, data={**ask, "client_secret": "s3cret"}).status_code == 200
        assert httpx.post(url, data={**ask, "client_secret": "wrong"}).json()["error_codes"] == [7000215]

    def test_members_of_a_group_are_named(self, entra):
        group = entra.group("Managers", members=["rita", "walt"], tenant="contoso")
        assert group.members == tuple(user.id for user in CONTOSO.users if user.given_name in ("Rita", "Walt"))

    def test_consent_lets_a_client_refresh_for_more(self, entra):
        entra.consent("Contoso Web App", API_URI, ["data.read"], tenant="contoso", user="rita")
        refused(lambda: entra.consent("Contoso Web App", API_URI, ["data.fly"], tenant="contoso"), "data.fly")

    def test_microsofts_apis_are_known_by_name_as_in_the_directory_file(self, entra):
        entra.consent("Contoso Web App", "Microsoft Graph", ["Mail.Read"], tenant="contoso")
        for tenant in ("contoso", "nobody.example"):
            token = entra.token("rita", audience="microsoft graph", tenant=tenant)
            assert token.claims["aud"] == "https://graph.microsoft.com"
        refused(lambda: entra.token(audience="Microsoft Grpah", tenant="contoso"), "Did you mean 'Microsoft Graph'?")

    @pytest.mark.parametrize("how", ["consent", "assign"])
    def test_another_tenants_app_is_added_by_name(self, entra, how):
        robot = entra.app("Robot", tenant="fabrikam", secret="s", sign_in_audience="AzureADMultipleOrgs")
        ask = {"grant_type": "client_credentials", "client_id": robot.app_id, "client_secret": "s"}

        def answer():
            return httpx.post(f"{LOGIN}/{CONTOSO.id}/oauth2/v2.0/token", data={**ask, "scope": f"{API_URI}/.default"})

        assert answer().json()["error_codes"] == [7000229]
        if how == "consent":
            entra.consent("Robot", API_URI, ["data.read"], tenant="contoso")
        else:
            entra.assign("Robot", API_URI, ["Data.Reader"], tenant="contoso")
        assert answer().status_code == 200
        refused(lambda: entra.consent("Robto", API_URI, ["data.read"], tenant="contoso"), "Robto")

    def test_an_unknown_field_is_refused_with_the_nearest(self, entra):
        refused(lambda: entra.user("nia", display_nmae="N"), "Did you mean 'display_name'?")
        refused(lambda: entra.app("Orders", redirect_uri=["x"]), "Did you mean 'redirect_uris'?")
        refused(lambda: entra.group("G", mebmers=[]), "Did you mean 'members'?")


def refresh_token_of(entra: MockEntra, user: str = "rita@contoso.example") -> str:
    """From a sign-in at Contoso's web app."""
    from harness import REDIRECT, Forms, query_of

    asked = {
        "client_id": WEB_APP.app_id, "response_type": "code", "redirect_uri": REDIRECT,
        "scope": f"openid offline_access {API_URI}/data.read",
    }  # fmt: skip
    with httpx.Client(base_url=entra.front_url) as browser:
        page = browser.get(f"/{CONTOSO.id}/oauth2/v2.0/authorize", params=asked)
        fields = Forms(page.text).found[0][1]
        code = query_of(browser.post(f"/{CONTOSO.id}/login", data={**fields, "tile": user}))["code"]
    body = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
    return redeemed(body).json()["refresh_token"]


def redeemed(body: dict) -> httpx.Response:
    client = {"client_id": WEB_APP.app_id, "client_secret": WEB_APP_SECRET}
    return httpx.post(f"{LOGIN}/{CONTOSO.id}/oauth2/v2.0/token", data={**client, **body})


class TestWhatHappens:
    def test_revoked_sign_ins_are_refused_until_the_user_signs_in_again(self, entra):
        before = refresh_token_of(entra)
        entra.revoke("rita", tenant="contoso")
        answer = redeemed({"grant_type": "refresh_token", "refresh_token": before})
        assert (answer.status_code, answer.json()["error"], answer.json()["error_codes"]) == (
            400,
            "invalid_grant",
            [50173],
        )
        assert answer.json()["suberror"] == "bad_token"
        after = refresh_token_of(entra)
        assert redeemed({"grant_type": "refresh_token", "refresh_token": after}).status_code == 200
        assert (
            redeemed(
                {"grant_type": "refresh_token", "refresh_token": refresh_token_of(entra, "walt@contoso.example")}
            ).status_code
            == 200
        )

    def test_a_rotated_key_was_never_seen_and_the_old_one_still_counts(self, entra):
        first = entra.token(audience="api://orders")
        seen = {key["kid"] for key in httpx.get(f"{LOGIN}/common/discovery/v2.0/keys").json()["keys"]}
        entra.rotate_keys()
        second = entra.token(audience="api://orders")
        published = httpx.get(f"{LOGIN}/common/discovery/v2.0/keys").json()["keys"]
        assert {key["kid"] for key in published} - seen == {published[0]["kid"]}
        assert judged(second, entra.tenant)["aud"] == judged(first, entra.tenant)["aud"]

    def test_a_retired_key_counts_no_more(self, entra):
        first = entra.token(audience="api://orders")
        for _ in range(3):  # more than are kept ready
            entra.rotate_keys(retire=True)
        assert judged(entra.token(audience="api://orders"), entra.tenant)
        with pytest.raises((JoseError, ValueError)):
            judged(first, entra.tenant)
        entra.reset()
        assert judged(first, entra.tenant)

    def test_the_clock_travels_and_stands_still(self, entra):
        now = entra.clock.now()
        with entra.clock.travel(timedelta(days=1)):
            assert 0 <= entra.token(audience="api://o").claims["iat"] - (now + 86400 - 300) <= 2
        assert entra.clock.now() - now < 5
        entra.clock.freeze("2030-01-31T12:00Z")
        noon = int(datetime(2030, 1, 31, 12, tzinfo=UTC).timestamp())
        assert [entra.token(audience="api://o").claims["iat"] for _ in range(2)] == [noon - 300] * 2
        entra.clock.travel(timedelta(hours=-1))
        assert entra.clock.now() == noon - 3600
        refused(lambda: entra.clock.travel("tomorrow"), "'tomorrow'")
        refused(lambda: entra.clock.travel(3600), "3600")
        refused(lambda: entra.clock.travel(timedelta(days=4_000_000)), "years 1970 to 9999")

    def test_the_clock_follows_one_that_moves_the_process(self, entra):
        with time_machine.travel(datetime(2031, 5, 1, tzinfo=UTC), tick=False):
            claims = entra.token(audience="api://orders").claims
            answer = httpx.get(f"{LOGIN}/nobody/v2.0/.well-known/openid-configuration").json()
        assert claims["iat"] == int(datetime(2031, 5, 1, tzinfo=UTC).timestamp()) - 300
        assert answer["timestamp"] == "2031-05-01 00:00:00Z"

    def test_a_reset_forgets_all_of_it(self, entra):
        entra.clock.freeze("2030-01-01")
        entra.rotate_keys(retire=True)
        httpx.get(f"{LOGIN}/common/discovery/v2.0/keys")
        entra.reset()
        assert abs(entra.clock.now() - time.time()) < 5
        assert len(entra.journal) == 0
        assert len(httpx.get(f"{LOGIN}/common/discovery/v2.0/keys").json()["keys"]) == 3


class TestMarker:
    @pytest.mark.entra(user="walt")
    def test_its_user_counts_where_none_is_named(self, entra):
        assert entra.token(audience="api://orders").claims["upn"] == "walt@contoso.example"
        assert entra.token("ada", audience="api://orders").claims["upn"] == "ada@contoso.example"

    @pytest.mark.entra(at="2030-01-31T12:00Z")
    def test_it_says_what_time_it_is_and_time_passes(self, entra):
        noon = int(datetime(2030, 1, 31, 12, tzinfo=UTC).timestamp())
        assert 0 <= entra.clock.now() - noon < 60

    @pytest.mark.entra(directory=NORTHWIND)
    def test_it_says_what_is_declared(self, entra):
        assert entra.tenant == NORTHWIND.tenants[0].id
        assert entra.token(audience="https://graph.microsoft.com").claims["name"] == "Nancy"
        refused(lambda: entra.token("rita", audience="https://graph.microsoft.com"), "nancy")

    def test_the_next_test_has_the_suites_directory_again(self, entra):
        assert entra.token("rita", tenant="contoso", audience=API_URI).claims["tid"] == CONTOSO.id


class TestAnother:
    def test_another_server_has_a_life_of_its_own(self, entra, make_entra):
        other = make_entra(NORTHWIND, version=2, seed=7)
        assert other.front_url != entra.front_url
        assert other.tenant == NORTHWIND.tenants[0].id
        entra.token(audience="api://orders")
        assert json.loads(httpx.get(f"{other.front_url}/_mock/health").text)["product"] == "mock-idp"
        assert other.environ["HTTPS_PROXY"] != entra.environ["HTTPS_PROXY"]
        assert len([entry for entry in other.journal.entries if "keys" in entry.path]) == 0

    def test_this_process_can_be_led_to_it(self, entra, make_entra):
        other = make_entra(NORTHWIND)
        with other.intercepting():
            httpx.get(f"{LOGIN}/northwind.example/discovery/v2.0/keys")
        httpx.get(f"{LOGIN}/contoso.example/discovery/v2.0/keys")
        assert other.journal.one("keys").path.startswith("/northwind.example/")
        assert entra.journal.one("keys").path.startswith("/contoso.example/")

    def test_a_seed_repeats_ids(self, make_entra):
        first, second = (make_entra(seed=7).token(audience="api://orders").claims["uti"] for _ in range(2))
        assert first == second

    def test_a_graph_token_can_be_made_one_that_anybody_verifies(self, make_entra):
        graph = "https://graph.microsoft.com"
        for settings, verifies in (({}, False), ({"graph_nonce": False}, True)):
            other = make_entra(**settings)
            token = other.token("rita", audience=graph)
            with other.intercepting():
                if not verifies:
                    with pytest.raises(JoseError):
                        judged(token, other.tenant)
                else:
                    assert judged(token, other.tenant)["aud"] == graph

    def test_the_directory_file_may_say_so_too(self, make_entra):
        file = 'graph_nonce = false\n[[tenants]]\ndomains = ["northwind.example"]\nusers = ["nancy"]\n'
        other = make_entra(file)
        with other.intercepting():
            assert judged(other.token(audience="https://graph.microsoft.com"), other.tenant)["ver"] == "1.0"

    def test_an_unknown_setting_is_refused_with_the_nearest(self, make_entra):
        refused(lambda: make_entra(tennant="x"), "Did you mean 'tenant'?")
        refused(lambda: Settings(version=3), "version")
        refused(lambda: Settings(graph_nonce="off"), "True or False")
        refused(lambda: make_entra(front_channel="reel"), "'loopback' or 'real'")
        refused(lambda: make_entra(directory=3), "no directory")


def test_its_names_are_the_packages():
    assert mock_idp.MockEntra is MockEntra
    assert mock_idp.Token.__name__ == "Token"
    with pytest.raises(AttributeError, match="nothing"):
        mock_idp.nothing  # noqa: B018


def test_a_servers_thread_ends_with_it(make_entra):
    make_entra()
    assert any(thread.name == "mock-idp" for thread in threading.enumerate())


def test_the_files_settings_count_where_the_suite_says_nothing(make_entra):
    file = 'multi_resource_code = "strict"\n[[tenants]]\ndisplayName = "N"\ndomains = ["n.example"]\nusers = ["nia"]\n'
    assert make_entra(file)._entra.settings.multi_resource_code == "strict"
    assert make_entra(file, multi_resource_code="entra")._entra.settings.multi_resource_code == "entra"

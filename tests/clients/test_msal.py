"""MSAL Python as it is, for what applications do with it over weeks: accounts, caches, challenges, regions.

Device code, on-behalf-of, passwords and certificates stand beside the grants, in `tests/flows`; what MSAL's own tests
ask for, in `test_msal_e2e.py`.
"""

import json
import re
import threading
import webbrowser
from datetime import timedelta

import httpx
import msal
import pytest
from harness import ANY_CLIENT, LOGIN, Forms, claims_of

from mock_idp.directory.default import API, CLI, CONTOSO, PASSWORD, WEB_APP, WEB_APP_SECRET

CALLBACK = "http://localhost:5001/callback"
ORDERS = ["api://orders/read"]
ROPC = pytest.mark.filterwarnings("ignore:This API has been deprecated for public client flows")


def confidential(authority=CONTOSO.id, client=WEB_APP.app_id, secret=WEB_APP_SECRET, **options):
    return msal.ConfidentialClientApplication(
        client, client_credential=secret, authority=f"{LOGIN}/{authority}", **options
    )


def sign_in(app, scopes, user="rita@contoso.example", **options):
    """The whole way with an answer in a form, by a browser that knows nothing of MSAL."""
    flow = app.initiate_auth_code_flow(scopes, redirect_uri=CALLBACK, response_mode="form_post", **options)
    with httpx.Client(trust_env=False) as browser:
        page = browser.get(flow["auth_uri"])
        tile = next(form for form in Forms(page.text).found if ("tile", user) in form[2])
        answer = browser.post(page.url.join(tile[0]), data={**tile[1], "tile": user})
    return app.acquire_token_by_auth_code_flow(flow, Forms(answer.text).found[0][1])


@pytest.mark.parametrize("authority", [CONTOSO.id, "contoso.example", "common", "organizations"])
def test_an_account_found_under_one_authority_is_found_under_all(entra, authority):
    entra.app(WEB_APP.display_name, tenant="contoso.example", sign_in_audience="AzureADMultipleOrgs")
    cache = msal.TokenCache()
    got = sign_in(confidential(authority, token_cache=cache), ["User.Read"])
    assert got["id_token_claims"]["tid"] == CONTOSO.id
    for other in (CONTOSO.id, "contoso.example", "organizations"):
        app = confidential(other, token_cache=cache)
        (account,) = app.get_accounts("rita@contoso.example")
        assert app.acquire_token_silent(["User.Read"], account)["access_token"]
    assert app.get_accounts("walt@contoso.example") == []


def test_a_cache_outlives_its_process_and_its_access_tokens(entra):
    before, after = msal.SerializableTokenCache(), msal.SerializableTokenCache()
    first = sign_in(confidential(token_cache=before), ["User.Read"])
    after.deserialize(before.serialize())
    app = confidential(token_cache=after)
    (account,) = app.get_accounts()
    assert app.acquire_token_silent(["User.Read"], account)["access_token"] == first["access_token"]
    entra.clock.travel(timedelta(days=2))
    again = app.acquire_token_silent(["User.Read"], account, force_refresh=True)
    assert again["token_source"] == "identity_provider"
    assert claims_of(again["access_token"])["iat"] > claims_of(first["access_token"])["iat"]
    app.remove_account(account)
    assert app.get_accounts() == []


def test_what_was_revoked_is_told_to_whoever_asks_silently(entra):
    app = confidential(entra.tenant, ANY_CLIENT, "any")
    sign_in(app, ["User.Read"])
    entra.revoke("rita@contoso.example")
    got = app.acquire_token_silent_with_error(["User.Read"], app.get_accounts()[0], force_refresh=True)
    assert (got["error"], got["error_codes"]) == ("invalid_grant", [50173])


def test_capabilities_and_a_challenge_pass_the_cache_by_and_reach_the_token(entra):
    app = confidential(entra.tenant, ANY_CLIENT, "any", client_capabilities=["CP1"])
    sign_in(app, ORDERS)
    (account,) = app.get_accounts()
    challenge = json.dumps({"access_token": {"nbf": {"essential": True, "value": "1700000000"}}})
    assert app.acquire_token_silent(ORDERS, account)["token_source"] == "cache"
    got = app.acquire_token_silent(ORDERS, account, claims_challenge=challenge)
    assert got["token_source"] == "identity_provider"
    asked = json.loads(entra.journal.last("token").parameters["claims"])["access_token"]
    assert asked == {"nbf": {"essential": True, "value": "1700000000"}, "xms_cc": {"values": ["CP1"]}}
    assert claims_of(app.acquire_token_for_client(["api://orders/.default"])["access_token"])["aud"] == "api://orders"


@pytest.mark.parametrize(("region", "host"), [("westeurope", "westeurope.login.microsoft.com"), (None, None)])
def test_a_regional_client_asks_the_regions_host(entra, region, host):
    app = confidential(entra.tenant, ANY_CLIENT, "any", azure_region=region)
    got = app.acquire_token_for_client(["https://graph.microsoft.com/.default"])
    assert got["token_type"] == "Bearer"
    assert entra.journal.last("token").host == (host or "login.microsoftonline.com")


def test_without_an_authority_it_asks_common_with_two_slashes(entra):
    app = msal.PublicClientApplication(ANY_CLIENT)
    flow = app.initiate_device_flow(["User.Read"])
    entra.approve_device(flow["user_code"], user="rita@contoso.example")
    assert app.acquire_token_by_device_flow(flow)["access_token"]


@ROPC
def test_contoso_has_a_client_without_a_secret(entra):
    app = msal.PublicClientApplication(CLI.app_id, authority=f"{LOGIN}/{CONTOSO.id}")
    scopes = [f"{API.identifier_uris[0]}/data.read"]
    flow = app.initiate_device_flow(scopes)
    entra.approve_device(flow["user_code"], user="rita@contoso.example", password=PASSWORD)
    by_device = app.acquire_token_by_device_flow(flow)
    by_password = app.acquire_token_by_username_password("walt@contoso.example", PASSWORD, scopes)
    names = [each["id_token_claims"]["preferred_username"] for each in (by_device, by_password)]
    assert names == ["rita@contoso.example", "walt@contoso.example"]


def test_an_interactive_sign_in_opens_the_page_and_takes_the_answer(entra, monkeypatch):
    def opened(url):
        link = re.search(r"https?://[^\s\"'<>]+/authorize[^\s\"'<>]+", url)[0]
        with httpx.Client(trust_env=False) as browser:
            entra.sign_in(browser, link, user="rita")

    class Browser(webbrowser.BaseBrowser):
        def open(self, url, *_):
            threading.Thread(target=opened, args=[url]).start()
            return True

    monkeypatch.setattr(webbrowser, "get", lambda *_: Browser())
    monkeypatch.setattr(webbrowser, "open", Browser().open)
    app = msal.PublicClientApplication(ANY_CLIENT, authority=f"{LOGIN}/{entra.tenant}")
    got = app.acquire_token_interactive(ORDERS, timeout=20, login_hint="rita@contoso.example")
    assert claims_of(got["access_token"])["scp"] == "read"
    assert app.acquire_token_silent(ORDERS, app.get_accounts()[0])["token_source"] == "cache"


def test_a_client_assertion_may_be_a_callable_that_is_asked_each_time(entra):
    made = []
    app = entra.app(
        "Deploy", tenant="contoso.example", federated_credentials=[{"issuer": entra.front_url, "subject": "x"}]
    )
    client = msal.ConfidentialClientApplication(
        app.app_id,
        client_credential={"client_assertion": lambda: made.append(1) or "not.a.jwt"},
        authority=f"{LOGIN}/contoso.example",
    )
    got = client.acquire_token_for_client(["https://graph.microsoft.com/.default"])
    assert (got["error_codes"], made) == ([50027], [1])
    assert PASSWORD not in json.dumps(got)

"""``/common/oauth2/nativeclient``: the redirect URI of apps with a browser of their own, and MSAL that waits there."""

from urllib.parse import parse_qsl, urlsplit

import msal
import pytest
import requests
from harness import ANY_CLIENT, LOGIN, UNDECLARED

from mock_idp.directory.default import CONTOSO
from mock_idp.facts.hosts import NATIVE_CLIENT


def test_it_is_an_empty_page_of_every_login_host_and_of_no_other(idp):
    with idp.client() as client:
        page = client.get(f"{NATIVE_CLIENT}?code=c")
        assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert page.text.partition("<body>")[2].strip() == "</body></html>"
        assert client.get("https://login.windows.net/common/oauth2/nativeclient").status_code == 200
        assert client.get("https://graph.microsoft.com/common/oauth2/nativeclient").status_code == 400
        assert client.get(f"{LOGIN}/{CONTOSO.id}/oauth2/nativeclient").status_code == 404
        assert client.post(NATIVE_CLIENT).status_code == 405


@pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended:UserWarning")
@pytest.mark.parametrize("tenant", [CONTOSO.id, UNDECLARED])
def test_msals_public_client_redeems_the_code_of_that_address_without_a_secret(entra, tenant):
    if tenant == CONTOSO.id:
        entra.app("Desk", tenant=tenant, app_id=ANY_CLIENT, public_redirect_uris=[NATIVE_CLIENT])
    app = msal.PublicClientApplication(ANY_CLIENT, authority=f"{LOGIN}/{tenant}")
    flow = app.initiate_auth_code_flow(["User.Read"], redirect_uri=NATIVE_CLIENT)
    with requests.Session() as browser:
        entra.sign_in(browser, flow["auth_uri"], user="rita")
    got = app.acquire_token_by_auth_code_flow(flow, dict(parse_qsl(urlsplit(entra.address).query)))
    assert got["id_token_claims"]["preferred_username"].startswith("rita@")
    assert got["refresh_token"]
    (account,) = app.get_accounts()
    assert app.acquire_token_silent(["User.Read"], account, force_refresh=True)["access_token"]

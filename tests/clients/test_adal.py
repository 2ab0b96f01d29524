"""ADAL for Python, which Microsoft no longer maintains, against the v1.0 endpoints that it knows alone."""

import httpx
import needs
import pytest
from harness import ANY_CLIENT, LOGIN, Forms, claims_of

from mock_idp.directory.default import WEB_APP, WEB_APP_SECRET

adal = needs.python_package("adal")

GRAPH, CALLBACK, RITA = "https://graph.microsoft.com", "http://localhost:5001/callback", "rita@contoso.example"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::SyntaxWarning")


@pytest.fixture
def context(entra):
    return adal.AuthenticationContext(f"{LOGIN}/{entra.tenant}")


def code_of(entra):
    asked = {"client_id": ANY_CLIENT, "response_type": "code", "redirect_uri": CALLBACK, "resource": GRAPH}
    with httpx.Client(trust_env=False, base_url=entra.front_url) as browser:
        page = browser.get(f"/{entra.tenant}/oauth2/authorize", params=asked)
        tile = next(form for form in Forms(page.text).found if ("tile", RITA) in form[2])
        return browser.post(page.url.join(tile[0]), data={**tile[1], "tile": RITA}).next_request.url.params["code"]


def test_a_code_its_refresh_token_and_its_cache(entra, context):
    first = context.acquire_token_with_authorization_code(code_of(entra), CALLBACK, GRAPH, ANY_CLIENT, "any")
    assert first["userId"] == RITA
    again = context.acquire_token_with_refresh_token(first["refreshToken"], ANY_CLIENT, GRAPH, "any")
    assert claims_of(again["accessToken"])["aud"] == GRAPH
    vault = context.acquire_token("https://vault.azure.net", first["userId"], ANY_CLIENT)
    assert claims_of(vault["accessToken"])["aud"] == "https://vault.azure.net"


def test_client_credentials_device_code_and_password(entra, context):
    daemon = context.acquire_token_with_client_credentials(GRAPH, ANY_CLIENT, "any")
    assert claims_of(daemon["accessToken"])["ver"] == "1.0"
    code = context.acquire_user_code(GRAPH, ANY_CLIENT)
    entra.approve_device(code["user_code"], user="rita")
    assert context.acquire_token_with_device_code(GRAPH, code, ANY_CLIENT)["userId"] == RITA
    assert context.acquire_token_with_username_password(GRAPH, RITA, "any", ANY_CLIENT)["userId"] == RITA


def test_a_password_asks_for_the_realm_first(entra, context):
    assert context.acquire_token_with_username_password(GRAPH, RITA, "any", ANY_CLIENT)["userId"] == RITA
    assert entra.journal.last("user_realm").path == f"/common/UserRealm/{RITA}"


def test_a_refusal_has_entras_number(entra):
    strict = adal.AuthenticationContext(f"{LOGIN}/contoso.example")
    with pytest.raises(adal.AdalError) as refused:
        strict.acquire_token_with_client_credentials(GRAPH, WEB_APP.app_id, "wrong")
    assert refused.value.error_response["error_codes"] == [7000215]
    assert strict.acquire_token_with_client_credentials(GRAPH, WEB_APP.app_id, WEB_APP_SECRET)["tokenType"] == "Bearer"

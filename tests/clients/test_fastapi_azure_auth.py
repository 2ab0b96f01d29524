"""fastapi-azure-auth as it is: a single-tenant and a multi-tenant API."""

import needs
import pytest
from fastapi import FastAPI, Security
from starlette.testclient import TestClient

auth = needs.python_package("fastapi_azure_auth")


CLIENT = "22222222-1111-4111-8111-000000000001"
SCOPES = {f"api://{CLIENT}/read": "Read"}

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def api(scheme):
    """An API that says whose token it was called with."""
    app = FastAPI()

    @app.get("/me")
    def me(user=Security(scheme, scopes=["read"])):  # noqa: B008 - FastAPI's way
        return {"name": user.preferred_username, "tenant": user.tid}

    return TestClient(app)


def token(entra, **changed):
    return entra.token("rita", **{"audience": CLIENT, "scopes": ["read"], "version": 2, **changed})


def test_a_single_tenant_api_knows_its_own_people_and_nobody_else(entra):
    client = api(auth.SingleTenantAzureAuthorizationCodeBearer(CLIENT, tenant_id=entra.tenant, scopes=SCOPES))
    answer = client.get("/me", headers=token(entra).header)
    assert answer.json() == {"name": "rita@contoso.example", "tenant": entra.tenant}
    for wrong in ({"tenant": "northwind.example"}, {"expires_in": -400}, {"audience": "api://other"}):
        assert client.get("/me", headers=token(entra, **wrong).header).status_code == 401
    assert client.get("/me", headers=token(entra, scopes=["write"]).header).status_code == 403


@pytest.mark.parametrize("validated", [True, False])
def test_a_multi_tenant_api_knows_the_tenants_that_it_lists(entra, validated):
    known = entra.token("rita", audience=CLIENT, tenant="northwind.example").claims["tid"]

    async def issuer_of(tid):
        if tid != known:
            raise ValueError(tid)
        return f"https://login.microsoftonline.com/{tid}/v2.0"

    options = {"validate_iss": True, "iss_callable": issuer_of} if validated else {"validate_iss": False}
    client = api(auth.MultiTenantAzureAuthorizationCodeBearer(CLIENT, scopes=SCOPES, **options))
    there = client.get("/me", headers=token(entra, tenant="northwind.example").header)
    assert there.json() == {"name": "rita@contoso.example", "tenant": known}
    assert client.get("/me", headers=token(entra).header).status_code == (400 if validated else 200)

"""azure-identity as it is, in both its kinds; device codes and passwords stand beside the grants, in `tests/flows`."""

import asyncio

import azure.identity
import azure.identity.aio
import httpx
import pytest
from assertions import identity, issuer
from azure.core.exceptions import ClientAuthenticationError
from harness import ANY_CLIENT, Forms, claims_of

from mock_idp.directory.default import API

GRAPH = "https://graph.microsoft.com/.default"
CALLBACK = "http://localhost:5001/callback"
SUBJECT = "system:serviceaccount:shop:web"

pytestmark = pytest.mark.leaves_open


@pytest.fixture(scope="module")
def ours():
    return identity("azure-identity")


@pytest.fixture
def client(entra, ours):
    """A registration in Contoso that proves itself in every way."""
    return entra.app(
        "Nightly", tenant="contoso.example", secret="right", certificates=[ours.pem], redirect_uris=[CALLBACK],
        required_resources=[],
    )  # fmt: skip


@pytest.fixture(params=["sync", "async"])
def token_of(request):
    """A credential's token: of the class of this name, in both kinds."""

    def sync(name, *arguments, scope=GRAPH, options=(), **keywords):
        with getattr(azure.identity, name)(*arguments, **keywords) as credential:
            return claims_of(credential.get_token(scope, **dict(options)).token)

    async def asked(name, *arguments, scope=GRAPH, options=(), **keywords):
        async with getattr(azure.identity.aio, name)(*arguments, **keywords) as credential:
            return claims_of((await credential.get_token(scope, **dict(options))).token)

    return sync if request.param == "sync" else lambda *given, **named: asyncio.run(asked(*given, **named))


@pytest.fixture
def pem(ours, tmp_path):
    file = tmp_path / "client.pem"
    file.write_text(ours.private_pem + ours.pem)
    return file


def test_a_secret(token_of, entra, client):
    got = token_of("ClientSecretCredential", "contoso.example", client.app_id, "right")
    assert (got["appid"], got["appidacr"]) == (client.app_id, "1")
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
        token_of("ClientSecretCredential", "contoso.example", client.app_id, "wrong")


@pytest.mark.parametrize("chain", [False, True])
def test_a_certificate_with_its_chain_and_without(token_of, client, pem, chain):
    got = token_of("CertificateCredential", "contoso.example", client.app_id, str(pem), send_certificate_chain=chain)
    assert (got["appid"], got["appidacr"]) == (client.app_id, "2")


def test_somebody_elses_token_as_assertion_and_as_a_workloads_file(token_of, entra, client, ours, tmp_path):
    with issuer(ours) as other:
        trusted = [{"issuer": other.url, "subject": SUBJECT}]
        entra.app("Nightly", tenant="contoso.example", federated_credentials=trusted)
        token = other.token(SUBJECT)
        got = token_of("ClientAssertionCredential", "contoso.example", client.app_id, lambda: token)
        assert got["appidacr"] == "2"
        file = tmp_path / "token"
        file.write_text(token)
        options = {"tenant_id": "contoso.example", "client_id": client.app_id, "token_file_path": str(file)}
        assert token_of("WorkloadIdentityCredential", **options)["appid"] == client.app_id


def test_the_user_is_acted_for(token_of, entra):
    token = entra.token("rita", audience=f"api://{ANY_CLIENT}", scopes=["read"])
    got = token_of(
        "OnBehalfOfCredential", entra.tenant, ANY_CLIENT, client_secret="any", user_assertion=str(token),
        scope="https://graph.microsoft.com/User.Read",
    )  # fmt: skip
    assert (got["unique_name"], got["appid"]) == ("rita@contoso.example", ANY_CLIENT)


def test_a_code(token_of, entra):
    asked = {"client_id": ANY_CLIENT, "response_type": "code", "redirect_uri": CALLBACK, "scope": "User.Read"}
    with httpx.Client(trust_env=False, base_url=entra.front_url) as browser:
        page = browser.get(f"/{entra.tenant}/oauth2/v2.0/authorize", params=asked)
        user = "rita@contoso.example"
        tile = next(form for form in Forms(page.text).found if ("tile", user) in form[2])
        code = browser.post(page.url.join(tile[0]), data={**tile[1], "tile": user}).next_request.url.params["code"]
    options = {"client_secret": "any", "scope": "https://graph.microsoft.com/User.Read"}
    got = token_of("AuthorizationCodeCredential", entra.tenant, ANY_CLIENT, code, CALLBACK, **options)
    assert got["unique_name"] == user


@pytest.mark.parametrize("name", ["EnvironmentCredential", "DefaultAzureCredential"])
def test_the_environment_says_who_asks(token_of, client, pem, monkeypatch, name):
    monkeypatch.setenv("AZURE_TENANT_ID", "contoso.example")
    monkeypatch.setenv("AZURE_CLIENT_ID", client.app_id)
    with monkeypatch.context() as patch:
        patch.setenv("AZURE_CLIENT_CERTIFICATE_PATH", str(pem))
        assert token_of(name)["appidacr"] == "2"
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "right")
    assert token_of(name)["appidacr"] == "1"


def test_a_chain_goes_on_to_who_can(token_of, client, monkeypatch):
    kind = azure.identity if token_of.__name__ == "sync" else azure.identity.aio
    chain = [kind.EnvironmentCredential(), kind.ClientSecretCredential("contoso.example", client.app_id, "right")]
    assert token_of("ChainedTokenCredential", *chain)["appid"] == client.app_id


def test_another_tenant_and_more_claims_may_be_asked_for(token_of, entra):
    options = {
        "tenant_id": entra.tenant,
        "claims": '{"access_token":{"xms_cc":{"values":["CP1"]}}}',
        "enable_cae": True,
    }
    got = token_of(
        "ClientSecretCredential", "northwind.example", ANY_CLIENT, "any", options=options.items(),
        additionally_allowed_tenants=["*"],
    )  # fmt: skip
    assert got["tid"] == entra.tenant


def test_the_api_of_the_demo_knows_the_application(token_of, client):
    got = token_of("ClientSecretCredential", "contoso.example", client.app_id, "right", scope=f"{API.app_id}/.default")
    assert (got["aud"], got["azp"]) == (API.app_id, client.app_id)

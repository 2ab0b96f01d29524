"""How clients prove themselves, method by platform; and the libraries that do it, unchanged."""

import base64
import json

import msal
import pytest
from acme import ACME_ID, API_URI, BOB, CLIENT, SECRET, granted
from assertions import TYPE, Identity, claims_for, identity, issuer
from azure.identity import CertificateCredential, ClientAssertionCredential, WorkloadIdentityCredential
from cryptography.hazmat.primitives.hashes import SHA1
from harness import LOGIN, REDIRECT, VERIFIER, claims_of, error_of, query_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_idp import MockEntra, UserError
from mock_idp.directory.models import FederatedCredential, RedirectUri
from mock_idp.endpoints.token.client_auth import METHODS

URL = f"{LOGIN}/{ACME_ID}/oauth2/v2.0/token"
ORDERS = "api://orders/.default"
GITHUB = "https://token.actions.githubusercontent.com"
REPOSITORY = "repo:contoso/shop:ref:refs/heads/main"


@pytest.fixture(scope="session")
def ours() -> Identity:
    return identity()


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def assertion(who: Identity, client_id: str = CLIENT.app_id, endpoint: str = URL) -> dict[str, str]:
    header = {"alg": "PS256", "typ": "JWT", "x5t#S256": who.x5t_s256}
    return {"client_assertion_type": TYPE, "client_assertion": who.sign(claims_for(client_id, endpoint), header)}


class TestByPlatform:
    """A web app has to prove itself, a single page and a native app must not."""

    def redeem(self, acme, platform: str, proof: dict[str, str], headers: dict[str, str]) -> tuple[int, int]:
        """Sign in by a redirect URI of a platform, and redeem the code: status, and the error's number or azpacr."""
        acme.change(CLIENT, redirect_uris=(RedirectUri(uri=REDIRECT, platform=platform),))
        acme.declare(grants=(granted("data.read"),))
        with acme.browser() as browser:
            code = query_of(acme.sign_in(browser, BOB))["code"]
        body = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER,
            "client_id": CLIENT.app_id, **proof,
        }  # fmt: skip
        if platform == "spa":
            headers = {**headers, "Origin": "http://localhost:5001"}
        with acme.idp.client() as client:
            answer = client.post(URL, data=body, headers=headers)
        if answer.status_code == 200:
            return 200, int(claims_of(answer.json()["access_token"])["azpacr"])
        return answer.status_code, error_of(answer)[2]

    @pytest.mark.parametrize(
        ("platform", "how", "expected"),
        [
            ("web", "nothing", (401, 7000218)),
            ("web", "secret", (200, 1)),
            ("web", "basic", (200, 1)),
            ("web", "both", (200, 1)),
            ("web", "certificate", (200, 2)),
            ("web", "wrong", (401, 7000215)),
            ("web", "wrong basic", (401, 7000215)),
            ("spa", "nothing", (200, 0)),
            ("spa", "secret", (401, 700025)),
            ("spa", "basic", (401, 700025)),
            ("spa", "certificate", (401, 700025)),
            ("publicClient", "nothing", (200, 0)),
            ("publicClient", "secret", (401, 700025)),
            ("publicClient", "certificate", (401, 700025)),
        ],
    )
    def test_each_platform_takes_its_own_proofs(self, acme, ours, platform, how, expected):
        acme.change(CLIENT, certificates=(ours.credential,))
        proofs = {
            "secret": {"client_secret": SECRET},
            "both": {"client_secret": SECRET},
            "wrong": {"client_secret": "x"},
            "certificate": assertion(ours),
        }
        headers = {
            "basic": basic(CLIENT.app_id, SECRET),
            "both": basic(CLIENT.app_id, SECRET),
            "wrong basic": basic(CLIENT.app_id, "x"),
        }
        assert self.redeem(acme, platform, proofs.get(how, {}), headers.get(how, {})) == expected

    def test_of_two_secrets_the_one_in_the_header_counts(self, acme):
        body = {"grant_type": "client_credentials", "scope": f"{API_URI}/.default"}
        with acme.idp.client() as client:
            good = client.post(URL, data={**body, "client_secret": "x"}, headers=basic(CLIENT.app_id, SECRET))
            bad = client.post(URL, data={**body, "client_secret": SECRET}, headers=basic(CLIENT.app_id, "x"))
        assert good.status_code == 200
        assert error_of(bad) == (401, "invalid_client", 7000215)

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(alphabet=st.characters(codec="latin-1", min_codepoint=32, exclude_characters="\x7f"), max_size=40))
    def test_no_authorization_header_gets_in_by_chance(self, acme, text):
        body = {"grant_type": "client_credentials", "scope": f"{API_URI}/.default", "client_id": CLIENT.app_id}
        with acme.idp.client() as client:
            answer = client.post(URL, data=body, headers={"Authorization": f"Basic x{text}x".encode("latin-1")})
        assert answer.status_code in (400, 401)


def test_every_method_says_what_it_is_and_where_that_is_written():
    assert [method.name for method in METHODS] == ["client secret", "certificate", "federated credential"]
    for method in METHODS:
        assert method.about
        assert method.source.startswith("ED:")
        assert method.proof in ("1", "2")


class TestMsal:
    """An application of an otherwise undeclared tenant, so that nothing but its certificate is right."""

    def ask(self, entra: MockEntra, client_id: str, credential: object) -> dict:
        app = msal.ConfidentialClientApplication(
            client_id, authority=f"{LOGIN}/{entra.tenant}", client_credential=credential
        )
        return app.acquire_token_for_client([ORDERS])

    def test_a_certificate_in_each_way_that_it_can_be_given(self, entra, ours):
        app = entra.app("Nightly", certificates=[ours.pem])
        thumbprint = ours.certificate.fingerprint(SHA1()).hex()
        for credential in (
            {"private_key": ours.private_pem, "public_certificate": ours.pem},
            {"private_key": ours.private_pem, "thumbprint": thumbprint},
            {"private_key": ours.private_pem, "thumbprint": thumbprint, "public_certificate": ours.pem},
        ):
            found = self.ask(entra, app.app_id, credential)
            assert "access_token" in found, found
            assert claims_of(found["access_token"])["appidacr"] == "2"
            assert entra.journal.last("token").about["client_auth"] == "certificate"

    def test_a_certificate_that_is_not_registered(self, entra, ours):
        stranger = identity()
        app = entra.app("Nightly", certificates=[ours.pem])
        credential = {"private_key": stranger.private_pem, "public_certificate": stranger.pem}
        found = self.ask(entra, app.app_id, credential)
        assert (found["error"], found["error_codes"]) == ("invalid_client", [700027])

    def test_an_assertion_made_elsewhere(self, entra, ours):
        endpoint = f"{LOGIN}/{entra.tenant}/oauth2/v2.0/token"
        app = entra.app("Nightly", certificates=[ours.pem])
        made = {"client_assertion": lambda: assertion(ours, app.app_id, endpoint)["client_assertion"]}
        assert "access_token" in self.ask(entra, app.app_id, made)


class TestAzureIdentity:
    def test_certificate_credential(self, entra, ours, tmp_path):
        app = entra.app("Nightly", certificates=[ours.pem])
        pem = ours.private_pem + ours.pem
        (tmp_path / "client.pem").write_text(pem)
        for options in (
            {"certificate_data": pem.encode()},
            {"certificate_path": str(tmp_path / "client.pem"), "send_certificate_chain": True},
        ):
            with CertificateCredential(entra.tenant, app.app_id, **options) as credential:
                assert claims_of(credential.get_token(ORDERS).token)["appidacr"] == "2"

    def test_client_assertion_credential_with_keys_that_are_declared(self, entra, ours):
        app = entra.app(
            "Deploy", federated_credentials=[{"issuer": GITHUB, "subject": REPOSITORY, "keys": {"keys": [ours.jwk]}}]
        )
        claims = claims_for(REPOSITORY, "api://AzureADTokenExchange", iss=GITHUB)
        token = ours.sign(claims, {"alg": "RS256", "typ": "JWT", "kid": ours.x5t})
        with ClientAssertionCredential(entra.tenant, app.app_id, lambda: token) as credential:
            assert claims_of(credential.get_token(ORDERS).token)["appidacr"] == "2"
        assert entra.journal.last("token").about["client_auth"] == "federated credential"

    def test_workload_identity_credential_with_keys_that_are_fetched(self, entra, ours, tmp_path):
        with issuer(ours) as external:
            subject = "system:serviceaccount:shop:web"
            app = entra.app("Web", federated_credentials=[{"issuer": external.url, "subject": subject}])
            (tmp_path / "token").write_text(external.token(aud=["api://AzureADTokenExchange"]))
            asked = {"tenant_id": entra.tenant, "client_id": app.app_id, "token_file_path": str(tmp_path / "token")}
            with WorkloadIdentityCredential(**asked) as credential:
                assert claims_of(credential.get_token(ORDERS).token)["appidacr"] == "2"
            assert external.asked == ["/.well-known/openid-configuration", "/keys"]

    def test_in_an_undeclared_tenant_any_will_do(self, entra, ours):
        pem = (ours.private_pem + ours.pem).encode()
        with CertificateCredential(entra.tenant, "11111111-2222-4333-8444-555555555555", certificate_data=pem) as any_:
            assert claims_of(any_.get_token(ORDERS).token)["appidacr"] == "2"
        assert "nobody declared a certificate" in " ".join(entra.journal.last("token").notes)


class TestDeclaring:
    """``entra.app(…)`` takes certificates and federated credentials as they are at hand."""

    def test_a_certificate_as_text_bytes_der_or_path(self, entra, ours, tmp_path):
        (tmp_path / "both.pem").write_text(ours.private_pem + ours.pem)
        (tmp_path / "client.cer").write_bytes(ours.der)
        for given_ in (ours.pem, ours.pem.encode(), ours.der, tmp_path / "both.pem", tmp_path / "client.cer"):
            assert entra.app("X", certificates=[given_]).certificates == (ours.credential,)
            assert entra.app("X", certificate=given_).certificates == (ours.credential,)
        assert entra.app("X", certificates=[ours.credential._replace(ends_at=1)]).certificates[0].ends_at == 1

    def test_what_is_no_certificate_is_told(self, entra, ours):
        for wrong in ("client.pem", b"x", 5, ours.private_pem):
            with pytest.raises(UserError) as mistake:
                entra.app("X", certificates=[wrong])
            assert len(str(mistake.value).splitlines()) == 3
            assert "PEM" in str(mistake.value)

    def test_a_federated_credential_as_a_mapping(self, entra):
        app = entra.app("X", federated_credentials=[{"issuer": GITHUB, "subject": REPOSITORY, "audiences": ["a"]}])
        expected = FederatedCredential(name=REPOSITORY, issuer=GITHUB, subject=REPOSITORY, audiences=("a",))
        assert app.federated_credentials == (expected,)
        assert entra.app("Y", federated_credential=expected).federated_credentials == (expected,)

    @pytest.mark.parametrize("wrong", [{"issuer": GITHUB}, "x", {"issuer": GITHUB, "subject": "x", "audience": "y"}])
    def test_what_is_none_is_told(self, entra, wrong):
        with pytest.raises(UserError) as mistake:
            entra.app("X", federated_credentials=[wrong])
        assert len(str(mistake.value).splitlines()) == 3


def test_a_directory_file_declares_both(tmp_path, ours, make_entra):
    (tmp_path / "client.pem").write_text(ours.pem)
    (tmp_path / "keys.json").write_text(json.dumps({"keys": [ours.jwk]}))
    file = tmp_path / "mock-idp.toml"
    file.write_text(f"""
[[tenants]]
domains = ["shop.example"]

[[tenants.applications]]
displayName = "Nightly"
keyCredentials = [{{ file = "client.pem" }}]

[[tenants.applications.federatedIdentityCredentials]]
issuer = "{GITHUB}"
subject = "{REPOSITORY}"
keys = "keys.json"
""")
    app = make_entra(directory=file).app("Nightly")
    assert app.certificates == (ours.credential,)
    (credential,) = app.federated_credentials
    assert (credential.issuer, credential.subject, credential.keys) == (GITHUB, REPOSITORY, {"keys": [ours.jwk]})


@pytest.mark.parametrize("held", ["", "[]", "{}", '{"keys": 1}', "\N{BULLET}"])
def test_a_file_that_holds_no_keys_is_told(tmp_path, held, make_entra):
    (tmp_path / "keys.json").write_text(held)
    file = tmp_path / "mock-idp.toml"
    credential = f'[{{ issuer = "{GITHUB}", subject = "x", keys = "keys.json" }}]'
    file.write_text(f"""
[[tenants]]
domains = ["shop.example"]
applications = [{{ displayName = "A", federatedIdentityCredentials = {credential} }}]
""")
    with pytest.raises(UserError, match="is no JWKS"):
        make_entra(directory=file)

"""Clients that prove themselves by an assertion, which another library signed: their own, or another issuer's."""

import re
import ssl
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from acme import ACME_ID, API_URI, BOB, CLIENT, SECRET
from assertions import TYPE, Identity, b64url, claims_for, identity, issuer, unsigned, with_secret
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from harness import ANY_CLIENT, LOGIN, UNDECLARED, WRONG_GUID, claims_of, error_of
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mock_idp.directory.models import FederatedCredential, KeyCredential
from mock_idp.exchange import NotYet
from mock_idp.runtime.issuers import Issuers

ENDPOINT = f"{LOGIN}/{ACME_ID}/oauth2/v2.0/token"
SUBJECT = "system:serviceaccount:shop:web"


@pytest.fixture(scope="session")
def ours() -> Identity:
    return identity("registered")


@pytest.fixture(scope="session")
def theirs() -> Identity:
    return identity("a stranger's")


@pytest.fixture
def client(acme, ours):
    """The client with a certificate and nothing else."""
    acme.change(CLIENT, secrets=(), certificates=(ours.credential,))
    return acme


def header(who: Identity, **changed) -> dict:
    found = {"alg": "PS256", "typ": "JWT", "x5t#S256": who.x5t_s256, **changed}
    return {name: value for name, value in found.items() if value is not None}


def made(who: Identity, changed_header: dict | None = None, *, by: Identity | None = None, **changed) -> str:
    return (by or who).sign(claims_for(CLIENT.app_id, ENDPOINT, **changed), header(who, **(changed_header or {})))


def send(acme, assertion: str | None, tenant: str = ACME_ID, **body):
    proof = {"client_secret": None, "client_assertion": assertion, "client_assertion_type": TYPE}
    return acme.app_token(**{"tenant": tenant, **proof, **body})


def hint(acme) -> str:
    return acme.entra.journal.entries[-1].hint


class TestCertificate:
    @pytest.mark.parametrize("algorithm", ["PS256", "RS256"])
    @pytest.mark.parametrize("named", ["x5t#S256", "x5t", "both", "kid"])
    def test_an_assertion_by_a_registered_certificate_proves_the_client(self, client, ours, algorithm, named):
        names = {"x5t#S256": ours.x5t_s256, "x5t": ours.x5t, "kid": ours.x5t}
        chosen = ["x5t", "x5t#S256"] if named == "both" else [named]
        found = {"x5t#S256": None, **{name: names[name] for name in chosen}}
        answer = send(client, made(ours, {"alg": algorithm, **found}))
        assert answer.status_code == 200, answer.text
        assert claims_of(answer.json()["access_token"])["azpacr"] == "2"
        assert client.entra.journal.entries[-1].about["client_auth"] == "certificate"

    def test_with_the_certificate_itself_in_the_header(self, client, ours):
        assert send(client, made(ours, {"x5c": [ours.x5c]})).status_code == 200
        lines = "".join(ours.pem.splitlines(keepends=True)[1:-1])  # as MSAL Python sends it
        assert send(client, made(ours, {"x5c": [lines, "anything"]})).status_code == 200

    def test_of_several_certificates_the_one_that_is_named_counts(self, acme, ours, theirs):
        unreadable = KeyCredential(certificate="AAAA")
        acme.change(CLIENT, certificates=(unreadable, theirs.credential, ours.credential))
        assert send(acme, made(ours)).status_code == send(acme, made(theirs)).status_code == 200

    def test_it_comes_again_until_it_expires_as_msal_sends_it(self, client, ours):
        assertion = made(ours)
        assert [send(client, assertion).status_code for _ in range(2)] == [200, 200]

    def test_a_code_and_a_refresh_token_are_redeemed_with_it(self, acme, ours):
        acme.change(CLIENT, certificates=(ours.credential,))
        refresh_token = acme.tokens(BOB)["refresh_token"]
        proof = {"client_secret": None, "client_assertion": made(ours), "client_assertion_type": TYPE}
        answer = acme.refresh(refresh_token, **proof)
        assert claims_of(answer.json()["access_token"])["azpacr"] == "2"
        assert error_of(acme.refresh(refresh_token, client_secret=None)) == (401, "invalid_client", 7000218)

    def test_a_version_1_token_says_it_too(self, client, ours):
        answer = send(client, made(ours), resource="https://graph.microsoft.com")
        assert answer.status_code == 200, answer.text
        assert claims_of(answer.json()["access_token"])["appidacr"] == "2"

    @pytest.mark.parametrize(
        "audience",
        [
            ENDPOINT,
            f"{LOGIN}/{ACME_ID}/oauth2/token",
            f"{LOGIN}/acme.example/oauth2/v2.0/token",
            f"{LOGIN}/acme.test/oauth2/v2.0/token",
            f"https://login.windows.net/{ACME_ID}/oauth2/v2.0/token",
            f"https://westus2.login.microsoft.com/{ACME_ID}/oauth2/v2.0/token",
            f"{LOGIN}/{ACME_ID}/v2.0",
            f"https://sts.windows.net/{ACME_ID}/",
            [ENDPOINT],
        ],
    )
    def test_its_audience_is_the_token_endpoint_by_any_name_or_the_issuer(self, client, ours, audience):
        assert send(client, made(ours, aud=audience)).status_code == 200

    @pytest.mark.parametrize(
        "audience",
        [
            LOGIN,
            f"{LOGIN}/{ACME_ID}",
            f"{LOGIN}/{ACME_ID}/oauth2/v2.0/authorize",
            f"{LOGIN}/common/oauth2/v2.0/token",
            f"{LOGIN}/{WRONG_GUID}/oauth2/v2.0/token",
            f"https://evil.example/{ACME_ID}/oauth2/v2.0/token",
            f"http://login.microsoftonline.com/{ACME_ID}/oauth2/v2.0/token",
            f"https://user@login.microsoftonline.com/{ACME_ID}/oauth2/v2.0/token",
            f"{ENDPOINT}?x=1",
            f"{ENDPOINT}#x",
            [ENDPOINT, "https://evil.example"],
            "api://AzureADTokenExchange",
            "https://[",
        ],
    )
    def test_any_other_audience_is_refused(self, client, ours, audience):
        assert error_of(send(client, made(ours, aud=audience))) == (401, "invalid_client", 700023)
        assert ENDPOINT in hint(client)

    def test_the_name_of_the_front_channel_counts_where_it_was_asked(self, client, ours):
        asked = f"{client.idp.front_url}/{ACME_ID}/oauth2/v2.0/token"
        body = {
            "grant_type": "client_credentials", "scope": f"{API_URI}/.default", "client_id": CLIENT.app_id,
            "client_assertion_type": TYPE, "client_assertion": made(ours, aud=asked),
        }  # fmt: skip
        with client.idp.browser() as browser:
            assert browser.post(asked, data=body).status_code == 200
        assert error_of(send(client, body["client_assertion"])) == (401, "invalid_client", 700023)

    @pytest.mark.parametrize(
        ("changed", "expected"),
        [
            ({"iss": None}, (400, "invalid_request", 90014)),
            ({"sub": None}, (400, "invalid_request", 90014)),
            ({"aud": None}, (400, "invalid_request", 90014)),
            ({"jti": None}, (400, "invalid_request", 90014)),
            ({"aud": []}, (400, "invalid_request", 50027)),
            ({"aud": [1]}, (400, "invalid_request", 50027)),
            ({"iss": 1}, (400, "invalid_request", 50027)),
            ({"sub": WRONG_GUID}, (401, "invalid_client", 50048)),
            ({"iss": WRONG_GUID}, (401, "invalid_client", 50048)),
            ({"iss": WRONG_GUID, "sub": WRONG_GUID}, (401, "invalid_client", 700021)),
            ({"exp": None}, (401, "invalid_client", 700024)),
            ({"exp": 1}, (401, "invalid_client", 700024)),
            ({"exp": -1e300}, (401, "invalid_client", 700024)),
            ({"exp": 1_700_000_000.5}, (401, "invalid_client", 700024)),
            ({"exp": "tomorrow"}, (400, "invalid_request", 50027)),
            ({"exp": True}, (400, "invalid_request", 50027)),
            ({"nbf": 4_000_000_000}, (401, "invalid_client", 700024)),
            ({"nbf": 1e300}, (401, "invalid_client", 700024)),
            ({"nbf": "now"}, (400, "invalid_request", 50027)),
        ],
        ids=str,
    )
    def test_what_it_says_has_to_be_right(self, client, ours, changed, expected):
        assert error_of(send(client, made(ours, **changed))) == expected
        assert len(hint(client)) > 30

    def test_a_long_life_is_the_clients_affair_and_nbf_may_be_missing(self, client, ours):
        assert send(client, made(ours, exp=int(time.time()) + 10**9, nbf=None)).status_code == 200
        assert send(client, made(ours, exp=1e300)).status_code == 200
        assert send(client, made(ours, nbf=time.time() + 60.5)).status_code == 200

    def test_the_times_are_told_as_entra_tells_them(self, client, ours, clock):
        clock.seconds = 1_733_573_358
        answer = send(client, made(ours, nbf=None, exp=1_733_570_058))
        assert answer.json()["error_description"].startswith(
            "AADSTS700024: Client assertion is not within its valid time range. Current time: "
            "2024-12-07T12:09:18.0000000Z, assertion valid from 1970-01-01T00:00:00.0000000Z, expiry time of assertion "
            "2024-12-07T11:14:18.0000000Z. Review the documentation at "
            "https://learn.microsoft.com/entra/identity-platform/certificate-credentials . Trace ID: "
        )
        assert "clock was moved" in hint(client)

    @pytest.mark.parametrize(
        ("changed", "expected"),
        [
            ({"x5t#S256": None}, (401, "invalid_client", 5002723)),
            ({"x5t#S256": ""}, (401, "invalid_client", 5002723)),
            ({"typ": "at+jwt"}, (400, "invalid_request", 5002727)),
            ({"typ": None}, None),
            ({"alg": "RS384"}, (401, "invalid_client", 5002738)),
            ({"alg": "PS512"}, (401, "invalid_client", 5002738)),
            ({"x5c": []}, (400, "invalid_request", 50027)),
            ({"x5c": ["AAAA"]}, (400, "invalid_request", 50027)),
            ({"x5t": "AAAA"}, (401, "invalid_client", 700027)),
            ({"x5t#S256": "AAAA"}, (401, "invalid_client", 700027)),
            ({"x5t#S256": "ü!"}, (401, "invalid_client", 700027)),
            ({"x5t#S256": None, "kid": "my key"}, (401, "invalid_client", 700027)),
        ],
        ids=str,
    )
    def test_its_header_has_to_be_right(self, client, ours, changed, expected):
        answer = send(client, made(ours, changed))
        assert answer.status_code == 200 if expected is None else error_of(answer) == expected

    @pytest.mark.parametrize(
        "changed", [{"x5t#S256": 1}, {"x5c": "x"}, {"x5c": [1]}, {"alg": 1}, {"crit": []}], ids=str
    )
    def test_members_of_another_type_are_malformed(self, client, ours, changed):
        text = unsigned(claims_for(CLIENT.app_id, ENDPOINT), header(ours, **changed)) + "AA"
        assert error_of(send(client, text)) == (400, "invalid_request", 50027)

    @pytest.mark.parametrize("changed", [{"alg": "\ud800"}, {"x5t#S256": None, "kid": "\ud800"}], ids=ascii)
    def test_half_a_character_is_malformed(self, client, ours, changed):
        text = unsigned(claims_for(CLIENT.app_id, ENDPOINT), header(ours, **changed)) + "AA"
        assert error_of(send(client, text)) == (400, "invalid_request", 50027)

    def test_a_certificate_whose_subject_cannot_be_read_is_none(self, client, theirs):
        name = theirs.certificate.subject.rfc4514_string().removeprefix("CN=").encode()
        der = theirs.der.replace(name, b"\xff" * len(name))
        changed = {"x5t#S256": b64url(sha256(der).digest()), "x5c": [b64encode(der).decode()]}
        assert error_of(send(client, made(theirs, changed))) == (400, "invalid_request", 50027)

    def test_a_certificate_that_is_not_registered_is_told_by_its_thumbprint(self, client, ours, theirs):
        answer = send(client, made(theirs, {"x5t": theirs.x5t, "x5t#S256": None}))
        assert error_of(answer) == (401, "invalid_client", 700027)
        thumbprint = theirs.certificate.fingerprint(SHA1()).hex().upper()
        assert answer.json()["error_description"].startswith(
            "AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on "
            f"application. [Reason - The key was not found., Thumbprint of key used by client: '{thumbprint}', Please "
            f"visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id "
            f"'{CLIENT.app_id}'. Review the documentation at "
        )
        assert ours.certificate.fingerprint(SHA1()).hex().upper() in hint(client)
        send(client, made(theirs))  # which names it by SHA-256, as MSAL does
        assert f"registered (SHA-256): {ours.certificate.fingerprint(SHA256()).hex().upper()}." in hint(client)

    def test_neither_a_strangers_key_nor_a_strangers_certificate_helps(self, client, ours, theirs):
        for assertion in (
            made(ours, by=theirs),
            made(ours, {"x5c": [ours.x5c]}, by=theirs),
            made(theirs, {"x5c": [theirs.x5c]}),
            made(ours, {"alg": "RS256"}, by=theirs),
        ):
            assert error_of(send(client, assertion)) == (401, "invalid_client", 700027)
        swapped = made(ours, {"x5c": [theirs.x5c]}, by=theirs)
        assert error_of(send(client, swapped)) == (400, "invalid_request", 50027)

    def test_a_wrong_signature_says_which_key_was_tried(self, client, ours, theirs):
        text = send(client, made(ours, by=theirs)).json()["error_description"]
        assert re.search(
            r"AADSTS700027: Client assertion contains an invalid signature\. \[Reason - The provided signature value "
            r"did not match the expected signature value\., Thumbprint of key used by client: '[0-9A-F]{64}', Found "
            r"key 'Start=\d\d/\d\d/\d{4} \d\d:\d\d:\d\d, End=\d\d/\d\d/\d{4} \d\d:\d\d:\d\d', Please visit",
            text,
        )

    @pytest.mark.parametrize("when", [{"days": 1, "starts": -2}, {"days": 30, "starts": 2}], ids=["past", "to come"])
    def test_a_certificate_out_of_its_time_is_refused(self, acme, when):
        who = identity(**when)
        acme.change(CLIENT, certificates=(who.credential,))
        assert error_of(send(acme, made(who))) == (401, "invalid_client", 700027)
        assert "[Reason - The key used is expired.," in acme.entra.journal.entries[-1].message
        assert error_of(send(acme, made(who, {"x5c": [who.x5c]}))) == (401, "invalid_client", 1000502)

    def test_a_registration_may_end_before_its_certificate(self, acme, ours):
        acme.change(CLIENT, certificates=(ours.credential._replace(ends_at=int(time.time()) - 1),))
        assert error_of(send(acme, made(ours))) == (401, "invalid_client", 700027)

    def test_a_certificate_of_another_kind_of_key_cannot_sign(self, acme):
        who = identity(curve=True)
        acme.change(CLIENT, certificates=(who.credential,))
        assertion = identity().sign(claims_for(CLIENT.app_id, ENDPOINT), header(who))
        assert error_of(send(acme, assertion)) == (400, "invalid_request", 5002730)
        assert error_of(send(acme, made(who, {"alg": "ES256"}))) == (401, "invalid_client", 5002738)

    def test_an_unsigned_one_and_one_with_the_certificate_as_a_secret_are_refused(self, client, ours):
        claims = claims_for(CLIENT.app_id, ENDPOINT)
        for algorithm in ("none", "None", "NONE", ""):
            bare = unsigned(claims, header(ours, alg=algorithm))
            assert error_of(send(client, bare)) == (401, "invalid_client", 5002738)
        for algorithm in ("PS256", "RS256"):
            bare = unsigned(claims, header(ours, alg=algorithm))
            assert error_of(send(client, bare)) == (401, "invalid_client", 700027)
        for secret in (ours.pem.encode(), ours.der):
            forged = with_secret(claims, header(ours, alg="HS256"), secret)
            assert error_of(send(client, forged)) == (401, "invalid_client", 5002738)
        assert "'HS256' is not a supported signature algorithm." in client.entra.journal.entries[-1].message

    @pytest.mark.parametrize(
        "text",
        ["x", "x.y", "x.y.z", "e30.e30.", "e30.e30.AA.AA", "W10.e30.AA", "a b.c.d", "eyJhIjoxfQ.eyJhIjoxfQ"],
    )
    def test_what_is_no_jwt_is_told_so(self, client, text):
        answer = send(client, text)
        assert answer.status_code in (400, 401)
        assert error_of(answer)[2] in (50027, 5002723)

    def test_the_type_has_to_come_and_to_be_the_one(self, client, ours):
        saml = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"
        for kind, expected in ((None, 900144), ("", 900144), (saml, 90011)):
            answer = send(client, made(ours), client_assertion_type=kind)
            assert error_of(answer) == (400, "invalid_request", expected)
        assert error_of(send(client, None)) == (400, "invalid_request", 900144)

    def test_a_secret_beside_it_is_one_too_many_whether_it_is_right_or_not(self, acme, ours, theirs):
        acme.change(CLIENT, certificates=(ours.credential,))
        assert send(acme, made(ours)).status_code == 200
        for assertion, secret in ((made(ours), SECRET), (made(ours), "x"), (made(theirs), SECRET)):
            answer = send(acme, assertion, client_secret=secret)
            assert error_of(answer) == (400, "invalid_request", 9002324)
        assert "client_secret and client_assertion came" in hint(acme)

    def test_without_any_certificate_it_is_refused_and_not_ignored(self, acme, ours):
        assert error_of(send(acme, made(ours))) == (401, "invalid_client", 700027)
        assert "registered (SHA-256): none" in hint(acme)


class TestUndeclared:
    """Nothing is registered: what can be checked is, and the journal says what was not."""

    def send(self, idp, who: Identity, changed_header: dict | None = None, *, by: Identity | None = None, **changed):
        endpoint = f"{LOGIN}/{UNDECLARED}/oauth2/v2.0/token"
        claims = claims_for(ANY_CLIENT, endpoint, **changed)
        assertion = (by or who).sign(claims, header(who, **(changed_header or {})))
        return idp.token(
            UNDECLARED, grant_type="client_credentials", scope="api://orders/.default", client_id=ANY_CLIENT,
            client_secret=None, client_assertion=assertion, client_assertion_type=TYPE,
        )  # fmt: skip

    def test_a_well_formed_one_is_taken_with_a_note(self, idp, journal, ours):
        answer = self.send(idp, ours)
        assert claims_of(answer.json()["access_token"])["appidacr"] == "2"
        assert "its signature could not be checked: nobody declared a certificate" in " ".join(journal[-1].notes)

    def test_one_that_carries_its_certificate_is_checked_with_it(self, idp, journal, ours, theirs):
        assert self.send(idp, ours, {"x5c": [ours.x5c]}).status_code == 200
        assert "could not be checked" not in " ".join(journal[-1].notes)
        forged = self.send(idp, ours, {"x5c": [ours.x5c]}, by=theirs)
        assert error_of(forged) == (401, "invalid_client", 700027)

    @pytest.mark.parametrize(
        ("changed_header", "changed", "number"),
        [
            ({"alg": "RS384"}, {}, 5002738),
            ({}, {"exp": 1}, 700024),
            ({}, {"aud": ENDPOINT}, 700023),
            ({}, {"iss": WRONG_GUID, "sub": WRONG_GUID}, 700021),
            ({"x5t#S256": None}, {}, 5002723),
        ],
        ids=str,
    )
    def test_all_else_has_to_be_right(self, idp, ours, changed_header, changed, number):
        assert error_of(self.send(idp, ours, changed_header, **changed))[2] == number

    def test_another_issuers_is_taken_with_a_note_and_nobody_is_asked(self, idp, journal, ours):
        with issuer(ours) as external:
            answer = self.send(idp, ours, {"alg": "RS256", "kid": ours.x5t}, iss=external.url, aud="api://x", sub="me")
            assert answer.status_code == 200, answer.text
            assert external.asked == []
        assert "nobody declared a federated credential" in " ".join(journal[-1].notes)


class TestFederated:
    @pytest.fixture
    def external(self, theirs):
        with issuer(theirs) as running:
            yield running

    @pytest.fixture
    def trusting(self, acme, external):
        """The client trusts the issuer, and has nothing else."""
        credential = FederatedCredential(name="web", issuer=external.url, subject=SUBJECT)
        acme.change(CLIENT, secrets=(), federated_credentials=(credential,))
        return acme

    def test_a_trusted_issuers_token_proves_the_client(self, trusting, external):
        answer = send(trusting, external.token())
        assert answer.status_code == 200, answer.text
        assert claims_of(answer.json()["access_token"])["azpacr"] == "2"
        assert trusting.entra.journal.entries[-1].about["client_auth"] == "federated credential"

    def test_its_keys_are_fetched_once_and_again_for_a_key_that_is_new(self, trusting, external, ours, monkeypatch):
        for _ in range(2):
            assert send(trusting, external.token()).status_code == 200
        assert external.asked == ["/.well-known/openid-configuration", "/keys"]
        external.identity = ours
        external.publish()
        assert error_of(send(trusting, external.token())) == (401, "invalid_client", 7000272)
        monkeypatch.setattr("mock_idp.runtime.issuers.RETRY_SECONDS", 0)
        assert send(trusting, external.token()).status_code == 200

    def test_requests_that_wait_for_its_keys_together_ask_once(self, external):
        issuers = Issuers()
        waiting = []
        for _ in range(8):
            with pytest.raises(NotYet) as lacking:
                issuers.published(external.url, "any")
            waiting.append(lacking.value.get)
        with ThreadPoolExecutor(len(waiting)) as threads:
            list(threads.map(lambda get: get(), waiting))
        assert external.asked == ["/.well-known/openid-configuration", "/keys"]
        assert issuers.published(external.url, external.identity.x5t).problem == ""

    def test_as_kubernetes_writes_it(self, trusting, external):
        audiences = ["https://kubernetes.default.svc", "api://AzureADTokenExchange"]
        assert send(trusting, external.token(aud=audiences, jti=None, nbf=None)).status_code == 200

    @pytest.mark.parametrize(
        ("changed", "number"),
        [
            ({"sub": "system:serviceaccount:shop:api"}, 700213),
            ({"sub": SUBJECT.upper()}, 7002138),
            ({"aud": "api://azureadtokenexchange"}, 700212),
            ({"aud": ENDPOINT}, 700212),
            ({"exp": 1}, 700024),
            ({"nbf": 4_000_000_000}, 700024),
        ],
        ids=str,
    )
    def test_what_it_says_is_compared_as_it_is_written(self, trusting, external, changed, number):
        assert error_of(send(trusting, external.token(**changed))) == (401, "invalid_client", number)
        assert external.asked == []
        assert len(hint(trusting)) > 30

    @pytest.mark.parametrize(("has_iat", "lives"), [(True, 90_001), (False, 3_600)])
    def test_it_may_live_25_hours_from_its_iat(self, trusting, external, has_iat, lives):
        now = int(time.time())
        assert send(trusting, external.token(iat=now, exp=now + 90_000)).status_code == 200
        iat = now if has_iat else None
        refused = send(trusting, external.token(iat=iat, exp=now + lives))
        assert error_of(refused) == (401, "invalid_client", 70023)
        assert f"Token issued at {iat or 0}. Token expires on {now + lives}." in refused.json()["error_description"]

    def test_another_issuer_is_not_even_asked(self, trusting, external, theirs):
        with issuer(theirs) as other:
            for url in (other.url, f"{external.url}/", "https://token.actions.githubusercontent.com"):
                refused = send(trusting, external.token(iss=url))
                assert error_of(refused) == (401, "invalid_client", 700211)
            assert other.asked == external.asked == []
        assert error_of(send(trusting, external.token(iss=external.url.replace("http", "HTTP"))))[2] == 7002137

    def test_a_client_without_such_credentials_is_told(self, acme, external):
        assert error_of(send(acme, external.token())) == (401, "invalid_client", 70025)
        assert external.url in hint(acme)

    def test_of_several_credentials_the_one_that_fits_counts(self, acme, external):
        of = FederatedCredential(name="a", issuer=external.url, subject="a")
        acme.change(CLIENT, federated_credentials=(of, of._replace(name="b", subject="b", audiences=("x", "y"))))
        assert send(acme, external.token("b", aud="y")).status_code == 200
        assert error_of(send(acme, external.token("a", aud="y")))[2] == 700213
        assert error_of(send(acme, external.token("a", aud="z")))[2] == 700212

    def test_only_the_issuers_key_signs(self, trusting, external, ours):
        assert error_of(send(trusting, external.token(by=ours))) == (401, "invalid_client", 700027)
        claims = claims_for(SUBJECT, "api://AzureADTokenExchange", iss=external.url)
        for changed, status, number in (
            ({"alg": "PS256"}, 400, 5002738), ({"alg": "none"}, 400, 5002738),
            ({"kid": None, "x5t": "AAAA"}, 401, 7000272), ({"kid": "another"}, 401, 7000272),
            ({"kid": None}, 401, 5002723),
        ):  # fmt: skip
            head = {"alg": "RS256", "kid": external.identity.x5t, **changed}
            head = {name: value for name, value in head.items() if value is not None}
            made = unsigned(claims, head) if head["alg"] == "none" else external.identity.sign(claims, head)
            answer = send(trusting, made)
            assert (answer.status_code, error_of(answer)[2]) == (status, number)

    def test_keys_may_be_declared_so_that_nobody_is_asked(self, acme, theirs, external):
        github = "https://token.actions.githubusercontent.com"
        credential = FederatedCredential(name="g", issuer=github, subject=SUBJECT, keys={"keys": [theirs.jwk]})
        acme.change(CLIENT, federated_credentials=(credential,))
        assert send(acme, external.token(iss=github)).status_code == 200
        acme.change(CLIENT, federated_credentials=(credential._replace(keys={}),))
        assert error_of(send(acme, external.token(iss=github)))[2] == 7000272
        acme.change(CLIENT, federated_credentials=(credential._replace(keys=None),))
        assert error_of(send(acme, external.token(iss=github))) == (400, "invalid_request", 50166)
        assert "offline" in hint(acme)
        assert "declare" in hint(acme)

    @pytest.mark.parametrize(
        ("served", "reason"),
        [
            ({"/.well-known/openid-configuration": (404, "")}, "answered 404"),
            ({"/.well-known/openid-configuration": (302, "/elsewhere")}, "answered 302"),
            ({"/.well-known/openid-configuration": b"no json"}, "JSON"),
            ({"/.well-known/openid-configuration": []}, "no JSON object"),
            ({"/.well-known/openid-configuration": {"issuer": "https://other.example"}}, "other.example"),
            ({"/keys": {}}, "no RSA keys"),
            ({"/keys": {"keys": [{"kty": "EC", "kid": "x"}, "x"]}}, "no RSA keys"),
            ({"/keys": b" " * 300_000}, "more than 262144 bytes"),
            ({"/keys": (302, "http://127.0.0.1:1/")}, "answered 302"),
        ],
        ids=str,
    )
    def test_an_issuer_that_does_not_publish_its_keys_is_told(self, trusting, external, served, reason):
        external.served.update(served)
        assert error_of(send(trusting, external.token())) == (400, "invalid_request", 50166)
        assert reason in hint(trusting)

    @pytest.mark.parametrize(
        ("jwks_uri", "reason"),
        [
            (None, "no jwks_uri"),
            ("file:///etc/passwd", "no https address"),
            ("http://example.com/keys", "plain http"),
            ("https://user@127.0.0.1/keys", "no https address"),
            ("https://example.com/keys", "offline"),
        ],
        ids=str,
    )
    def test_keys_are_fetched_from_nowhere_else(self, trusting, external, jwks_uri, reason):
        external.publish(jwks_uri=jwks_uri)
        assert error_of(send(trusting, external.token()))[2] == 50166
        assert reason in hint(trusting)

    def test_over_tls_its_certificate_has_to_be_trusted(self, acme, ours, tmp_path, monkeypatch):
        (tmp_path / "key.pem").write_text(ours.private_pem + ours.pem)
        (tmp_path / "ca.pem").write_text(ours.pem)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "key.pem")
        with issuer(ours, tls=context) as external:
            credential = FederatedCredential(name="t", issuer=external.url, subject=SUBJECT)
            acme.change(CLIENT, federated_credentials=(credential,))
            assert error_of(send(acme, external.token())) == (400, "invalid_request", 50166)
            assert "CERTIFICATE_VERIFY_FAILED" in hint(acme)
            acme.entra.issuers.reset()
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
            assert send(acme, external.token()).status_code == 200
            external.publish(jwks_uri=external.url.replace("https", "http"))
            acme.entra.issuers.reset()
            assert error_of(send(acme, external.token()))[2] == 50166
            assert "plain http" in hint(acme)

    def test_an_issuer_that_is_gone_or_hangs_holds_nobody_up(self, acme, theirs, monkeypatch):
        import socket
        from concurrent.futures import ThreadPoolExecutor

        monkeypatch.setattr("mock_idp.runtime.issuers._SOCKET_SECONDS", 1)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            silent.settimeout(20)
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            credential = FederatedCredential(name="s", issuer=url, subject=SUBJECT)
            acme.change(CLIENT, federated_credentials=(credential,))
            claims = claims_for(SUBJECT, "api://AzureADTokenExchange", iss=url)
            assertion = theirs.sign(claims, {"alg": "RS256", "kid": theirs.x5t})
            with ThreadPoolExecutor() as pool:
                waiting = pool.submit(send, acme, assertion)
                with silent.accept()[0]:
                    assert acme.app_token().status_code == 200
                    assert not waiting.done()
                    assert error_of(waiting.result()) == (400, "invalid_request", 50166)
                    assert "timed out" in hint(acme)
        assert error_of(send(acme, assertion)) == (400, "invalid_request", 50166)


class TestOurOwnTokens:
    """As the assertion of another application: a managed identity's token is taken, a user's is not."""

    @pytest.fixture
    def trusting(self, acme):
        credential = FederatedCredential(
            name="identity", issuer=f"{LOGIN}/{ACME_ID}/v2.0", subject=CLIENT.id, audiences=(ACME_ID, "x")
        )
        acme.change(CLIENT, federated_credentials=(credential,))
        return acme

    def mint(self, acme, who, **changed):
        from mock_idp.tokens.minting import Wish

        wish = Wish(tenant=ACME_ID, audience=API_URI, claims={"aud": "x", **changed}, version=2)
        return (acme.entra.mint.user_token(who, wish) if who else acme.entra.mint.app_token(CLIENT.app_id, wish)).text

    def test_an_applications_is_taken_and_verified_with_our_keys(self, trusting):
        token = self.mint(trusting, None)
        assert send(trusting, token).status_code == 200, hint(trusting)
        start, _, signature = token.rpartition(".")
        forged = f"{start}.{signature[:-5]}{'AAAA' if signature[-5:-1] != 'AAAA' else 'BBBB'}{signature[-1]}"
        assert error_of(send(trusting, forged)) == (401, "invalid_client", 700027)

    def test_a_token_for_the_exchange_names_it_by_its_id_and_the_credential_by_its_uri(self, acme):
        credential = FederatedCredential(name="identity", issuer=f"{LOGIN}/{ACME_ID}/v2.0", subject=CLIENT.id)
        acme.change(CLIENT, federated_credentials=(credential,))
        answer = acme.app_token("api://AzureADTokenExchange")
        assert answer.status_code == 200, answer.text
        token = answer.json()["access_token"]
        claims = claims_of(token)
        assert (claims["aud"], claims["ver"]) == ("fb60f99c-7a34-4190-8149-302f77469936", "2.0")
        assert send(acme, token).status_code == 200, hint(acme)

    def test_a_users_is_not(self, trusting):
        token = self.mint(trusting, BOB.user_principal_name, sub=CLIENT.id)
        assert error_of(send(trusting, token)) == (401, "invalid_client", 700229)

    def test_a_strangers_that_says_it_is_ours_is_not(self, trusting, theirs):
        claims = claims_for(CLIENT.id, "x", iss=f"{LOGIN}/{ACME_ID}/v2.0", oid=CLIENT.id)
        assertion = theirs.sign(claims, {"alg": "RS256", "kid": theirs.x5t})
        assert error_of(send(trusting, assertion)) == (401, "invalid_client", 7000272)


QUICK = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


class TestWhateverComes:
    """Nothing but the assertion as it was signed is taken."""

    @QUICK
    @given(data=st.data())
    def test_a_changed_byte_is_noticed(self, client, ours, data):
        good = made(ours)
        place = data.draw(st.integers(0, len(good) - 1))
        new = data.draw(
            st.characters(codec="utf-8", categories=["L", "N", "P", "S"]).filter(lambda c: c != good[place])
        )
        answer = send(client, good[:place] + new + good[place + 1 :])
        assert answer.status_code in (400, 401)

    @QUICK
    @given(
        st.permutations(range(3)).filter(lambda order: list(order) != [0, 1, 2]),
        st.sampled_from(["", "=", " ", ".", "\t"]),
    )
    @example([0, 1, 2], "=")
    @example([0, 1, 2], " ")
    @example([0, 1, 2], ".")
    def test_swapped_parts_and_stray_ends_are_noticed(self, client, ours, order, end):
        parts = made(ours).split(".")
        answer = send(client, ".".join(parts[place] for place in order) + end)
        assert answer.status_code in (400, 401)

    @QUICK
    @given(
        alg=st.sampled_from(["RS256", "PS256", "none", "HS256", "RS512", "ES256"]),
        by=st.booleans(),
        named=st.booleans(),
        x5c=st.sampled_from([None, True, False]),
        who=st.sampled_from([None, WRONG_GUID, ACME_ID, "https://evil.example"]),
        audience=st.sampled_from([ENDPOINT, f"{LOGIN}/{WRONG_GUID}/oauth2/v2.0/token", "api://AzureADTokenExchange"]),
        life=st.sampled_from([600, 0, -1, -600]),
    )
    def test_only_what_is_right_in_everything_is_taken(  # noqa: PLR0913, PLR0917 - each can be wrong
        self, client, ours, theirs, alg, by, named, x5c, who, audience, life
    ):
        signer, name = (ours if by else theirs), (ours if named else theirs)
        chain = {} if x5c is None else {"x5c": [(ours if x5c else theirs).x5c]}
        head = header(name, alg=alg, **chain)
        who = who or CLIENT.app_id
        claims = claims_for(CLIENT.app_id, audience, iss=who, sub=who, exp=int(time.time()) + life)
        if alg == "none":
            assertion = unsigned(claims, head)
        elif alg in ("HS256", "ES256"):
            assertion = with_secret(claims, head, ours.der)
        else:
            assertion = signer.sign(claims, head)
        answer = send(client, assertion)
        right = (
            alg in ("RS256", "PS256") and by and named and x5c is not False and who == CLIENT.app_id
            and audience == ENDPOINT and life > 0
        )  # fmt: skip
        assert (answer.status_code == 200) == right
        assert answer.status_code in (200, 400, 401)

"""Which tokens the API believes, and what it tells the bearer of one that it does not."""

import hashlib
import hmac
import json
import time

import pytest
import time_machine
from joserfc import jwk, jwt

TENANT_ID = "7a1c1f5e-3a53-4c8b-9b39-5f1d6f0c2e11"
CLIENT_ID = "c750c37c-6c67-4211-a9e2-6f035a897cfa"
APP_ID_URI = f"api://{CLIENT_ID}"
V2_ISSUER = f"https://login.microsoftonline.com/{TENANT_ID}/v2.0"
V1_ISSUER = f"https://sts.windows.net/{TENANT_ID}/"
OTHER = "99999999-9999-4999-8999-999999999999"
NOW = 1_800_000_000


@pytest.fixture(autouse=True)
def _still_clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def refused(ask):
    """Check that a token is refused as no good, once per way of asking, and give the reason."""

    def reason(token):
        answer = ask(token)
        assert answer.status_code == 401, answer.text
        detail = answer.json()["detail"]
        challenge = f'Bearer realm="{APP_ID_URI}", error="invalid_token", error_description="{detail}"'
        assert answer.headers["WWW-Authenticate"] == challenge
        assert token not in answer.text
        return detail

    return reason


# good ones


def test_a_v2_token_for_the_client_id_is_good(ask, tenant):
    assert ask(tenant.token(2)).json()["name"] == "Ada Lovelace"


def test_a_v1_token_for_the_app_id_uri_is_good(ask, tenant):
    assert ask(tenant.token(1)).json()["name"] == "Ada Lovelace"


@pytest.mark.parametrize("extra", [{"x5t": "key-1"}, {"nonce": "n"}, {"typ": None}, {"jku": "https://evil.example/"}])
def test_other_members_of_the_header_change_nothing(ask, tenant, extra):
    assert ask(tenant.token(header=extra)).status_code == 200


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"preferred_username": "ada@example.com"}, "Ada Lovelace"),
        ({"name": None, "preferred_username": "ada@example.com"}, "ada@example.com"),
        ({"name": None, "unique_name": "ada@example.com"}, "ada@example.com"),
        ({"name": ["Ada"]}, "unknown"),
        ({"name": None}, "unknown"),
    ],
)
def test_the_caller_has_the_best_name_the_token_offers(ask, tenant, claims, name):
    assert ask(tenant.token(**claims)).json()["name"] == name


# signature


def test_a_tampered_payload_is_refused(refused, tenant, by_hand):
    header, _, signature = tenant.token(scp="data.write").split(".")
    assert refused(f"{header}.{by_hand(tenant.claims())}.{signature}") == "The signature is wrong."


def test_a_token_of_another_key_under_a_known_name_is_refused(refused, tenant):
    assert refused(tenant.token(signer="key-2", header={"kid": "key-1"})) == "The signature is wrong."


def test_a_microsoft_graph_token_is_recognised_by_its_nonce(refused, tenant):
    forged = tenant.token(signer="key-2", header={"kid": "key-1", "nonce": "n"})
    assert refused(forged).endswith("A nonce in the header is the mark of a token for Microsoft Graph.")


def test_a_token_of_an_unknown_key_is_refused(refused, tenant):
    assert refused(tenant.token(signer="key-2")) == "The token is signed with a key that is not one of this tenant's."


def test_a_key_that_the_token_brings_along_is_not_used(refused, tenant):
    own = {"kid": "mine", "jwk": tenant.jwk("key-2"), "jku": "https://evil.example/keys", "x5u": "https://evil.example"}
    assert "not one of this tenant's" in refused(tenant.token(signer="key-2", header=own))
    assert all("evil" not in url for url in tenant.fetches)


@pytest.mark.parametrize("alg", ["none", "None", "", None, "HS256", "RS512", "PS256", "ES256", 256, ["RS256"], {}])
def test_only_rs256_is_accepted(refused, tenant, by_hand, alg):
    token = f"{by_hand({'alg': alg, 'kid': 'key-1'})}.{by_hand(tenant.claims())}."
    assert refused(token) == "The token is not signed with RS256."


def test_an_unsigned_token_that_says_rs256_is_refused(refused, tenant, by_hand):
    assert (
        refused(f"{by_hand({'alg': 'RS256', 'kid': 'key-1'})}.{by_hand(tenant.claims())}.") == "The signature is wrong."
    )


def test_a_token_with_the_public_key_as_the_shared_secret_is_refused(refused, tenant, by_hand):
    signed = f"{by_hand({'alg': 'HS256', 'kid': 'key-1'})}.{by_hand(tenant.claims())}"
    secret = tenant.pairs["key-1"].as_pem(private=False)
    mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    assert refused(f"{signed}.{by_hand(mac)}") == "The token is not signed with RS256."


@pytest.mark.parametrize("algorithm", ["RS384", "PS256"])
def test_the_right_key_with_another_algorithm_is_refused(refused, tenant, algorithm):
    header = {"alg": algorithm, "kid": "key-1"}
    token = jwt.encode(header, tenant.claims(), tenant.pairs["key-1"], algorithms=[algorithm])
    assert refused(token) == "The token is not signed with RS256."


def test_a_token_of_an_elliptic_key_is_refused(refused, tenant):
    key = jwk.ECKey.generate_key("P-256")
    assert refused(jwt.encode({"alg": "ES256", "kid": "key-1"}, tenant.claims(), key)) == (
        "The token is not signed with RS256."
    )


def test_a_critical_extension_nobody_knows_is_refused(refused, tenant, by_hand):
    header = {"alg": "RS256", "kid": "key-1", "crit": ["exp"], "exp": 1}
    assert refused(f"{by_hand(header)}.{by_hand(tenant.claims())}.AAAA") == "The token is not a signed JWT."


# times


def test_an_expired_token_is_refused_with_the_time_it_expired(refused, tenant):
    assert refused(tenant.token(exp=NOW - 60)) == "The token expired at 2027-01-15T07:59:00Z."


@pytest.mark.parametrize("claim", ["nbf", "iat"])
def test_a_token_of_the_future_is_refused_with_the_time_it_starts(refused, tenant, claim):
    reason = refused(tenant.token(**{claim: NOW + 61}))
    assert reason == f"The token is not valid before 2027-01-15T08:01:01Z ({claim})."


def test_clocks_may_differ_by_a_minute(ask, tenant):
    assert ask(tenant.token(exp=NOW - 59)).status_code == 200
    assert ask(tenant.token(nbf=NOW + 60, iat=NOW + 60)).status_code == 200


@pytest.mark.parametrize("claim", ["exp", "nbf", "iat"])
@pytest.mark.parametrize(
    "value",
    [None, str(NOW + 60), "soon", True, NOW + 0.5, -1, -(10**40), 10**40, 253_402_300_800, [NOW], {"seconds": NOW}],
)
def test_a_time_is_required_and_is_whole_seconds(refused, tenant, claim, value):
    assert refused(tenant.token(**{claim: value})) == f"The claim {claim} must be there and be a time in whole seconds."


@pytest.mark.parametrize("literal", ["null", "NaN", "Infinity", "-Infinity", "1e400"])
def test_a_time_that_python_reads_and_json_does_not_have_is_refused(refused, tenant, literal):
    payload = json.dumps(tenant.claims()).replace(str(NOW + 4500), literal)
    assert refused(tenant.sign(payload)) == "The claim exp must be there and be a time in whole seconds."


def test_a_number_that_python_does_not_read_is_refused(refused, tenant):
    payload = json.dumps(tenant.claims()).replace(str(NOW + 4500), "1" * 5000)
    assert refused(tenant.sign(payload)) == "The token's payload is not JSON."


# tenant, issuer, audience, version


def test_another_tenants_token_is_refused(refused, tenant):
    issuer = V2_ISSUER.replace(TENANT_ID, OTHER)
    assert refused(tenant.token(tid=OTHER, iss=issuer)) == f"The token is from tenant '{OTHER}', not from {TENANT_ID}."


@pytest.mark.parametrize("version", [1, 2])
def test_the_tenant_of_the_issuer_must_be_the_tenant_of_the_token(refused, tenant, version):
    issuer = tenant.claims(version)["iss"].replace(TENANT_ID, OTHER)
    expected = f"{V2_ISSUER} or {V1_ISSUER}"
    assert refused(tenant.token(version, iss=issuer)) == f"The issuer is '{issuer}', expected {expected}."


@pytest.mark.parametrize(
    "issuer",
    [
        V2_ISSUER + "/",
        V2_ISSUER.upper(),
        V1_ISSUER.rstrip("/"),
        V2_ISSUER.replace("https", "http"),
        f"https://login.microsoftonline.com/{TENANT_ID}",
        f"https://login.microsoftonline.com.evil.example/{TENANT_ID}/v2.0",
        "https://login.microsoftonline.com/{tenantid}/v2.0",
        "",
    ],
)
def test_an_issuer_that_only_looks_alike_is_refused(refused, tenant, issuer):
    assert refused(tenant.token(iss=issuer)).startswith("The issuer is ")


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": V1_ISSUER, "aud": CLIENT_ID, "ver": "1.0"}, "audience"),
        ({"iss": V1_ISSUER, "aud": CLIENT_ID, "ver": "2.0"}, "version 1.0"),
        ({"iss": V1_ISSUER, "aud": APP_ID_URI, "ver": "2.0"}, "version 1.0"),
        ({"iss": V2_ISSUER, "aud": APP_ID_URI, "ver": "2.0"}, "audience"),
        ({"iss": V2_ISSUER, "aud": APP_ID_URI, "ver": "1.0"}, "version 2.0"),
        ({"iss": V2_ISSUER, "aud": CLIENT_ID, "ver": "1.0"}, "version 2.0"),
    ],
)
def test_nothing_of_the_two_formats_may_be_mixed(refused, tenant, claims, reason):
    assert reason in refused(tenant.token(**claims))


def test_a_wrong_audience_is_told_with_the_right_one(refused, tenant):
    assert refused(tenant.token(aud="api://other")) == (
        f"The audience is 'api://other', expected {CLIENT_ID} in a v2.0 token."
    )


@pytest.mark.parametrize(
    "audience",
    ["", CLIENT_ID.upper(), f"{CLIENT_ID} ", f"spn:{CLIENT_ID}", f"{APP_ID_URI}/", "https://graph.microsoft.com"],
)
@pytest.mark.parametrize("version", [1, 2])
def test_an_audience_that_only_looks_alike_is_refused(refused, tenant, version, audience):
    assert refused(tenant.token(version, aud=audience)).startswith("The audience is ")


@pytest.mark.parametrize("claim", ["tid", "iss", "aud", "ver"])
@pytest.mark.parametrize("value", [None, 2.0, True, [CLIENT_ID], [], {"id": CLIENT_ID}])
def test_who_issued_it_for_whom_is_required_and_is_text(refused, tenant, claim, value):
    assert refused(tenant.token(**{claim: value})) == f"The claim {claim} must be there and be a string."


@pytest.mark.parametrize("claim", ["exp", "nbf", "iat", "tid", "iss", "aud", "ver", "scp"])
def test_null_is_no_value(refused, tenant, claim):
    payload = tenant.claims() | {claim: None}
    assert f"The claim {claim} must be there" in refused(tenant.sign(json.dumps(payload)))


def test_what_a_token_says_cannot_break_out_of_the_challenge(refused, tenant):
    evil = 'x", error="none\r\nSet-Cookie: a=b\\ \x7f\u2028é'
    reason = refused(tenant.token(aud=evil))
    assert reason.startswith("The audience is 'x?, error=?none?r?nSet-Cookie: a=b?? ?x7f?u2028?'")


def test_a_long_value_is_cut(refused, tenant):
    assert len(refused(tenant.token(aud="a" * 5000))) < 250


# scopes


@pytest.mark.parametrize("scp", ["data.read", "data.read data.write", "x data.read", "  data.read  "])
def test_the_scope_may_be_one_of_several(ask, tenant, scp):
    answer = ask(tenant.token(scp=scp))
    assert answer.status_code == 200
    assert answer.json()["scopes"] == sorted(scp.split())


@pytest.mark.parametrize(
    ("scp", "had"),
    [
        ("data.write", "The token has data.write"),
        ("data.reader my.data.read", "The token has data.reader my.data.read"),
        ("Data.Read", "The token has Data.Read"),
        (f"{APP_ID_URI}/data.read", f"The token has {APP_ID_URI}/data.read"),
        ("data.read,data.write", "The token has data.read,data.write"),
        ("data.read\tdata.write", "The token has data.read?data.write"),
        ("", "The token has no scopes"),
        (" ", "The token has no scopes"),
    ],
)
def test_a_good_token_without_the_scope_is_forbidden(ask, tenant, scp, had):
    answer = ask(tenant.token(scp=scp))
    assert answer.status_code == 403
    assert answer.json()["detail"] == f"{had}, this request needs data.read."
    assert answer.headers["WWW-Authenticate"] == (
        f'Bearer realm="{APP_ID_URI}", error="insufficient_scope", '
        f'error_description="{had}, this request needs data.read.", scope="data.read"'
    )


@pytest.mark.parametrize("scp", [["data.read"], {"data.read": True}, 1, True])
def test_scopes_that_are_not_text_make_the_token_no_good(refused, tenant, scp):
    assert refused(tenant.token(scp=scp)) == "The claim scp must be there and be a string."


@pytest.mark.parametrize("version", [1, 2])
def test_an_app_without_a_user_is_forbidden(ask, tenant, version):
    token = tenant.token(version, scp=None, idtyp="app", roles=["data.read"], name=None)
    assert ask(token).status_code == 403


def test_an_id_token_of_the_apis_own_registration_is_forbidden(ask, tenant):
    assert ask(tenant.token(scp=None, nonce="n", preferred_username="ada@example.com")).status_code == 403


def test_an_id_token_of_a_client_is_refused(refused, tenant):
    assert refused(tenant.token(aud=OTHER, scp=None)).startswith("The audience is ")


def test_a_bad_token_without_the_scope_is_no_good_rather_than_forbidden(refused, tenant):
    assert refused(tenant.token(exp=NOW - 3600, scp="other")).startswith("The token expired ")


# garbage


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "..",
        "...",
        "....",
        "a.b",
        "a.b.c",
        "a.b.c.d.e",
        "eyJhbGciOiJSUzI1NiJ9",
        "eyJhbGciOiJSUzI1NiJ9..",
        "=.=.=",
        "null",
        "%00.%00.%00",
        "[]",
        "a,b",
        '"quoted"',
    ],
)
def test_what_is_no_jwt_is_refused(refused, token):
    assert refused(token).startswith("The token ")


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"{",
        b"not json",
        b"\xff\xfe",
        b'"text"',
        b"[]",
        b"null",
        b"1" * 5000,
        b"[" * 9000,
        b'{"alg":"RS256","kid":' + b"[" * 5000,
        {"alg": "RS256", "kid": 1},
        {"alg": "RS256", "kid": None},
        {"alg": "RS256", "kid": ["key-1"]},
        {"alg": "RS256", "kid": {}},
        {"alg": "RS256", "kid": "key-1", "b64": False},
        {"alg": "RS256", "kid": "key-1", "b64": False, "crit": ["b64"]},
        {"alg": "RS256", "kid": "key-1", "crit": "b64"},
    ],
)
def test_a_header_that_is_not_one_is_refused(refused, tenant, by_hand, header):
    assert refused(f"{by_hand(header)}.{by_hand(tenant.claims())}.AAAA") == "The token is not a signed JWT."
    assert tenant.fetches == []


def test_a_token_without_a_key_name_is_refused(refused, tenant):
    assert refused(tenant.token(header={"kid": None})) == "The token does not say which key it is signed with (kid)."


@pytest.mark.parametrize("kid", ["", "../../etc/passwd", "' OR 1=1", "\ud800", "\x00", "k" * 5000])
def test_a_key_name_that_is_none_is_refused(refused, tenant, kid):
    assert "not one of this tenant's" in refused(tenant.token(header={"kid": kid}))


@pytest.mark.parametrize(
    "payload", [b"", b"{", b"\xff\xfe", b"[]", b"null", b"1", b'"text"', b"[" * 5000, b'{"aud":"\\ud800"}']
)
def test_a_signed_payload_that_is_no_object_is_refused(refused, tenant, payload):
    assert "payload is not " in refused(tenant.sign(payload))


def test_half_a_character_in_a_name_does_not_break_the_answer(refused, tenant):
    assert refused(tenant.token(name="\ud800")) == "The token's payload is not JSON."


@pytest.mark.parametrize("token", [b"\xc3\xa9.\xff.\x80", "é.é.é".encode(), b"\xa0"])
def test_a_token_outside_ascii_is_refused(api, token):
    answer = api.get("/data/read", headers={b"Authorization": b"Bearer " + token})
    assert answer.status_code == 401


def test_an_oversized_token_is_refused_before_anything_is_done_with_it(refused, tenant):
    assert refused(tenant.token(groups=["x" * 36] * 400)) == "The token has more than 16384 characters."
    assert tenant.fetches == []


def test_a_token_with_as_many_groups_as_entra_puts_into_one_fits(ask, tenant):
    assert ask(tenant.token(groups=["x" * 36] * 200)).status_code == 200


def test_a_token_is_checked_anew_every_time(ask, tenant):
    token = tenant.token(exp=NOW + 60)
    assert ask(token).status_code == 200
    with time_machine.travel(time.time() + 120, tick=False):
        assert ask(token).status_code == 401

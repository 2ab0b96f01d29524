"""What is in the tokens: version, claims and their order, header, times (facts §5)."""

import base64
import hashlib
import json
from base64 import urlsafe_b64decode
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from harness import (
    ANY_CLIENT,
    API,
    API_URI,
    CONTOSO,
    GRAPH,
    LOGIN,
    UNDECLARED,
    WEB_APP,
    Idp,
    claims_of,
    header_of,
)
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from mock_idp.intercept.upstream import Upstream
from mock_idp.server import Options, Server, in_thread

RITA = CONTOSO.users[1]
GRAPH_ID = "00000003-0000-0000-c000-000000000000"


def keys(idp) -> KeySet:
    with idp.client() as client:
        return KeySet.import_key_set(client.get(f"{LOGIN}/{CONTOSO.id}/discovery/v2.0/keys").json())


def graph_token(idp, tenant: str = CONTOSO.id, **parameters) -> str:
    return idp.redeem(
        idp.code(tenant, scope="openid profile email User.Read", **parameters), tenant, **parameters
    ).json()["access_token"]


def test_a_v2_access_token_has_entras_claims_in_its_order(idp):
    token = idp.tokens()["access_token"]
    claims = claims_of(token)
    assert list(header_of(token).items())[:2] == [("typ", "JWT"), ("alg", "RS256")]
    assert list(header_of(token)) == ["typ", "alg", "kid"]
    assert list(claims) == [
        *(
            "aud",
            "iss",
            "iat",
            "nbf",
            "exp",
            "aio",
            "azp",
            "azpacr",
            "name",
            "oid",
            "preferred_username",
            "rh",
            "roles",
        ),
        *("scp", "sid", "sub", "tid", "uti", "ver", "xms_ftd"),
    ]
    assert (claims["aud"], claims["ver"]) == (API.app_id, "2.0")
    assert claims["iss"] == f"https://login.microsoftonline.com/{CONTOSO.id}/v2.0"
    assert (claims["azp"], claims["azpacr"]) == (WEB_APP.app_id, "1")
    assert (claims["name"], claims["preferred_username"]) == ("Rita Reader", "rita@contoso.example")
    assert (claims["oid"], claims["tid"]) == (RITA.id, CONTOSO.id)
    assert claims["roles"] == ["Data.Reader"]


@pytest.mark.parametrize(("user", "roles"), [("rita", ["Data.Reader"]), ("walt", ["Data.Reader", "Data.Writer"])])
def test_roles_are_those_of_the_user_on_the_resource(idp, user, roles):
    assert claims_of(idp.tokens(user=f"{user}@contoso.example")["access_token"])["roles"] == roles


def test_a_v1_access_token_has_entras_claims_in_its_order(idp):
    api = "api://c750c37c-6c67-4211-a9e2-6f035a897cfa"
    answer = idp.redeem(
        idp.code(UNDECLARED, client_id=ANY_CLIENT, scope=f"openid {api}/data.read"), UNDECLARED, client_id=ANY_CLIENT
    )
    token = answer.json()["access_token"]
    claims = claims_of(token)
    assert list(header_of(token)) == ["typ", "alg", "x5t", "kid"]
    assert header_of(token)["x5t"] == header_of(token)["kid"]
    assert list(claims) == [
        *("aud", "iss", "iat", "nbf", "exp", "acr", "aio", "amr", "appid", "appidacr", "family_name", "given_name"),
        *("ipaddr", "name", "oid", "rh", "scp", "sid", "sub", "tid", "unique_name", "upn", "uti", "ver", "xms_ftd"),
    ]
    assert (claims["aud"], claims["iss"], claims["ver"]) == (api, f"https://sts.windows.net/{UNDECLARED}/", "1.0")
    assert (claims["appid"], claims["acr"], claims["amr"]) == (ANY_CLIENT, "1", ["pwd"])
    assert claims["upn"] == claims["unique_name"] == "rita@contoso.example"
    assert jwt.decode(token, keys(idp), algorithms=["RS256"]).claims == claims


@pytest.mark.parametrize(("version", "audience"), [(None, API_URI), (1, API_URI), (2, API.app_id)])
def test_the_resources_setting_chooses_the_version(idp, monkeypatch, version, audience):

    changed = API._replace(requested_access_token_version=version)
    declared = idp.entra.live.declared[0]
    for name in (API.app_id, API_URI):
        monkeypatch.setitem(declared._resources, name, changed)
    tokens = idp.tokens()
    claims = claims_of(tokens["access_token"])
    assert (claims["aud"], claims["ver"]) == (audience, "2.0" if version == 2 else "1.0")
    assert claims_of(tokens["id_token"])["ver"] == "2.0"


@pytest.mark.parametrize("named", [API_URI, API.app_id])
def test_a_v1_audience_is_the_resource_as_it_was_asked(idp, named):
    scope = f"openid {named}/data.read"
    answer = idp.redeem(idp.code(UNDECLARED, client_id=ANY_CLIENT, scope=scope), UNDECLARED, client_id=ANY_CLIENT)
    assert claims_of(answer.json()["access_token"])["aud"] == named


def test_an_id_token_has_entras_claims_in_its_order(idp):
    token = idp.tokens(scope="openid profile email", max_age="100")["id_token"]
    claims = jwt.decode(token, keys(idp), algorithms=["RS256"]).claims
    assert list(header_of(token)) == ["typ", "alg", "kid"]
    assert list(claims) == [
        *("aud", "iss", "iat", "nbf", "exp", "auth_time", "email", "name", "nonce", "oid", "preferred_username", "rh"),
        *("sid", "sub", "tid", "uti", "ver"),
    ]
    assert (claims["aud"], claims["nonce"], claims["email"]) == (WEB_APP.app_id, "a nonce", "rita@contoso.example")
    assert len(claims["sub"]) == 43
    assert len(claims["uti"]) == 22
    assert claims["sid"].startswith("00")


def test_without_profile_the_id_token_names_nobody_and_without_a_nonce_has_none(idp):
    claims = claims_of(idp.tokens(scope="openid", nonce=None)["id_token"])
    assert {"name", "preferred_username", "nonce", "email", "auth_time"}.isdisjoint(claims)
    assert claims["oid"] == RITA.id


def test_a_v2_access_token_names_the_user_without_the_scope_profile_too(idp):
    claims = claims_of(idp.tokens(scope=f"openid {API_URI}/data.read")["access_token"])
    assert (claims["name"], claims["preferred_username"]) == ("Rita Reader", "rita@contoso.example")
    assert claims["oid"] == RITA.id


def test_a_nonce_comes_back_as_it_was_sent(idp):
    nonce = 'a"b<é +%41' + "f" * 64
    assert claims_of(idp.tokens(nonce=nonce)["id_token"])["nonce"] == nonce


def test_no_id_token_of_the_token_endpoint_carries_hashes(idp):
    assert {"at_hash", "c_hash"}.isdisjoint(claims_of(idp.tokens()["id_token"]))


def test_iat_and_nbf_lie_five_minutes_back_and_an_id_token_lives_an_hour(idp, clock):
    tokens = idp.tokens()
    identity, access = claims_of(tokens["id_token"]), claims_of(tokens["access_token"])
    assert identity["iat"] == identity["nbf"] == access["iat"] == access["nbf"] == clock.now() - 300
    assert identity["exp"] == clock.now() + 3600
    assert access["exp"] == clock.now() + tokens["expires_in"] + 1


def test_an_access_token_lives_sixty_to_ninety_minutes_by_lot(idp):
    refresh_token = idp.tokens()["refresh_token"]
    lives = {idp.token(grant_type="refresh_token", refresh_token=refresh_token).json()["expires_in"] for _ in range(8)}
    assert len(lives) > 1
    assert min(lives) >= 3599
    assert max(lives) <= 5399


def test_sub_is_another_for_every_application_and_always_the_same_for_one(idp):
    first, second = idp.tokens(), idp.tokens()
    assert claims_of(first["id_token"])["sub"] == claims_of(second["id_token"])["sub"]
    assert claims_of(first["access_token"])["sub"] == claims_of(second["access_token"])["sub"]
    assert claims_of(first["access_token"])["sub"] != claims_of(first["id_token"])["sub"]
    other = idp.tokens(user="walt@contoso.example")
    assert claims_of(other["id_token"])["sub"] != claims_of(first["id_token"])["sub"]


def test_the_tokens_of_an_answer_have_its_request_id(idp):
    answers = [idp.redeem(idp.code(scope="openid User.Read")) for _ in range(2)]
    for answer in answers:
        utis = {claims_of(answer.json()[name])["uti"] for name in ("access_token", "id_token")}
        (found,) = [UUID(bytes_le=urlsafe_b64decode(uti + "==")) for uti in utis]
        assert str(found) == answer.headers["x-ms-request-id"]
    assert len({answer.headers["x-ms-request-id"] for answer in answers}) == 2


def test_rh_embeds_tenant_and_audience(idp):
    tokens = idp.tokens()
    for token, app_id in ((tokens["access_token"], API.app_id), (tokens["id_token"], WEB_APP.app_id)):
        rh = claims_of(token)["rh"]
        raw = base64.urlsafe_b64decode(rh[2:-1] + "==")
        assert rh.startswith("1.")
        assert rh.endswith(".")
        assert (UUID(bytes_le=raw[3:19]), UUID(bytes_le=raw[19:35])) == (UUID(CONTOSO.id), UUID(app_id))


def test_a_graph_token_has_entras_claims_in_its_order(idp):
    claims = claims_of(graph_token(idp))
    assert list(claims) == [
        *("aud", "iss", "iat", "nbf", "exp", "acct", "acr", "aio", "amr", "app_displayname", "appid", "appidacr"),
        *("family_name", "given_name", "idtyp", "ipaddr", "name", "oid", "platf", "puid", "rh", "scp", "sid", "sub"),
        *("tenant_region_scope", "tid", "unique_name", "upn", "uti", "ver", "wids", "xms_acd", "xms_act_fct"),
        *("xms_ftd", "xms_idrel", "xms_pftexp", "xms_st", "xms_sub_fct", "xms_tcdt", "xms_tdbr", "xms_tnt_fct"),
    ]
    assert (claims["aud"], claims["ver"], claims["idtyp"]) == (GRAPH_ID, "1.0", "user")
    assert claims["scp"] == "User.Read profile openid email"


def test_xms_st_repeats_the_id_tokens_sub(idp):
    tokens = idp.redeem(idp.code(scope="openid User.Read")).json()
    assert claims_of(tokens["access_token"])["xms_st"] == {"sub": claims_of(tokens["id_token"])["sub"]}


def test_without_the_nonce_anybody_can_verify_a_graph_token_and_graph_still_does(state):
    with in_thread(Server(state, Options(port=0, graph_nonce=False), Upstream(offline=True))) as server:
        idp = Idp(server)
        token = graph_token(idp)
        assert list(header_of(token)) == ["typ", "alg", "x5t", "kid"]
        assert jwt.decode(token, keys(idp), algorithms=["RS256"]).claims["aud"] == GRAPH_ID
        with idp.client() as client:
            assert client.get(f"{GRAPH}/v1.0/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_nobody_but_graph_can_verify_a_graph_token(idp):
    token = graph_token(idp)
    assert list(header_of(token)) == ["typ", "nonce", "alg", "x5t", "kid"]
    with pytest.raises(BadSignatureError):
        jwt.decode(token, keys(idp), registry=JWSRegistry(algorithms=["RS256"], strict_check_header=False))


def test_a_graph_tokens_signature_covers_the_hash_of_its_nonce(idp):
    head, payload, signature = graph_token(idp).split(".")
    header = json.loads(base64.urlsafe_b64decode(head + "=="))
    digest = hashlib.sha256(header["nonce"].encode()).digest()
    header["nonce"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    signed = base64.urlsafe_b64encode(json.dumps(header, separators=(",", ":")).encode()).rstrip(b"=").decode()
    key = idp.entra.keys.public_key(header["kid"])
    given = base64.urlsafe_b64decode(signature + "==")
    key.verify(given, f"{signed}.{payload}".encode(), PKCS1v15(), SHA256())
    with pytest.raises(InvalidSignature):
        key.verify(given, f"{head}.{payload}".encode(), PKCS1v15(), SHA256())


def test_tokens_are_compact_json(idp):
    payload = idp.tokens()["access_token"].split(".")[1]
    text = base64.urlsafe_b64decode(payload + "==").decode()
    assert text == json.dumps(json.loads(text), separators=(",", ":"))

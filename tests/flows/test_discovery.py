"""Discovery documents, keys, instance discovery and user realm, as facts §2 has them."""

import hashlib
import json
import time
from base64 import b64decode, urlsafe_b64encode
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from harness import CONTOSO, LOGIN, UNDECLARED, claims_of, error_of, header_of
from joserfc.jwk import RSAKey

CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"
BROWSER_MEMBERS = {"authorization_endpoint", "end_session_endpoint"}

V2_COMMON = (
    '{"token_endpoint":"https://login.microsoftonline.com/common/oauth2/v2.0/token","token_endpoint_auth_methods_'
    'supported":["client_secret_post","private_key_jwt","client_secret_basic","self_signed_tls_client_auth"],"jwk'
    's_uri":"https://login.microsoftonline.com/common/discovery/v2.0/keys","response_modes_supported":["query","f'
    'ragment","form_post"],"subject_types_supported":["pairwise"],"id_token_signing_alg_values_supported":["RS256'
    '"],"response_types_supported":["code","id_token","code id_token","id_token token"],"scopes_supported":["open'
    'id","profile","email","offline_access"],"issuer":"https://login.microsoftonline.com/{tenantid}/v2.0","reques'
    't_uri_parameter_supported":false,"userinfo_endpoint":"https://graph.microsoft.com/oidc/userinfo","authorizat'
    'ion_endpoint":"https://login.microsoftonline.com/common/oauth2/v2.0/authorize","device_authorization_endpoin'
    't":"https://login.microsoftonline.com/common/oauth2/v2.0/devicecode","http_logout_supported":true,"frontchan'
    'nel_logout_supported":true,"end_session_endpoint":"https://login.microsoftonline.com/common/oauth2/v2.0/logo'
    'ut","claims_supported":["sub","iss","cloud_instance_name","cloud_instance_host_name","cloud_graph_host_name"'
    ',"msgraph_host","aud","exp","iat","auth_time","acr","nonce","preferred_username","name","tid","ver","at_hash'
    '","c_hash","email"],"kerberos_endpoint":"https://login.microsoftonline.com/common/kerberos","mtls_endpoint_a'
    'liases":{"token_endpoint":"https://mtlsauth.microsoft.com/common/oauth2/v2.0/token"},"tls_client_certificate'
    '_bound_access_tokens":true,"tenant_region_scope":null,"cloud_instance_name":"microsoftonline.com","cloud_gra'
    'ph_host_name":"graph.windows.net","msgraph_host":"graph.microsoft.com","rbac_url":"https://pas.windows.net"}'
)
"""CAP-2026, facts §2.1."""

V1_COMMON = (
    '{"token_endpoint":"https://login.microsoftonline.com/common/oauth2/token","token_endpoint_auth_methods_suppo'
    'rted":["client_secret_post","private_key_jwt","client_secret_basic"],"jwks_uri":"https://login.microsoftonli'
    'ne.com/common/discovery/keys","response_modes_supported":["query","fragment","form_post"],"subject_types_sup'
    'ported":["pairwise"],"id_token_signing_alg_values_supported":["RS256"],"response_types_supported":["code","i'
    'd_token","code id_token","token id_token","token"],"scopes_supported":["openid"],"issuer":"https://sts.windo'
    'ws.net/{tenantid}/","microsoft_multi_refresh_token":true,"authorization_endpoint":"https://login.microsofton'
    'line.com/common/oauth2/authorize","device_authorization_endpoint":"https://login.microsoftonline.com/common/'
    'oauth2/devicecode","http_logout_supported":true,"frontchannel_logout_supported":true,"end_session_endpoint":'
    '"https://login.microsoftonline.com/common/oauth2/logout","claims_supported":["sub","iss","cloud_instance_nam'
    'e","cloud_instance_host_name","cloud_graph_host_name","msgraph_host","aud","exp","iat","auth_time","acr","am'
    'r","nonce","email","given_name","family_name","nickname"],"check_session_iframe":"https://login.microsoftonl'
    'ine.com/common/oauth2/checksession","userinfo_endpoint":"https://login.microsoftonline.com/common/openid/use'
    'rinfo","kerberos_endpoint":"https://login.microsoftonline.com/common/kerberos","tenant_region_scope":null,"c'
    'loud_instance_name":"microsoftonline.com","cloud_graph_host_name":"graph.windows.net","msgraph_host":"graph.'
    'microsoft.com","rbac_url":"https://pas.windows.net"}'
)
"""IDM OpenIdConfigData, facts §2.2."""


def document(idp, tenant: str, version: str = "/v2.0", host: str = LOGIN, query: str = ""):
    with idp.client() as client:
        return client.get(f"{host}/{tenant}{version}/.well-known/openid-configuration{query}")


def test_with_the_real_front_channel_the_v2_common_document_is_entras_byte_for_byte(real_front):
    text = document(real_front, "common").text
    assert text == V2_COMMON
    assert len(text.encode()) == 1728


def test_with_the_real_front_channel_the_v1_common_document_is_entras_byte_for_byte(real_front):
    assert document(real_front, "common", "").text == V1_COMMON


@pytest.mark.parametrize("tenant", [CONTOSO.id, "contoso.example", "Contoso.Example"])
@pytest.mark.parametrize(("version", "common"), [("/v2.0", V2_COMMON), ("", V1_COMMON)])
def test_a_tenants_document_differs_from_common_by_id_issuer_and_region_alone(real_front, tenant, version, common):
    expected = common.replace("/common/", f"/{CONTOSO.id}/").replace("{tenantid}", CONTOSO.id)
    expected = expected.replace('"tenant_region_scope":null', '"tenant_region_scope":"EU"')
    assert document(real_front, tenant, version).text == expected


@pytest.mark.parametrize(("alias", "issued_by"), [("organizations", "{tenantid}"), ("consumers", CONSUMERS)])
def test_the_other_aliases_have_v2_documents_of_their_own(real_front, alias, issued_by):
    expected = V2_COMMON.replace("/common/", f"/{alias}/").replace("{tenantid}", issued_by)
    assert document(real_front, alias).text == expected


@pytest.mark.parametrize("tenant", ["common", "organizations", "consumers", CONTOSO.id, UNDECLARED, "contoso.example"])
def test_by_default_only_the_members_that_a_browser_opens_differ(idp, real_front, tenant):
    ours, real = document(idp, tenant).json(), document(real_front, tenant).json()
    assert list(ours) == list(real)
    assert {name for name in ours if ours[name] != real[name]} == BROWSER_MEMBERS
    for name in BROWSER_MEMBERS:
        assert ours[name] == real[name].replace(LOGIN, idp.front_url)


@pytest.mark.parametrize("tenant", ["common", CONTOSO.id])
def test_the_same_holds_for_v1(idp, real_front, tenant):
    ours, real = document(idp, tenant, "").json(), document(real_front, tenant, "").json()
    assert list(ours) == list(real)
    assert {name for name in ours if ours[name] != real[name]} == BROWSER_MEMBERS


def test_the_front_channel_serves_the_same_document(idp):
    with idp.browser() as browser:
        assert browser.get("/common/v2.0/.well-known/openid-configuration").text == document(idp, "common").text


@pytest.mark.parametrize("alias", ["organizations", "consumers", "Organizations"])
def test_v1_knows_neither_organizations_nor_consumers(idp, alias):
    answer = document(idp, alias, "")
    assert error_of(answer) == (400, "invalid_tenant", 90002)
    assert answer.json()["error_description"].startswith(f"AADSTS90002: Tenant '{alias}' not found. Check to make sure")
    assert answer.json()["error_uri"] == f"{LOGIN}/error?code=90002"


@pytest.mark.parametrize("tenant", ["no-such", "a_b.example", "-x.example", "x..example", "%20", "%3Cscript%3E"])
@pytest.mark.parametrize("path", ["v2.0/.well-known/openid-configuration", "discovery/v2.0/keys", "discovery/keys"])
def test_a_malformed_tenant_is_refused(idp, tenant, path):
    with idp.client() as client:
        assert error_of(client.get(f"{LOGIN}/{tenant}/{path}")) == (400, "invalid_request", 900023)


def test_an_undeclared_domain_gets_an_id_that_is_always_the_same(idp):
    first = document(idp, "northwind.example").json()["issuer"]
    idp.entra.runtime.reset()
    assert document(idp, "NORTHWIND.example").json()["issuer"] == first
    assert len(first.split("/")[3]) == 36


def test_appid_is_carried_on_to_jwks_uri_and_nowhere_else(idp):
    plain, asked = document(idp, CONTOSO.id).json(), document(idp, CONTOSO.id, query="?appid=a%26b").json()
    assert asked.pop("jwks_uri") == plain.pop("jwks_uri") + "?appid=a%26b"
    assert asked == plain
    with idp.client() as client:
        keys = client.get(f"{LOGIN}/{CONTOSO.id}/discovery/v2.0/keys?appid=x").json()
    assert len(keys["keys"]) == 3


def test_documents_may_be_kept_for_a_day_and_read_from_anywhere(idp):
    headers = document(idp, "common").headers
    assert headers["cache-control"] == "max-age=86400, private"
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["access-control-allow-methods"] == "GET, OPTIONS"
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["p3p"] == 'CP="DSP CUR OTPi IND OTRi ONL FIN"'
    assert len(headers["x-ms-request-id"]) == 36
    assert headers["x-ms-ests-server"].endswith("ProdSlices")
    assert headers["x-ms-srs"] == "1.P"
    assert abs(parsedate_to_datetime(headers["date"]).timestamp() - time.time()) < 60


def test_every_address_that_a_document_names_answers(real_front):
    """With what the protocol says, or with an error or a page that says that it is not served."""
    not_ours = ("graph.windows.net", "pas.windows.net", "mtlsauth.microsoft.com")
    for version in ("/v2.0", ""):
        names = document(real_front, CONTOSO.id, version).json()
        urls = [url for url in names.values() if isinstance(url, str) and url.startswith("https://")]
        with real_front.client() as client:
            for url in urls:
                if urlsplit(url).hostname in not_ours or urlsplit(url).path[-5:] == "/v2.0" or url == names["issuer"]:
                    continue
                answer = client.get(url)
                assert answer.status_code < 500, url
                assert "There is nothing here" not in answer.text, url


@pytest.mark.parametrize(
    ("tenant", "issuer"),
    [
        ("common", "{tenantid}"),
        ("organizations", "{tenantid}"),
        (CONTOSO.id, "{tenantid}"),
        ("consumers", CONSUMERS),
    ],
)
def test_v2_keys_have_entras_members_in_its_order(idp, tenant, issuer):
    with idp.client() as client:
        keys = client.get(f"{LOGIN}/{tenant}/discovery/v2.0/keys").json()["keys"]
    assert len(keys) > 1
    for key in keys:
        assert list(key) == ["kty", "use", "kid", "x5t", "n", "e", "x5c", "cloud_instance_name", "issuer"]
        assert (key["kty"], key["use"], key["e"]) == ("RSA", "sig", "AQAB")
        assert key["cloud_instance_name"] == "microsoftonline.com"
        assert key["issuer"] == f"https://login.microsoftonline.com/{issuer}/v2.0"


def test_v1_keys_lack_issuer_and_cloud(idp):
    with idp.client() as client:
        v1 = client.get(f"{LOGIN}/common/discovery/keys").json()["keys"]
        v2 = client.get(f"{LOGIN}/common/discovery/v2.0/keys").json()["keys"]
    for old, new in zip(v1, v2, strict=True):
        assert old == {name: new[name] for name in ("kty", "use", "kid", "x5t", "n", "e", "x5c")}


def test_kid_and_x5t_are_the_thumbprint_of_the_certificate_which_looks_like_entras(idp):
    with idp.client() as client:
        keys = client.get(f"{LOGIN}/common/discovery/v2.0/keys").json()["keys"]
    for key in keys:
        (encoded,) = key["x5c"]
        der = b64decode(encoded, validate=True)
        thumbprint = urlsafe_b64encode(hashlib.sha1(der).digest()).rstrip(b"=").decode()
        assert key["kid"] == key["x5t"] == thumbprint
        certificate = x509.load_der_x509_certificate(der)
        assert certificate.subject == certificate.issuer
        assert certificate.subject.rfc4514_string() == "CN=accounts.accesscontrol.windows.net"
        assert (certificate.not_valid_after_utc - certificate.not_valid_before_utc).days in (1825, 1826, 1827)
        assert 0 < certificate.serial_number < 2**64
        assert [extension.oid._name for extension in certificate.extensions] == ["subjectKeyIdentifier"]
        imported = RSAKey.import_key(certificate.public_key().public_bytes(*_pem()).decode())
        assert imported.as_dict()["n"] == key["n"]


def _pem():
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return Encoding.PEM, PublicFormat.SubjectPublicKeyInfo


def test_one_of_the_keys_signs(idp):
    tokens = idp.tokens()
    kids = {header_of(tokens[name])["kid"] for name in ("access_token", "id_token")}
    with idp.client() as client:
        published = [k["kid"] for k in client.get(f"{LOGIN}/common/discovery/v2.0/keys").json()["keys"]]
    assert len(kids) == 1
    assert kids < set(published)
    assert claims_of(tokens["id_token"])["iss"] == document(idp, CONTOSO.id).json()["issuer"]


def test_no_private_part_is_published(idp):
    with idp.client() as client:
        text = client.get(f"{LOGIN}/common/discovery/v2.0/keys").text
    assert not {"d", "p", "q", "dp", "dq", "qi"} & {name for key in json.loads(text)["keys"] for name in key}


def instance(idp, **query: str):
    with idp.client() as client:
        return client.get(f"{LOGIN}/common/discovery/instance", params={"api-version": "1.1", **query})


@pytest.mark.parametrize(
    ("asked", "document"),
    [
        ("https://login.microsoftonline.com/common/oauth2/v2.0/authorize", "common/v2.0"),
        ("https://login.microsoftonline.com/common/oauth2/authorize", "common"),
        (f"https://login.microsoftonline.com:443/{CONTOSO.id}/oauth2/v2.0/authorize", f"{CONTOSO.id}/v2.0"),
        ("https://LOGIN.microsoftonline.com/contoso.example", "contoso.example"),
    ],
)
def test_instance_discovery_names_the_document_of_the_version_that_was_asked(idp, asked, document):
    answer = instance(idp, authorization_endpoint=asked)
    body = answer.json()
    assert list(body) == ["tenant_discovery_endpoint", "api-version", "metadata"]
    assert body["tenant_discovery_endpoint"] == f"{LOGIN}/{document}/.well-known/openid-configuration"
    assert body["api-version"] == "1.1"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_instance_discovery_lists_the_clouds_as_recorded(idp):
    body = instance(idp, authorization_endpoint=f"{LOGIN}/common/oauth2/authorize").json()
    assert body["metadata"][0] == {
        "preferred_network": "login.microsoftonline.com",
        "preferred_cache": "login.windows.net",
        "aliases": ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
    }
    assert [entry["preferred_network"] for entry in body["metadata"]] == [
        "login.microsoftonline.com",
        "login.partner.microsoftonline.cn",
        "login.microsoftonline.de",
        "login.microsoftonline.us",
        "login-us.microsoftonline.com",
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "x",
        "https://login.example.com/common/oauth2/v2.0/authorize",
        "http://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        "https://login.microsoftonline.com",
        "https://login.microsoftonline.com@evil.example/common",
        "https://[::1/common",
        "https://[",
        "https://login.microsoftonline.com.evil.example/common/oauth2/authorize",
        "https://graph.microsoft.com/common/oauth2/authorize",
    ],
)
def test_instance_discovery_refuses_a_host_that_is_not_microsofts(idp, asked):
    answer = instance(idp, authorization_endpoint=asked)
    assert error_of(answer) == (400, "invalid_instance", 50049)
    assert answer.json()["error_description"].startswith("AADSTS50049: Unknown or invalid instance. Trace ID: ")


def realm(idp, upn: str) -> dict:
    with idp.client() as client:
        return client.get(f"{LOGIN}/common/userrealm/{upn}?api-version=1.0").json()


@pytest.mark.parametrize("upn", ["rita@contoso.example", "someone@anything.example", "a%40b%40Contoso.Example"])
def test_every_domain_is_managed(idp, upn):
    assert realm(idp, upn) == {
        "ver": "1.0",
        "account_type": "Managed",
        "domain_name": upn.replace("%40", "@").rpartition("@")[2].lower(),
        "cloud_instance_name": "microsoftonline.com",
        "cloud_audience_urn": "urn:federation:MicrosoftOnline",
    }


@pytest.mark.parametrize(
    "path",
    [
        "common/UserRealm/rita@contoso.example",
        "common/userrealm?user=rita@contoso.example",
        "common/userrealm/?user=rita%40contoso.example",
        "common//userrealm//rita@contoso.example/",
    ],
)
def test_a_realm_is_found_however_its_path_is_written(idp, path):
    with idp.client() as client:
        assert client.get(f"{LOGIN}/{path}").json()["domain_name"] == "contoso.example"


@pytest.mark.parametrize("path", ["common//v2.0/", "Common/V2.0/", "common///v2.0//"])
def test_slashes_and_case_of_a_path_do_not_matter(idp, path):
    with idp.client() as client:
        for name in (".well-known/openid-configuration", ".well-known/OpenID-Configuration/"):
            assert client.get(f"{LOGIN}/{path}{name}").json() == client.get(f"{LOGIN}/common/v2.0/{name}").json()


@pytest.mark.parametrize("upn", ["rita", "rita@", "rita@nodots", CONTOSO.id, "a/b", "rita@%3Cb%3E.example", ""])
def test_what_is_no_users_name_belongs_to_an_unknown_realm(idp, upn):
    assert realm(idp, upn) == {"ver": "1.0", "account_type": "Unknown", "cloud_instance_name": "microsoftonline.com"}

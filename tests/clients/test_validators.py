"""Libraries by which a Python API checks its tokens, as they are: with keys that they fetch, of both versions."""

import json
import urllib.request
import warnings

import jwt
import needs
import pytest
from harness import LOGIN
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import KeySet

ORDERS = "api://orders"


def fetched(url):
    return json.load(urllib.request.urlopen(url))


def by_pyjwt(token, keys, issuer, audience):
    key = jwt.PyJWKClient(keys).get_signing_key_from_jwt(token)
    return jwt.decode(token, key, algorithms=["RS256"], audience=audience, issuer=issuer)


def by_joserfc(token, keys, issuer, audience):
    found = joserfc_jwt.decode(token, KeySet.import_key_set(fetched(keys)), algorithms=["RS256"])
    asked = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": audience}}
    joserfc_jwt.JWTClaimsRegistry(**asked).validate(found.claims)
    return found.claims


def by_python_jose(token, keys, issuer, audience):
    jose_jwt = needs.python_package("jose.jwt")
    return jose_jwt.decode(token, fetched(keys), algorithms=["RS256"], audience=audience, issuer=issuer)


def by_authlib(token, keys, issuer, audience):
    with warnings.catch_warnings(record=True):  # it lets nobody ignore that it is deprecated
        authlib = needs.python_package("authlib.jose")
    asked = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": audience}}
    found = authlib.JsonWebToken(["RS256"]).decode(
        token, authlib.JsonWebKey.import_key_set(fetched(keys)), claims_options=asked
    )
    found.validate()
    return found


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
@pytest.mark.parametrize("validate", [by_pyjwt, by_joserfc, by_python_jose, by_authlib])
@pytest.mark.parametrize("version", [1, 2])
def test_what_is_right_is_taken_and_nothing_else(entra, validate, version):
    asked = {"audience": ORDERS, "scopes": ["read"], "version": version}
    token = entra.token("rita", **asked)
    document = fetched(f"{LOGIN}/{entra.tenant}/{'v2.0/' if version == 2 else ''}.well-known/openid-configuration")
    keys, issuer, audience = document["jwks_uri"], document["issuer"], token.claims["aud"]
    assert validate(str(token), keys, issuer, audience)["ver"] == f"{version}.0"
    late, elsewhere = (
        entra.token("rita", expires_in=-400, **asked), entra.token("rita", tenant="northwind.example", **asked),
    )  # fmt: skip
    wrong = [
        (str(late), audience),
        (str(elsewhere), audience),
        (str(token), "api://other"),
        (f"{token}"[:-8] + "A" * 8, audience),
    ]
    for each, wanted in wrong:
        with pytest.raises(Exception, match=r"(?i)expired|issuer|audience|signature|iss|aud|decode"):
            validate(each, keys, issuer, wanted)
    entra.rotate_keys()
    assert validate(str(entra.token("rita", **asked)), keys, issuer, audience)["tid"] == entra.tenant


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("validate", [by_pyjwt, by_joserfc, by_python_jose, by_authlib])
def test_a_multi_tenant_api_takes_the_issuer_of_the_tokens_own_tenant(entra, validate):
    document = fetched(f"{LOGIN}/common/v2.0/.well-known/openid-configuration")
    for tenant in (entra.tenant, "northwind.example"):
        token = entra.token("rita", tenant=tenant, audience=ORDERS, scopes=["read"], version=2)
        issuer = document["issuer"].replace("{tenantid}", token.claims["tid"])
        assert validate(str(token), document["jwks_uri"], issuer, token.claims["aud"])["tid"] == token.claims["tid"]

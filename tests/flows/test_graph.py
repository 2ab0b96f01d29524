"""Microsoft Graph: who is signed in, userinfo, and the bearer check with Graph's own errors (facts §8)."""

import base64
import json
import re

import pytest
from harness import ANY_CLIENT, API_SCOPES, CONTOSO, GRAPH, UNDECLARED, claims_of
from joserfc import jwt as jose
from joserfc.jwk import RSAKey

RITA = CONTOSO.users[1]
ME = f"{GRAPH}/v1.0/me"
USERINFO = f"{GRAPH}/oidc/userinfo"


@pytest.fixture
def token(idp) -> str:
    return idp.redeem(idp.code(scope="openid profile email User.Read")).json()["access_token"]


def get(idp, url: str, token: str | None = None, method: str = "GET", **headers: str):
    with idp.client() as client:
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        return client.request(method, url, headers={**bearer, **headers})


def refusal(answer) -> tuple[int, str, str]:
    error = answer.json()["error"]
    assert list(error) == ["code", "message", "innerError"]
    assert list(error["innerError"]) == ["date", "request-id", "client-request-id"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", error["innerError"]["date"])
    assert answer.headers["request-id"] == error["innerError"]["request-id"]
    return answer.status_code, error["code"], error["message"]


def forged(token: str, header: dict | None = None, claims: dict | None = None, key: RSAKey | None = None) -> str:
    """The token with other members, signed by a stranger."""
    head = {"typ": "JWT", "alg": "RS256", **(header or {})}
    return jose.encode(head, {**claims_of(token), **(claims or {})}, key or RSAKey.generate_key(2048))


def test_me_has_the_eleven_default_properties_in_graphs_order(idp, token):
    answer = get(idp, ME, token)
    assert list(answer.json().items()) == [
        ("@odata.context", "https://graph.microsoft.com/v1.0/$metadata#users/$entity"),
        ("businessPhones", ["+1 412 555 0109"]),
        ("displayName", "Rita Reader"),
        ("givenName", "Rita"),
        ("jobTitle", "Analyst"),
        ("mail", "rita@contoso.example"),
        ("mobilePhone", None),
        ("officeLocation", "12/1110"),
        ("preferredLanguage", "en-US"),
        ("surname", "Reader"),
        ("userPrincipalName", "rita@contoso.example"),
        ("id", RITA.id),
    ]
    assert answer.headers["content-type"].startswith("application/json;odata.metadata=minimal;")
    assert answer.headers["odata-version"] == "4.0"
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    "url",
    [f"{GRAPH}/v1.0/me/", f"{GRAPH}/V1.0/Me", f"{GRAPH}/v1.0//me", f"{GRAPH}//v1.0///me", f"{GRAPH}//oidc//userinfo"],
)
def test_slashes_and_case_do_not_matter(idp, token, url):
    assert get(idp, url, token).status_code == 200


def test_select_names_the_properties_of_me_and_their_order(idp, token):
    answer = get(idp, f"{ME}?$select=id,displayname, accountEnabled,otherMails,department,id", token).json()
    assert list(answer.items()) == [
        (
            "@odata.context",
            "https://graph.microsoft.com/v1.0/$metadata#users(id,displayName,accountEnabled,otherMails,department)/$entity",
        ),
        ("id", RITA.id),
        ("displayName", "Rita Reader"),
        ("accountEnabled", True),
        ("otherMails", []),
        ("department", None),
    ]
    assert get(idp, f"{ME}?$select=*", token).json() == get(idp, ME, token).json()


def test_a_property_that_a_user_has_not_is_refused_in_graphs_words(idp, token):
    status, code, message = refusal(get(idp, f"{ME}?%24select=id,shoeSize", token))
    assert (status, code) == (400, "BadRequest")
    assert message.startswith("Parsing OData Select and Expand failed: Could not find a property named 'shoeSize' on")


def test_me_of_a_user_who_was_made_on_touch(idp):
    with idp.browser() as browser:
        page = idp.authorize(browser, UNDECLARED, client_id=ANY_CLIENT, scope="openid User.Read")
        answer = idp.submit(browser, page, loginfmt="bob.builder@shop.example", passwd="x")
        code = answer.headers["location"].partition("code=")[2].partition("&")[0]
    token = idp.redeem(code, UNDECLARED, client_id=ANY_CLIENT).json()["access_token"]
    me = get(idp, ME, token).json()
    assert (me["displayName"], me["userPrincipalName"]) == ("Bob Builder", "bob.builder@shop.example")
    assert (me["jobTitle"], me["businessPhones"]) == (None, [])
    idp.entra.runtime.reset()
    assert get(idp, ME, token).json() == me


def test_userinfo_has_sub_always_and_the_others_by_scope(idp, token):
    answer = get(idp, USERINFO, token)
    assert list(answer.json().items()) == [
        ("sub", claims_of(token)["xms_st"]["sub"]),
        ("name", "Rita Reader"),
        ("family_name", "Reader"),
        ("given_name", "Rita"),
        ("picture", "https://graph.microsoft.com/v1.0/me/photo/$value"),
        ("email", "rita@contoso.example"),
    ]
    assert get(idp, USERINFO, token, "POST").json() == answer.json()
    bare = idp.redeem(idp.code(scope="openid")).json()
    assert get(idp, USERINFO, bare["access_token"]).json() == {"sub": claims_of(bare["id_token"])["sub"]}


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer"}, {"Authorization": "Basic eDp5"}])
@pytest.mark.parametrize("url", [ME, USERINFO])
def test_without_a_token_it_is_empty(idp, url, header):
    answer = get(idp, url, **header)
    assert refusal(answer) == (401, "InvalidAuthenticationToken", "Access token is empty.")
    assert answer.headers["www-authenticate"] == (
        'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", '
        'client_id="00000003-0000-0000-c000-000000000000"'
    )


@pytest.mark.parametrize(
    "junk",
    [
        *("x", "x.y", "x.y.z", "...", "e30.e30.", "e30.e30.e30", "bnVsbA.e30.e30", "W10.e30.e30", "a" * 5000),
        "eyJ4NXQiOiJhIn0.e30.e30",
    ],
)
def test_junk_is_no_token(idp, junk):
    answer = get(idp, ME, junk)
    assert refusal(answer)[:2] == (401, "InvalidAuthenticationToken")
    assert "www-authenticate" in answer.headers


def test_junk_without_dots_is_told_in_graphs_words(idp):
    assert refusal(get(idp, ME, "junk"))[2].startswith("IDX14100: JWT is not well formed, there are no dots (.).")


def test_an_expired_token_is_refused(idp, clock):
    token = idp.redeem(idp.code(scope="openid User.Read")).json()["access_token"]
    clock.seconds = claims_of(token)["exp"]
    assert refusal(get(idp, ME, token)) == (
        401,
        "InvalidAuthenticationToken",
        "Lifetime validation failed, the token is expired.",
    )
    clock.forward(-1)
    assert get(idp, ME, token).status_code == 200
    clock.seconds = claims_of(token)["nbf"] - 1
    assert refusal(get(idp, ME, token))[0] == 401


def test_a_v2_token_of_another_api_has_no_x5t(idp):
    own = idp.tokens()["access_token"]
    assert refusal(get(idp, ME, own)) == (401, "InvalidAuthenticationToken", "Invalid x5t claim.")
    identity = idp.tokens()["id_token"]
    assert refusal(get(idp, ME, identity)) == (401, "InvalidAuthenticationToken", "Invalid x5t claim.")


def test_a_v1_token_of_another_api_has_another_audience(idp, journal):
    scope = "openid api://orders/read"
    answer = idp.redeem(idp.code(UNDECLARED, client_id=ANY_CLIENT, scope=scope), UNDECLARED, client_id=ANY_CLIENT)
    refused = get(idp, ME, answer.json()["access_token"])
    assert refusal(refused) == (
        401,
        "InvalidAuthenticationToken",
        "Access token validation failure. Invalid audience.",
    )
    assert any("api://orders" in note for note in journal[-1].notes)


def test_a_strangers_signature_is_invalid(idp, token):
    kid = idp.entra.keys.kid
    answer = get(idp, ME, forged(token, {"kid": kid, "x5t": kid}))
    assert refusal(answer) == (401, "InvalidAuthenticationToken", "Signature is invalid.")
    answer = get(idp, ME, forged(token, {"kid": "x", "x5t": "x"}))
    assert refusal(answer) == (401, "InvalidAuthenticationToken", "Invalid x5t claim.")


def test_a_changed_payload_is_invalid(idp, token):
    head, payload, signature = token.split(".")
    claims = {**claims_of(token), "oid": CONTOSO.users[0].id}
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    assert refusal(get(idp, ME, f"{head}.{changed}.{signature}"))[2] == "Signature is invalid."
    assert payload != changed


def test_no_signature_at_all_is_refused(idp, token):
    kid = idp.entra.keys.kid
    header = (
        base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": kid, "x5t": kid}).encode()).rstrip(b"=").decode()
    )
    assert refusal(get(idp, ME, f"{header}.{token.split('.')[1]}."))[0] == 401


def test_without_a_reading_permission_me_is_denied(idp, journal):
    token = idp.redeem(idp.code(scope="openid profile", client_id="3EB0A990-0000-4000-8000-000000003EB0")).json()
    claims = claims_of(token["access_token"])
    assert "User.Read" in claims["scp"].split()  # consented to for all, so it is always there
    other = idp.redeem(idp.code(UNDECLARED, client_id=ANY_CLIENT, scope="openid"), UNDECLARED, client_id=ANY_CLIENT)
    answer = get(idp, ME, other.json()["access_token"])
    assert refusal(answer) == (
        403,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
    )
    assert any("User.Read" in note for note in journal[-1].notes)


@pytest.mark.parametrize(
    ("path", "segment"),
    [("/v1.0/users", "users"), ("/beta/me", "me"), ("/v1.0/me/photo/$value", "photo"), ("/v1.0", "/v1.0")],
)
def test_what_is_not_served_is_a_bad_request_that_names_the_segment(idp, token, path, segment):
    answer = get(idp, GRAPH + path, token)
    assert refusal(answer) == (400, "BadRequest", f"Resource not found for the segment '{segment}'.")


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_a_wrong_method_is_refused_in_graphs_words(idp, token, method):
    answer = get(idp, ME, token, method)
    assert refusal(answer) == (
        405,
        "BadRequest",
        "Specified HTTP method is not allowed for the request target.",
    )
    assert answer.headers["allow"] == "GET, OPTIONS"


def test_bad_input_is_refused_in_graphs_shape(idp, token):
    for query in ("?a=1&a=2", "?a=%zz", "?a=%00", "?" + "&".join(f"p{n}=1" for n in range(500))):
        assert refusal(get(idp, ME + query, token))[:2] == (400, "BadRequest")


def test_any_page_may_read_an_answer_since_it_has_to_bring_a_token(idp, token):
    origin = {"Origin": "https://app.example"}
    assert get(idp, ME, token, **origin).headers["access-control-allow-origin"] == "*"
    assert get(idp, ME, **origin).headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in get(idp, ME, token).headers
    answer = get(idp, ME, method="OPTIONS", **origin)
    assert answer.status_code == 204
    assert "authorization" in answer.headers["access-control-allow-headers"]


def test_the_clients_request_id_comes_back(idp, token):
    sent = "0f0e0d0c-1111-4222-8333-444455556666"
    assert get(idp, ME, token, **{"client-request-id": sent}).headers["client-request-id"] == sent
    unnamed = get(idp, ME, token).headers
    assert unnamed["client-request-id"] == unnamed["request-id"]
    answer = get(idp, ME, **{"client-request-id": sent})
    assert answer.json()["error"]["innerError"]["client-request-id"] == sent


def test_head_has_no_body(idp, token):
    answer = get(idp, ME, token, "HEAD")
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_refresh_token_fetches_the_graph_token_that_me_wants(idp):
    first = idp.tokens(scope=f"openid offline_access {API_SCOPES}")
    graph = idp.token(grant_type="refresh_token", refresh_token=first["refresh_token"], scope="User.Read").json()
    assert get(idp, ME, graph["access_token"]).json()["displayName"] == "Rita Reader"

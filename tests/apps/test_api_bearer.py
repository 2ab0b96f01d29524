"""How a token has to arrive, and that every refusal has its challenge (RFC 6750)."""

import pytest

REALM = 'realm="api://c750c37c-6c67-4211-a9e2-6f035a897cfa"'


def test_without_a_token_the_challenge_has_no_error(api):
    answer = api.get("/data/read")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == f"Bearer {REALM}"


@pytest.mark.parametrize(
    "value", ["", " ", "Bearer", "bearer ", "Basic dXNlcjpwYXNz", "Token x", "Bearer:x", "Bearerx"]
)
def test_a_header_without_a_bearer_token_is_the_same_as_none(api, value):
    answer = api.get("/data/read", headers={"Authorization": value})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == f"Bearer {REALM}"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR", "Bearer  "])
def test_the_scheme_is_read_in_any_case(api, tenant, scheme):
    assert api.get("/data/read", headers={"Authorization": f"{scheme} {tenant.token()}"}).status_code == 200


@pytest.mark.parametrize("value", ["Bearer a b", "Bearer a, Bearer b", "bearer a b c", "Bearer Bearer a"])
def test_more_than_a_token_is_an_invalid_request(api, value):
    answer = api.get("/data/read", headers={"Authorization": value})
    assert answer.status_code == 400
    assert answer.headers["WWW-Authenticate"] == (
        f'Bearer {REALM}, error="invalid_request", '
        "error_description=\"The Authorization header must be 'Bearer' and one token, and has more words.\""
    )


def test_two_headers_are_an_invalid_request(api, tenant):
    value = f"Bearer {tenant.token()}"
    answer = api.get("/data/read", headers=[("Authorization", value), ("authorization", value)])
    assert answer.status_code == 400
    assert answer.headers["WWW-Authenticate"] == (
        f'Bearer {REALM}, error="invalid_request", '
        'error_description="The request has more than one Authorization header."'
    )


def test_a_token_in_the_query_is_not_looked_at(api, tenant):
    answer = api.get("/data/read", params={"access_token": tenant.token()})
    assert answer.headers["WWW-Authenticate"] == f"Bearer {REALM}"


def test_a_token_in_a_cookie_is_not_looked_at(api, tenant):
    answer = api.get("/data/read", headers={"Cookie": f"access_token={tenant.token()}"})
    assert answer.status_code == 401

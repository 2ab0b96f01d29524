"""The parameter ``claims`` takes whatever comes: what is no claims request is refused, and nothing else falls over."""

import json

from harness import ANY_CLIENT, CONTOSO, UNDECLARED, claims_of, redirected
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = st.sampled_from(["access_token", "id_token", "userinfo", "x"])
NAMES = st.sampled_from(["acrs", "xms_cc", "nbf", "auth_time", "groups", "sub"])
ASKED = st.fixed_dictionaries({}, optional={"essential": JSON, "value": JSON, "values": JSON})
REQUESTS = st.dictionaries(MEMBERS, st.dictionaries(NAMES, ASKED | st.none(), max_size=3) | JSON, max_size=3)

lightly = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def asked(idp, claims: str):
    with idp.client() as client:
        return client.post(
            f"https://login.microsoftonline.com/{UNDECLARED}/oauth2/v2.0/token",
            data={
                "grant_type": "client_credentials", "client_id": ANY_CLIENT, "client_secret": "s",
                "scope": "api://orders/.default", "claims": claims,
            },
        )  # fmt: skip


@lightly
@given(REQUESTS)
def test_any_claims_request_is_answered_by_a_token_without_what_it_made_up(idp, request_):
    answer = asked(idp, json.dumps(request_))
    assert (answer.status_code, idp.entra.journal.faults) == (200, [])
    assert claims_of(answer.json()["access_token"])["appid"] == ANY_CLIENT
    assert "groups" not in claims_of(answer.json()["access_token"])


@lightly
@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=60))
def test_any_text_is_taken_or_refused(idp, text):
    answer = asked(idp, text)
    assert idp.entra.journal.faults == []
    try:
        right = isinstance(json.loads(text), dict)
    except ValueError:
        right = False
    assert (answer.status_code == 200) == right
    if not right:
        assert answer.json()["error_codes"] == [90100]


def test_what_is_nested_without_end_is_refused(idp):
    assert asked(idp, "[" * 50_000).json()["error_codes"] == [90100]


def test_at_authorize_it_is_refused_at_the_redirect_uri(idp):
    with idp.browser() as browser:
        assert redirected(idp.authorize(browser, CONTOSO.id, claims="no json"))[1] == 90100

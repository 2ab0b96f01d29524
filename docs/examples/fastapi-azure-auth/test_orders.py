"""Scopes, roles and refusals, each with a token in hand."""

import pytest

from orders import CLIENT_ID


def test_an_app_that_acts_for_rita_reads_orders(entra, client):
    token = entra.token("rita", audience=CLIENT_ID, scopes=["user_impersonation"])
    assert client.get("/orders", headers=token.header).json() == [{"id": 1, "item": "a bicycle"}]


def test_another_scope_is_not_enough(entra, client):
    token = entra.token("rita", audience=CLIENT_ID, scopes=["something.else"])
    answer = client.get("/orders", headers=token.header)
    assert (answer.status_code, answer.json()["detail"]["message"]) == (403, "Required scope missing")


def test_an_approver_approves(entra, client):
    token = entra.token("walt", audience=CLIENT_ID, roles=["Approver"])
    answer = client.post("/orders/1/approval", headers=token.header)
    assert answer.json() == {"id": 1, "approved_by": "walt@contoso.example"}


def test_so_does_a_daemon_with_the_role(entra, client):
    token = entra.app_token(audience=CLIENT_ID, roles=["Approver"])
    assert client.post("/orders/1/approval", headers=token.header).status_code == 200


def test_nobody_else_approves(entra, client):
    token = entra.token("rita", audience=CLIENT_ID)
    assert client.post("/orders/1/approval", headers=token.header).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"expires_in": -1},
        {"audience": "api://something-else"},
        {"tenant": "another.example"},
        {"version": 1},
        {"claims": {"nbf": None}},
    ],
    ids=str,
)
def test_a_token_for_something_else_is_refused(entra, client, wrong):
    token = entra.token("rita", **{"audience": CLIENT_ID, **wrong})
    assert client.get("/orders", headers=token.header).status_code == 401


def test_guests_stay_outside(entra, client):
    entra.user("gil", user_type="Guest", identity_provider="https://sts.windows.net/another-tenant/")
    token = entra.token("gil", audience=CLIENT_ID)
    answer = client.get("/orders", headers=token.header)
    assert (answer.status_code, answer.json()["detail"]["message"]) == (403, "Guest users not allowed")


def test_so_do_strangers(client):
    assert client.get("/orders").status_code == 401

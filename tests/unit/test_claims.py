"""What a test may override in a token that it mints."""

import time

import pytest
from acme import ACME, API, API_URI, BOB, CLIENT, INNER, given
from harness import claims_of

from mock_idp.runtime.chance import Chance
from mock_idp.runtime.clock import Clock
from mock_idp.runtime.tenants import DeclaredTenant
from mock_idp.tokens.authorization import Authorization, Subject
from mock_idp.tokens.issue import Issuer
from mock_idp.tokens.keys import Keyring

TENANT = DeclaredTenant(ACME._replace(role_assignments=(given(BOB, API, "Both"), given(INNER, API, "Reader"))))


@pytest.fixture(scope="module")
def issuer(state) -> Issuer:
    return Issuer(Keyring.load(state), Clock(), Chance())


def user_token(issuer: Issuer, **fields) -> dict:
    made = issuer.access_token(
        Authorization(
            tenant=TENANT, client=CLIENT, client_proof="1", resource=API, audience=API_URI, scopes=("data.read",),
            subject=Subject(user=BOB, sid="s", auth_time=1), **fields,
        )
    )  # fmt: skip
    assert claims_of(made.text) == made.claims
    return made.claims | {"expires_in": made.expires_in}


def test_what_is_minted_can_have_other_roles_groups_version_and_claims(issuer):
    plain = user_token(issuer)
    assert (plain["roles"], plain["ver"]) == (["Both", "Reader"], "2.0")
    assert "groups" not in plain
    changed = user_token(
        issuer, roles=("Writer",), groups=("g1", "g2"), version=1, claims={"name": None, "zone": 7, "scp": "all"}
    )
    assert (changed["roles"], changed["groups"], changed["ver"]) == (["Writer"], ["g1", "g2"], "1.0")
    assert (changed["aud"], changed["zone"], changed["scp"]) == (API_URI, 7, "all")
    assert "name" not in changed
    assert {"roles", "groups"}.isdisjoint(user_token(issuer, roles=(), groups=()))


@pytest.mark.parametrize("seconds", [-400, 0, 60])
def test_a_minted_token_lives_as_long_as_was_wished(issuer, seconds):
    claims = user_token(issuer, expires_in=seconds)
    assert abs(claims["exp"] - seconds - time.time()) < 5
    assert claims["expires_in"] == seconds - 1


def test_too_many_given_groups_are_pointed_to_as_well(issuer):
    claims = user_token(issuer, groups=tuple(str(n) for n in range(201)))
    assert claims["_claim_names"] == {"groups": "src1"}
    assert "groups" not in claims

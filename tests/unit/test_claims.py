"""The claims table is all that a token can carry, whatever was declared; and what a test may override."""

import json
import time
from dataclasses import replace

import pytest
from acme import ACME, API, API_URI, BOB, CLIENT, GIL, INNER, LIV, OLA, given
from harness import claims_of
from hypothesis import given as when
from hypothesis import strategies as st

from mock_idp.directory.models import OptionalClaim
from mock_idp.runtime.chance import Chance
from mock_idp.runtime.clock import Clock
from mock_idp.runtime.tenants import DeclaredTenant, first_party
from mock_idp.tokens.authorization import Authorization, Subject
from mock_idp.tokens.claims import CLAIMS, fill
from mock_idp.tokens.drafts import Draft, Kind
from mock_idp.tokens.issue import Issuer
from mock_idp.tokens.keys import Keyring

EXTENSION = "extension_ab603c56068041afb2f6832e2a17e237_skypeId"
TENANT = DeclaredTenant(replace(ACME, role_assignments=(given(BOB, API, "Both"), given(INNER, API, "Reader"))))
GRAPH = first_party(ACME.id)["https://graph.microsoft.com"]
NAMES = [*sorted({row.name for row in CLAIMS}), EXTENSION, "no_such_claim"]
PROPERTIES = (
    *("use_guid", "include_user_token", "include_externally_authenticated_upn", "sam_account_name"),
    *("cloud_displayname", "emit_as_roles", "include_externally_authenticated_upn_without_hash"),
)
ATTRIBUTES = {"country": "DE", "otherMails": ["b@acme.test"], "preferredDataLocation": "EUR", EXTENSION: "x"}

optional = st.lists(
    st.builds(
        OptionalClaim,
        name=st.sampled_from(NAMES),
        additional_properties=st.lists(st.sampled_from(PROPERTIES), max_size=3).map(tuple),
    ),
    max_size=12,
).map(tuple)
kinds_of_groups = st.lists(
    st.sampled_from(["SecurityGroup", "DirectoryRole", "ApplicationGroup", "All", "None"]), max_size=2
).map(tuple)


@st.composite
def drafts(draw) -> Draft:
    kind = draw(st.sampled_from(Kind))
    is_app_only = kind in (Kind.APP_V1, Kind.APP_V2, Kind.GRAPH_APP)
    configured = {
        "access_token_claims": draw(optional),
        "id_token_claims": draw(optional),
        "group_membership_claims": draw(kinds_of_groups),
    }
    user = replace(draw(st.sampled_from([BOB, GIL, LIV, OLA])), attributes=draw(st.sampled_from([{}, ATTRIBUTES])))
    resource = GRAPH if kind in (Kind.GRAPH, Kind.GRAPH_APP) else replace(API, **configured)
    client = replace(CLIENT, **configured)
    authorization = Authorization(
        tenant=TENANT,
        client=client,
        client_proof="1",
        resource=resource,
        audience=API_URI,
        subject=None if is_app_only else Subject(user=user, sid="s", auth_time=1),
        scopes=("data.read",),
        oidc_scopes=draw(st.sampled_from([("openid",), ("openid", "profile", "email")])),
        nonce=draw(st.sampled_from([None, "n"])),
        wants_auth_time=draw(st.booleans()),
        capabilities=draw(st.sampled_from([(), ("CP1",)])),
        groups=draw(st.sampled_from([None, None, (), ("a",), tuple(map(str, range(201)))])),
        roles=draw(st.sampled_from([None, None, (), ("r",)])),
    )
    return Draft(kind, authorization, client if kind is Kind.ID_V2 else resource, 1, 2, Chance(1))


def allows(row, name: str, draft: Draft) -> bool:
    """Whether a row of the table lets a token carry a claim, by what the row says of itself alone."""
    asked = {claim.name for claim in draft.optional}
    if row.name == "extn.*":
        return name.startswith("extn.") and draft.kind in row.kinds and EXTENSION in asked
    return (
        row.name == name
        and draft.kind in row.kinds
        and (row.condition.holds is None or row.condition.holds(draft))
        and (not row.condition.optional or name in asked)
    )


@when(drafts())
def test_no_token_carries_a_claim_that_the_table_does_not_allow(draft):
    payload = fill(draft)
    for name in payload:
        assert any(allows(row, name, draft) for row in CLAIMS), name
    assert list(payload)[:5] == ["aud", "iss", "iat", "nbf", "exp"]
    assert list(payload)[5:] == sorted(list(payload)[5:])
    assert json.loads(json.dumps(payload)) == payload
    assert not ("groups" in payload and "_claim_names" in payload)
    assert len(payload.get("groups", ())) <= 200


def test_every_row_says_when_it_counts():
    assert all(row.condition.about and row.source and row.kinds for row in CLAIMS)
    assert len({(row.name, row.condition.about, row.kinds) for row in CLAIMS}) == len(CLAIMS)


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

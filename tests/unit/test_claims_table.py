"""The claims table is all that a token can carry, in its forms and its order, whatever was declared; golden files."""

import json

import golden_tokens
import pytest
from acme import ACME, API, API_URI, BOB, CLIENT, GIL, INNER, LIV, MANY, OLA, given
from hypothesis import given as when
from hypothesis import settings
from hypothesis import strategies as st

from mock_idp.directory.models import MappedClaim, OptionalClaim
from mock_idp.runtime.chance import Chance
from mock_idp.runtime.tenants import DeclaredTenant, first_party
from mock_idp.tokens.authorization import Authorization, Subject
from mock_idp.tokens.claims import CLAIMS, FAMILIES, Claim, fill
from mock_idp.tokens.drafts import APP_ONLY, EVERY, ID, TOKENS, Draft, Kind, described

GUID = "0123abcd-0000-4000-8000-0123456789ab"
EXTENSION = "extension_ab603c56068041afb2f6832e2a17e237_skypeId"
FIRST_PARTY = first_party(ACME.id)
GRAPH, VAULT = FIRST_PARTY["https://graph.microsoft.com"], FIRST_PARTY["https://vault.azure.net"]
NAMES = [*sorted({row.name for row in CLAIMS}), EXTENSION, "no_such_claim"]
PROPERTIES = (
    *("use_guid", "include_user_token", "include_externally_authenticated_upn", "sam_account_name"),
    *("cloud_displayname", "emit_as_roles", "include_externally_authenticated_upn_without_hash"),
)
ATTRIBUTES = (
    *(
        "country",
        "otherMails",
        "preferredDataLocation",
        "onPremisesSecurityIdentifier",
        "in_corp",
        "pwd_exp",
        "pwd_url",
    ),
    *("deviceid", "fwd", "vnet", "ztdid", "signin_state", "department", "onPremisesExtensionAttributes", EXTENSION),
)
RIGHT = st.sampled_from(["DE", "true", "3600", GUID, ["b@acme.test", "kmsi"], {"extensionAttribute1": "one"}])
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9999) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
)
CLAIM_NAMES = st.sampled_from(["department", "name", "zone", "xms_ftd", "aud", "_x"])

optional_claims = st.lists(
    st.builds(
        OptionalClaim,
        name=st.sampled_from(NAMES),
        additional_properties=st.lists(st.sampled_from(PROPERTIES), max_size=3).map(tuple),
    ),
    max_size=12,
).map(tuple)
group_claims = st.lists(
    st.sampled_from(["SecurityGroup", "DirectoryRole", "ApplicationGroup", "All"]), max_size=2
).map(tuple)  # fmt: skip
mappings = st.lists(
    st.builds(
        MappedClaim,
        claim=st.sampled_from(["dept", "employee", "given_name"]),
        source=st.sampled_from(["user", "application", "resource", "audience", "company"]),
        id=st.sampled_from(["department", "surname", "displayname", "othermail", "extensionattribute1", "assignedroles",
                            "tenantcountry", "objectid", EXTENSION, "no such"]),
        value=st.sampled_from([None, None, None, "fixed"]),
    ),
    max_size=3,
).map(tuple)  # fmt: skip
extras = st.dictionaries(CLAIM_NAMES, ANY_JSON, max_size=2)


@st.composite
def users(draw):
    chosen = draw(st.sampled_from([BOB, GIL, LIV, OLA]))
    maybe = st.sampled_from([None, "", "Ä b"])
    return chosen._replace(
        mail=draw(st.sampled_from([chosen.mail, None, "x@elsewhere.example"])),
        given_name=draw(maybe), surname=draw(maybe),
        preferred_language=draw(st.sampled_from([None, "de-DE"])),
        directory_roles=draw(st.sampled_from([(), (GUID,)])),
        attributes=draw(st.dictionaries(st.sampled_from(ATTRIBUTES), RIGHT | ANY_JSON, max_size=8)),
        claims=draw(extras),
    )  # fmt: skip


@st.composite
def tenants(draw, user):
    principals = [user, CLIENT, INNER]
    holders = draw(st.lists(st.sampled_from(principals), max_size=3))
    groups = (*ACME.groups[:6], *MANY[: draw(st.sampled_from([0, 5, 6, 200, 201]))])
    return DeclaredTenant(
        ACME._replace(
            users=(user,),
            groups=groups,
            region=draw(st.sampled_from(["EU", "NA"])),
            country=draw(st.sampled_from([None, "FR", "France"])),
            preferred_language=draw(st.sampled_from([None, "fr-FR", "-"])),
            role_assignments=tuple(given(holder, draw(st.sampled_from([API, CLIENT])), "Both") for holder in holders),
        )
    )


@st.composite
def drafts(draw) -> Draft:
    kind = draw(st.sampled_from(Kind))
    registered = {
        "access_token_claims": draw(optional_claims),
        "id_token_claims": draw(optional_claims),
        "group_membership_claims": draw(group_claims),
        "claims_mapping": draw(mappings),
        "accept_mapped_claims": True,
        "claims": draw(extras),
    }
    user = draw(users())
    client = CLIENT._replace(**registered)
    resource = GRAPH if kind in (Kind.GRAPH, Kind.GRAPH_APP) else API._replace(**registered)
    if kind in (Kind.ACCESS_V1, Kind.APP_V1):
        resource = draw(st.sampled_from([resource, VAULT]))
    factors = draw(st.sampled_from([("pwd",), ("pwd", "mfa")]))
    authorization = Authorization(
        tenant=draw(tenants(user)),
        client=client,
        client_proof=draw(st.sampled_from(["0", "1", "2"])),
        resource=resource,
        audience=API_URI,
        subject=None if kind in APP_ONLY else Subject(user=user, sid=GUID, auth_time=1, amr=factors),
        scopes=draw(st.sampled_from([(), ("data.read",), ("data.read", "data.write")])),
        oidc_scopes=draw(st.sampled_from([(), ("openid",), ("openid", "profile", "email", "offline_access")])),
        nonce=draw(st.sampled_from([None, "n"])),
        wants_auth_time=draw(st.booleans()),
        capabilities=draw(st.sampled_from([(), ("cp1",)])),
        contexts=draw(st.sampled_from([(), ("c1",)])),
        id_contexts=draw(st.sampled_from([(), ("c2", "c3")])),
        in_fragment=draw(st.booleans()),
        code_hash=draw(st.sampled_from([None, "h" * 22])),
        token_hash=draw(st.sampled_from([None, "h" * 22])),
        groups=draw(st.sampled_from([None, None, (), ("a",), tuple(map(str, range(201)))])),
        roles=draw(st.sampled_from([None, None, (), ("r",)])),
        claims=draw(extras),
    )
    return Draft(kind, authorization, client if kind in ID else resource, 1, 2, Chance(1), [])


def counts(row: Claim, draft: Draft) -> bool:
    """Whether a row of the table counts for a token, by what the row says of itself alone."""
    condition = row.condition
    return (
        draft.kind in row.kinds
        and (condition.holds is None or condition.holds(draft))
        and (condition.registered is None or condition.registered(draft.app))
        and (not condition.optional or row.name in {claim.name for claim in draft.optional})
    )


@when(drafts())
def test_no_token_carries_a_claim_that_the_table_does_not_allow_nor_one_of_another_form(draft):
    payload = fill(draft)
    chosen = {name: family for family in FAMILIES if counts(family, draft) for name in family.value.read(draft)}
    for name, value in payload.items():
        rows = [row for row in CLAIMS if row.name == name and counts(row, draft)]
        assert rows or name in chosen, name
        assert name in chosen or any(row.format.fits(value) for row in rows), (name, value)
    assert None not in payload.values()
    assert json.loads(json.dumps(payload)) == payload


@settings(max_examples=50)
@when(drafts())
def test_members_are_in_order_and_groups_are_listed_or_pointed_to(draft):
    plain = draft.app._replace(claims={})
    user = draft.authorization.subject
    unchanged = user._replace(user=user.user._replace(claims={})) if user else None
    payload = fill(draft._replace(app=plain, authorization=draft.authorization._replace(subject=unchanged, claims={})))
    assert list(payload)[:5] == ["aud", "iss", "iat", "nbf", "exp"]
    assert list(payload)[5:] == sorted(list(payload)[5:])
    assert sum(name in payload for name in ("groups", "hasgroups", "_claim_names")) <= 1
    assert ("_claim_names" in payload) == ("_claim_sources" in payload)
    assert len(payload.get("groups", ())) <= (5 if draft.authorization.in_fragment else 200)
    assert draft.authorization.in_fragment or "hasgroups" not in payload


def test_every_row_says_when_it_counts_and_where_its_value_comes_from():
    for row in (*CLAIMS, *FAMILIES):
        assert row.condition.about
        assert row.value.about
        assert row.source
        assert row.kinds <= EVERY
        assert row.name.endswith("*") == (row in FAMILIES)
    assert len({(row.name, row.condition.about, row.kinds) for row in CLAIMS}) == len(CLAIMS)


def test_kinds_are_told_in_words():
    assert set(TOKENS) == set(Kind)
    assert described(EVERY) == "every"
    assert described(frozenset({Kind.ID_V1, Kind.ID_V2, Kind.ACCESS_V2, Kind.GRAPH_APP})) == (
        "id, access v2.0, Graph app-only"
    )


GOLDEN = sorted(golden_tokens.TOKENS)


@pytest.fixture(scope="module")
def made(state) -> dict[str, str]:
    return golden_tokens.made(state)


@pytest.mark.parametrize("name", GOLDEN)
def test_a_token_of_each_kind_is_the_golden_one_to_the_letter(made, name):
    assert made[name] == (golden_tokens.FOLDER / f"{name}.json").read_text(), "see tests/golden_tokens.py"


def test_no_golden_file_is_left_over():
    assert sorted(path.stem for path in golden_tokens.FOLDER.iterdir()) == GOLDEN


SEEN = {  # facts §5.4; in brackets what is not always there
    "access-v2-user": "aio azp azpacr name oid preferred_username rh [roles] scp sid sub tid uti ver xms_ftd",
    "access-v1-user": "acr aio amr appid appidacr family_name given_name ipaddr name oid rh [roles] scp sid sub tid "
    "unique_name upn uti ver xms_ftd",
    "access-v2-app": "aio azp azpacr [idtyp] oid rh [roles] sub tid uti ver xms_ftd",
    "access-v1-app": "aio appid appidacr idp oid rh [roles] sub tid uti ver xms_ftd",
    "graph-user": "acct acr [acrs] aio amr app_displayname appid appidacr family_name given_name idtyp ipaddr name oid "
    "platf puid rh scp [sid] [signin_state] sub tenant_region_scope tid unique_name upn uti ver wids xms_acd "
    "xms_act_fct xms_ftd xms_idrel xms_pftexp xms_st xms_sub_fct xms_tcdt [xms_tdbr] xms_tnt_fct",
    "graph-user-second-factor": "acct acr acrs aio amr app_displayname appid appidacr family_name given_name idtyp "
    "ipaddr name oid platf puid rh scp [sid] [signin_state] sub tenant_region_scope tid unique_name upn uti ver wids "
    "xms_acd xms_act_fct xms_cc xms_ftd xms_idrel xms_pftexp xms_st xms_sub_fct xms_tcdt [xms_tdbr] xms_tnt_fct",
    "graph-app": "aio app_displayname appid appidacr idp idtyp oid rh [roles] sub tenant_region_scope tid uti ver wids "
    "xms_acd xms_act_fct xms_ftd xms_idrel xms_rd xms_sub_fct xms_tcdt [xms_tdbr] xms_tnt_fct",
    "id-v2": "[acct] [aio] [auth_time] [email] [idp] [login_hint] name [nonce] oid preferred_username [roles] rh sid "
    "sub tid uti ver",
    "id-v1": "amr [c_hash] family_name given_name ipaddr name nonce oid [pwd_exp] [pwd_url] rh sub tid unique_name upn "
    "uti ver",
}


def test_a_golden_token_has_the_members_that_were_seen_in_their_order(made):
    for name, seen in SEEN.items():
        members = list(json.loads(made[name])["payload"])
        assert members[:5] == ["aud", "iss", "iat", "nbf", "exp"]
        known = [each.strip("[]") for each in seen.split()]
        always = [each for each in seen.split() if not each.startswith("[")]
        expected = [each for each in known if each in members]
        more = {"email"} if name == "id-v1" else set()  # asked for with the scope
        assert [each for each in members[5:] if each not in more] == expected, name
        assert set(always) <= set(members), name

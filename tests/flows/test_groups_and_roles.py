"""Groups, app roles and directory roles in tokens (facts §5.3 and §5.5)."""

import pytest
from acme import (
    ACME_ID,
    ANN,
    API,
    BOB,
    CLIENT,
    GIL,
    INNER,
    LOOP,
    LOOPED,
    MAILING,
    MANY,
    OLA,
    OUTER,
    SYNCED,
    given,
)
from harness import claims_of

from mock_idp.directory.models import OptionalClaim
from mock_idp.facts.directory_roles import GLOBAL_ADMINISTRATOR

PLAIN = "b79fbf4d-3ef9-4689-8143-76b194e85509"
GUEST = "13bd1c72-6f4a-4dcf-985f-18d3b80f208a"


def ids(*groups) -> list[str]:
    return [group.id for group in groups]


ALL_SECURITY = ids(INNER, SYNCED, OUTER, LOOP, LOOPED)
"""Bob's, the direct ones first."""


def ask_for(acme, *kinds: str, form: tuple[str, ...] = (), client_too: bool = False) -> None:
    """Let the API's registration ask for groups, in a form."""
    optional = (OptionalClaim(name="groups", additional_properties=form),) if form else ()
    acme.change(API, group_membership_claims=kinds, access_token_claims=optional)
    if client_too:
        acme.change(CLIENT, group_membership_claims=kinds, id_token_claims=optional)


def test_nobody_asks_for_groups_so_none_are_there(acme):
    tokens = acme.tokens(BOB)
    for name in ("access_token", "id_token"):
        assert {"groups", "wids", "_claim_names"}.isdisjoint(claims_of(tokens[name]))


def test_security_groups_count_with_the_groups_that_they_are_members_of(acme):
    ask_for(acme, "SecurityGroup")
    claims = acme.access(BOB)
    assert claims["groups"] == ALL_SECURITY
    assert "wids" not in claims


def test_groups_that_contain_each_other_are_no_endless_loop(acme):
    ask_for(acme, "SecurityGroup")
    acme.declare(groups=(LOOP._replace(members=(LOOPED.id,)), LOOPED._replace(members=(LOOP.id, LOOPED.id, BOB.id))))
    assert acme.access(BOB)["groups"] == ids(LOOPED, LOOP)


def test_all_means_mailing_lists_and_directory_roles_too(acme):
    ask_for(acme, "All")
    acme.change(BOB, directory_roles=(GLOBAL_ADMINISTRATOR,))
    claims = acme.access(BOB)
    assert claims["groups"] == ids(INNER, MAILING, SYNCED, OUTER, LOOP, LOOPED)
    assert claims["wids"] == [GLOBAL_ADMINISTRATOR, PLAIN]


def test_directory_roles_alone_are_wids_and_no_groups(acme):
    ask_for(acme, "DirectoryRole")
    claims = acme.access(ANN)
    assert "groups" not in claims
    assert claims["wids"] == [GLOBAL_ADMINISTRATOR, PLAIN]


def test_groups_assigned_to_the_app_are_listed_for_their_direct_members_alone(acme):
    ask_for(acme, "ApplicationGroup")
    acme.declare(role_assignments=(given(INNER, API), given(OUTER, API, "Reader")))
    assert acme.access(BOB)["groups"] == ids(INNER)


def test_an_id_token_follows_the_clients_registration_and_an_access_token_the_apis(acme):
    ask_for(acme, "SecurityGroup")
    tokens = acme.tokens(BOB)
    assert "groups" in claims_of(tokens["access_token"])
    assert "groups" not in claims_of(tokens["id_token"])
    ask_for(acme, "DirectoryRole")
    acme.change(CLIENT, group_membership_claims=("SecurityGroup",))
    assert acme.identity(BOB)["groups"] == ALL_SECURITY


def test_more_than_two_hundred_groups_are_pointed_to(acme):
    ask_for(acme, "SecurityGroup", client_too=True)
    tokens = acme.tokens(OLA)
    for name in ("access_token", "id_token"):
        claims = claims_of(tokens[name])
        assert "groups" not in claims
        assert claims["_claim_names"] == {"groups": "src1"}
        endpoint = f"https://graph.windows.net/{ACME_ID}/users/{OLA.id}/getMemberObjects"
        assert claims["_claim_sources"] == {"src1": {"endpoint": endpoint}}
        assert list(claims)[4:7] == ["exp", "_claim_names", "_claim_sources"]
    acme.declare(groups=MANY[1:])
    assert len(acme.access(OLA)["groups"]) == 200


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (("sam_account_name",), ["synced"]),
        (("dns_domain_and_sam_account_name",), ["corp.acme.example\\synced"]),
        (("netbios_domain_and_sam_account_name",), ["CORP\\synced"]),
        (("sam_account_name", "dns_domain_and_sam_account_name"), ["synced"]),
        (("cloud_displayname",), ALL_SECURITY),
    ],
)
def test_groups_of_active_directory_can_be_given_by_name_and_the_others_are_left_out(acme, form, expected):
    ask_for(acme, "SecurityGroup", form=form)
    assert acme.access(BOB)["groups"] == expected


def test_cloud_groups_are_given_by_name_only_when_they_are_assigned(acme):
    ask_for(acme, "ApplicationGroup", form=("sam_account_name", "cloud_displayname"))
    acme.declare(role_assignments=(given(INNER, API), given(SYNCED, API)))
    assert acme.access(BOB)["groups"] == ["Inner", "synced"]


def test_groups_can_take_the_place_of_the_app_roles(acme):
    ask_for(acme, "SecurityGroup", form=("emit_as_roles",))
    acme.declare(role_assignments=(given(BOB, API, "Reader"),))
    claims = acme.access(BOB)
    assert "groups" not in claims
    assert claims["roles"] == ALL_SECURITY
    assert "roles" not in acme.access(ANN)


def test_roles_are_held_directly_and_through_groups_but_not_through_groups_of_groups(acme):
    acme.declare(role_assignments=(given(BOB, API, "Both"), given(INNER, API, "Reader"), given(OUTER, API, "Reader")))
    assert acme.access(BOB)["roles"] == ["Both", "Reader"]
    acme.declare(role_assignments=(given(OUTER, API, "Reader"),))
    assert "roles" not in acme.access(BOB)


def test_roles_that_are_disabled_or_for_another_kind_of_holder_are_in_no_token(acme):
    wanted = ("Reader", "Robot", "Both", "Off", "")
    acme.declare(role_assignments=tuple(given(who, API, role) for who in (BOB, CLIENT) for role in wanted))
    assert acme.access(BOB)["roles"] == ["Reader", "Both"]
    assert claims_of(acme.app_token().json()["access_token"])["roles"] == ["Robot", "Both"]


def test_an_id_tokens_roles_are_the_clients_own(acme):
    acme.declare(role_assignments=(given(BOB, API, "Reader"), given(INNER, CLIENT, "Member")))
    tokens = acme.tokens(BOB)
    assert claims_of(tokens["access_token"])["roles"] == ["Reader"]
    assert claims_of(tokens["id_token"])["roles"] == ["Member"]


def test_graph_always_says_which_directory_roles_a_user_has(acme):
    scope = "openid User.Read"
    assert acme.access(ANN, scope=scope)["wids"] == [GLOBAL_ADMINISTRATOR, PLAIN]
    assert acme.access(BOB, scope=scope)["wids"] == [PLAIN]
    guest = acme.access(GIL, scope=scope)
    assert (guest["acct"], guest["wids"]) == (1, [GUEST])


def test_an_applications_own_token_lists_no_groups(acme):
    ask_for(acme, "All")
    acme.declare(groups=(INNER._replace(members=(CLIENT.id,)),))
    assert "groups" not in claims_of(acme.app_token().json()["access_token"])

"""Optional claims, and members that were declared for a user or an app (facts §5.3 and §5.5)."""

import pytest
from acme import ACME_ID, API, API_URI, BOB, CLIENT, GIL, LIV
from harness import claims_of

from mock_idp.directory.models import OptionalClaim

EXTENSION = "extension_ab603c56068041afb2f6832e2a17e237_skypeId"


def optional(acme, *names: str, app=API, **properties: tuple[str, ...]) -> None:
    claims = tuple(OptionalClaim(name=name, additional_properties=properties.get(name, ())) for name in names)
    acme.change(app, **{"access_token_claims" if app is API else "id_token_claims": claims})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("acct", 0),
        ("ctry", "DE"),
        ("email", "bob@acme.example"),
        ("family_name", "Acme"),
        ("given_name", "Bob"),
        ("ipaddr", "127.0.0.1"),
        ("onprem_sid", "S-1-5-21-1"),
        ("tenant_ctry", "FR"),
        ("tenant_region_scope", "EU"),
        ("upn", "bob@acme.example"),
        ("verified_primary_email", ["bob@acme.example"]),
        ("verified_secondary_email", ["bob@acme.test"]),
        ("xms_edov", None),
        ("xms_pdl", "EUR"),
        ("xms_pl", "de-de"),
        ("xms_tpl", "fr"),
        (EXTENSION, "bob.skype"),
    ],
)
def test_a_v2_token_carries_what_its_app_asked_for_and_nothing_of_it_otherwise(acme, name, value):
    shown = "extn.skypeId" if name == EXTENSION else name
    attributes = {
        "country": "DE", "preferredDataLocation": "EUR", "onPremisesSecurityIdentifier": "S-1-5-21-1",
        "otherMails": ["bob@acme.test", "bob@elsewhere.example"], EXTENSION: "bob.skype",
    }  # fmt: skip
    acme.change(BOB, attributes=attributes, preferred_language="de-DE")
    before = acme.tokens(BOB)
    for app in (API, CLIENT):
        optional(acme, name, app=app)
    after = acme.tokens(BOB)
    for token in ("access_token", "id_token"):
        assert shown not in claims_of(before[token])
        claims = claims_of(after[token])
        assert claims.get(shown) == value
        assert list(claims)[5:] == sorted(claims.keys() - {"aud", "iss", "iat", "nbf", "exp"})


def test_some_claims_say_when_and_how_the_user_signed_in(acme, clock):
    optional(acme, "auth_time", "login_hint", app=CLIENT)
    signed_in_at = clock.now()
    with acme.browser() as browser:
        answer = acme.sign_in(browser, BOB)
        clock.forward(60)
        claims = claims_of(acme.redeem(answer).json()["id_token"])
        assert claims["auth_time"] == signed_in_at
        assert claims["login_hint"].startswith("O.Ci")
        acme.idp.click_tile(browser, acme.open(browser, prompt="select_account"), "ann@acme.example")
        answer = acme.open(browser, login_hint=claims["login_hint"], prompt="none")
    assert claims_of(acme.redeem(answer).json()["id_token"])["oid"] == BOB.id


def test_a_login_hint_that_was_changed_hints_at_nobody(acme):
    with acme.browser() as browser:
        for hint in ("O.", "O.Ci", "O.%%%", "O." + "A" * 700, "O.CiQxMTEx"):
            assert 'name="loginfmt"' in acme.open(browser, login_hint=hint).text


def test_idtyp_is_for_apps_and_for_users_only_when_that_is_wanted(acme):
    optional(acme, "idtyp")
    assert claims_of(acme.app_token().json()["access_token"])["idtyp"] == "app"
    assert "idtyp" not in acme.access(BOB)
    optional(acme, "idtyp", idtyp=("include_user_token",))
    assert acme.access(BOB)["idtyp"] == "user"


def test_a_v1_audience_can_be_fixed_to_the_client_id(acme):
    acme.change(API, requested_access_token_version=1)
    assert acme.access(BOB)["aud"] == API_URI
    optional(acme, "aud", "preferred_username", aud=("use_guid",))
    claims = acme.access(BOB)
    assert (claims["aud"], claims["preferred_username"]) == (API.app_id, "bob@acme.example")


def test_names_in_an_id_token_need_the_scope_profile(acme):
    optional(acme, "given_name", "upn", app=CLIENT)
    assert {"given_name", "upn"} <= acme.identity(BOB).keys()
    assert {"given_name", "upn"}.isdisjoint(acme.identity(BOB, scope=f"openid {API_URI}/data.read"))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ('{"access_token":{"xms_cc":{"values":["cp1"]}}}', ["cp1"]),
        ('{"access_token":{"xms_cc":{"values":["CP1","b","cp1","x y",7]}}}', ["CP1", "b"]),
        ('{"access_token":{"xms_cc":{}}}', None),
        ('{"access_token":[]}', None),
        (None, None),
    ],
)
def test_capabilities_show_when_the_api_and_the_client_speak_of_them(acme, asked, expected):
    with acme.browser() as browser:
        tokens = acme.redeem(acme.sign_in(browser), claims=asked).json()
    assert "xms_cc" not in claims_of(tokens["access_token"])
    optional(acme, "xms_cc")
    answers = [acme.refresh(tokens["refresh_token"], claims=asked), acme.app_token(claims=asked)]
    assert [claims_of(a.json()["access_token"]).get("xms_cc") for a in answers] == [expected, expected]


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ((), None),
        (("include_externally_authenticated_upn",), "gil_globex.example#EXT#@acme.example"),
        (("include_externally_authenticated_upn_without_hash",), "gil_globex.example_EXT_@acme.example"),
    ],
)
def test_a_guests_upn_is_shown_as_the_app_wants_it(acme, properties, expected):
    optional(acme, "upn", upn=properties)
    assert acme.access(GIL).get("upn") == expected


def test_an_address_is_verified_by_the_tenant_or_by_who_signed_the_guest_in(acme):
    optional(acme, "xms_edov", "email")
    assert acme.access(BOB)["xms_edov"] is True
    assert acme.access(GIL)["xms_edov"] is False
    assert acme.access(LIV)["xms_edov"] is True


def test_claims_of_an_unknown_name_and_values_that_nobody_has_are_left_out(acme):
    optional(acme, "ctry", "fwd", "no_such_claim", EXTENSION, "xms_pdl")
    acme.change(BOB, attributes={"country": "Germany"})
    assert {"ctry", "fwd", "no_such_claim", "extn.skypeId", "xms_pdl"}.isdisjoint(acme.access(BOB))


def test_members_declared_for_a_user_or_an_app_come_last_and_in_order(acme):
    acme.change(BOB, claims={"department": "sales", "name": "Robert", "sid": None})
    acme.change(API, claims={"department": "api", "zone": 1, "aud": "somebody"})
    tokens = acme.tokens(BOB)
    access, identity = claims_of(tokens["access_token"]), claims_of(tokens["id_token"])
    assert (access["department"], access["zone"], access["aud"], access["name"]) == ("api", 1, "somebody", "Robert")
    assert (identity["department"], identity["name"]) == ("sales", "Robert")
    assert "zone" not in identity
    assert "sid" not in access | identity
    assert list(access)[:5] == ["aud", "iss", "iat", "nbf", "exp"]
    assert list(access)[5:] == sorted(list(access)[5:])
    own = claims_of(acme.app_token().json()["access_token"])
    assert (own["department"], own["zone"]) == ("api", 1)


def test_graph_is_asked_nothing_by_our_manifests(acme):
    optional(acme, "email", "ctry")
    acme.change(API, claims={"x": 1}, group_membership_claims=("All",))
    claims = acme.access(BOB, scope="openid User.Read")
    assert {"email", "ctry", "x", "groups"}.isdisjoint(claims)
    assert claims["tid"] == ACME_ID

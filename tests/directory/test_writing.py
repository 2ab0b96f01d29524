"""What is written is read back as the same: every application, and so every manifest that is imported."""

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mock_idp.directory import writing
from mock_idp.directory.ids import derived_guid
from mock_idp.directory.models import (
    Application,
    AppRole,
    FederatedCredential,
    KeyCredential,
    MappedClaim,
    OptionalClaim,
    PasswordCredential,
    PermissionScope,
    PreAuthorized,
    RedirectUri,
    RequiredResource,
)
from mock_idp.directory.project import from_toml
from mock_idp.directory.writing import application_text, pair_text, value_text
from mock_idp.facts.microsoft_apis import GRAPH_SCOPES
from mock_idp.facts.wellknown import GRAPH_APP_ID

CONTOSO = derived_guid("tenant", "contoso.example")

LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
PROSE = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
GUIDS = st.uuids().map(str)
MOMENTS = st.none() | st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda when: int(when.timestamp())
)
JSON = st.recursive(
    st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False, allow_infinity=False) | PROSE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PROSE, inner, max_size=3),
    max_leaves=6,
)
URIS = st.sampled_from(
    ["http://localhost:5000/a?b=c", "msal://auth", "https://a.example/*", "urn:ietf:wg:oauth:2.0:oob"]
)


def some(strategy, by=lambda thing: thing, least=0):
    return st.lists(strategy, min_size=least, max_size=2, unique_by=by).map(tuple)


def folded(name):
    return lambda thing: getattr(thing, name).casefold()


def secrets(found):
    """Without hints that a secret beside them makes needless."""
    return [not each.value and any((other.value or "").startswith(each.hint) for other in found) for each in found]


SECRETS = st.one_of(
    st.builds(PasswordCredential, value=LINES, hint=st.just(""), ends_at=MOMENTS),
    st.builds(PasswordCredential, value=st.none(), hint=LINES, ends_at=MOMENTS),
)
MEMBERS = st.sampled_from([("User",), ("Application",), ("User", "Application"), ("Application", "User")])
KNOWN = st.sampled_from(["User.Read", "Mail.Read"]).map(GRAPH_SCOPES.get)
OPTIONAL = st.builds(
    OptionalClaim, name=LINES, source=st.none() | LINES, essential=st.booleans(), additional_properties=some(LINES)
)
OWN_NAMES = LINES.map("own {}".format)
MAPPED = st.builds(
    MappedClaim, claim=OWN_NAMES, source=st.sampled_from(["user", "application", "company"]), id=LINES, value=st.none()
) | st.builds(MappedClaim, claim=OWN_NAMES, source=st.just("user"), id=st.just(""), value=LINES)
REDIRECTS = st.lists(st.sampled_from(["web", "spa", "publicClient"]), max_size=4).map(
    lambda kinds: sorted(kinds, key=["web", "spa", "publicClient"].index)
)


@st.composite
def applications(draw):
    uris = draw(st.lists(URIS, min_size=4, max_size=4))
    redirects = {
        (kind, uri): RedirectUri(uri=uri, platform=kind) for kind, uri in zip(draw(REDIRECTS), uris, strict=False)
    }
    app_id = draw(GUIDS)
    return Application(
        app_id=app_id,
        id=draw(st.just(derived_guid(CONTOSO, "service principal", app_id)) | GUIDS),
        display_name=draw(LINES),
        identifier_uris=draw(some(st.sampled_from(["api://a", "https://a.example/b"]))),
        requested_access_token_version=draw(st.sampled_from([None, 1, 2])),
        sign_in_audience=draw(st.sampled_from(["AzureADMyOrg", "AzureADandPersonalMicrosoftAccount"])),
        redirect_uris=tuple(redirects.values()),
        secrets=draw(some(SECRETS).filter(lambda found: not any(secrets(found)))),
        certificates=draw(some(st.builds(KeyCredential, certificate=st.just("QUJD"), ends_at=MOMENTS))),
        federated_credentials=draw(some(st.builds(
            FederatedCredential, name=LINES, issuer=LINES, subject=LINES, audiences=some(LINES, least=1),
            keys=st.none(),
        ))),
        scopes=draw(some(st.builds(
            PermissionScope, id=GUIDS, value=LINES, description=PROSE, type=st.sampled_from(["User", "Admin"]),
            enabled=st.booleans(),
        ), folded("value"))),
        app_roles=draw(some(st.builds(
            AppRole, id=GUIDS, value=LINES, display_name=LINES, allowed_member_types=MEMBERS, enabled=st.booleans(),
        ), folded("value"))),
        required_resources=draw(some(st.builds(
            RequiredResource, resource_app_id=st.just(GRAPH_APP_ID) | GUIDS, scopes=some(GUIDS | KNOWN),
            roles=some(GUIDS),
        ))),
        pre_authorized=draw(some(st.builds(PreAuthorized, app_id=GUIDS, scopes=some(GUIDS)))),
        known_clients=draw(some(GUIDS)),
        accept_mapped_claims=draw(st.booleans()),
        claims_mapping=draw(some(MAPPED)),
        token_lifetime=draw(st.none() | st.integers(600, 86400)),
        group_membership_claims=draw(some(st.sampled_from(["SecurityGroup", "DirectoryRole", "All"]))),
        id_token_claims=draw(some(OPTIONAL)),
        access_token_claims=draw(some(OPTIONAL)),
        implicit_access_tokens=draw(st.booleans()),
        implicit_id_tokens=draw(st.booleans()),
        fallback_public_client=draw(st.booleans()),
        logout_url=draw(st.none() | LINES),
        assignment_required=draw(st.booleans()),
        account_enabled=draw(st.booleans()),
        claims=draw(st.dictionaries(LINES, st.none() | JSON, max_size=3)),
    )  # fmt: skip


@given(applications())
def test_an_application(app):
    text = f'[[tenants]]\ndomains = ["contoso.example"]\n\n{application_text(app, CONTOSO)}\n'
    assert from_toml(text, source="it", folder=Path()).directory.tenants[0].applications == (app,)


def test_every_field_of_an_application_but_what_the_server_sets():
    lines = Path(writing.__file__).read_text()
    unwritten = {name for name in Application._fields if not re.search(rf"\bapp\.{name}\b", lines)}
    assert unwritten == {"first_party", "touched"}


@given(JSON | st.datetimes(timezones=st.just(UTC)).map(lambda when: when.replace(microsecond=0)))
def test_a_value(value):
    assert tomllib.loads(pair_text("a", value)) == {"a": value}
    assert "\n" not in value_text(value)

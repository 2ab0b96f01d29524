"""Whatever a person writes, or Entra is said to have written, is a directory or three lines, and never a traceback."""

import json
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from mock_idp.directory.keys import SECTIONS, TENANT, Section
from mock_idp.directory.project import Declared, from_mapping, from_toml, load
from mock_idp.errors import UserError

NAMES = ["rita", "walt", "Web App", "Orders API", "Microsoft Graph", "data.read", "contoso.example", "api://orders"]
BAD = ["", "ä\ud800\n", "x" * 1000, "${{APP_ID}}", "../*.json", "**a"]
GUIDS = ["11111111-2222-4333-8444-555555555555", "00000003-0000-0000-c000-000000000000"]
KEYS = sorted({name for section in SECTIONS for key in section.keys for name in (key.name, *key.also)})
SCALARS = st.one_of(
    st.sampled_from([*NAMES, *GUIDS, *BAD]), st.text(max_size=8), st.booleans(), st.integers(-1, 3), st.none(),
    st.floats(allow_nan=True), st.just(datetime(2030, 1, 1, tzinfo=UTC)),
)  # fmt: skip
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
)


RIGHT = {
    "flag": st.booleans(),
    "guid": st.sampled_from(GUIDS) | st.uuids().map(str),
    "number": st.sampled_from([1, 2]),
    "lifetime": st.sampled_from([600, "00:10:00", "1.00:00:00"]),
    "free": st.dictionaries(st.sampled_from(NAMES), st.sampled_from(NAMES), max_size=2),
    "moment": st.just("2030-01-01T00:00Z"),
    "texts": st.lists(st.sampled_from(NAMES), max_size=2),
    "names": st.lists(st.sampled_from(NAMES), max_size=2),
}


def table(section: Section, deep: int = 5) -> st.SearchStrategy:
    """Tables in which most keys are of the right type, so that what they mean is looked at."""
    values = {}
    for key in section.keys:
        value = RIGHT.get(key.kind, st.sampled_from(key.choices or NAMES))
        if key.section and deep:
            inner = table(key.section, deep - 1)
            value = st.lists(inner, max_size=2) if key.kind == "tables" else inner
        values[key.name] = st.integers(0, 99).flatmap(lambda n, value=value: SCALARS if n == 99 else value)
    required = {key.name: values.pop(key.name) for key in section.keys if "Required" in key.about}
    if section is TENANT:
        values |= {"domains": st.just(["contoso.example"]), "id": st.uuids().map(str), "manifests": st.just([])}
        required = {"displayName": values.pop("displayName")}
    return st.fixed_dictionaries(required, optional=values)


def directory_or_three_lines(load, *arguments, **options):
    try:
        assert isinstance(load(*arguments, **options), Declared)
    except UserError as error:
        lines = str(error).splitlines()
        assert len(lines) == 3, lines
        assert max(map(len, lines)) < 1000
        str(error).encode()


TENANTS = table(TENANT)


@given(TENANTS)
def test_tables_of_the_right_shape(tenant):
    directory_or_three_lines(from_mapping, {"tenants": [tenant]})


@given(ANYTHING)
def test_any_mapping(value):
    directory_or_three_lines(from_mapping, {"tenants": [{"domains": ["contoso.example"], "applications": value}]})
    directory_or_three_lines(from_mapping, value)


@given(st.text())
@example("[[tenants]]\nusers = [")
@example("a = " + "[" * 10_000)
@example("a = " + "9" * 5_000)
@example("\ufeff[[tenants]]")
def test_any_text(text):
    directory_or_three_lines(from_toml, text, source="it", folder=Path("nowhere"))


@given(value=ANYTHING)
@example(value=[{"appId": 3, "web": 3, "replyUrlsWithType": 3, "replyUrls": 3, "publicClient": 3}])
@example(value={"appRoleAssignmentRequired": True})
@example(value={"value": [{"signInAudience": None, "displayName": "x", "api": {"oauth2PermissionScopes": [{}]}}]})
def test_any_json_beside_the_file(value, tmp_path_factory):
    folder = tmp_path_factory.getbasetemp()
    (folder / "app.json").write_text(json.dumps(value, default=str))
    file = folder / "any.toml"
    file.write_text('[[tenants]]\ndomains = ["contoso.example"]\nmanifests = "app.json"\n')
    directory_or_three_lines(load, file)

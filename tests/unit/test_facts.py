"""The tables of facts and the code that uses them agree, both ways."""

import ast
import string
from pathlib import Path

import pytest

import mock_idp
from mock_idp.directory.ids import is_guid
from mock_idp.endpoints.token.grants import grants
from mock_idp.facts.errors import ERRORS, ErrorRow
from mock_idp.facts.graph_permissions import ADMIN_SCOPES, APP_ROLES, USER_SCOPES
from mock_idp.facts.hosts import HOSTS, patterns, role_of
from mock_idp.facts.microsoft_apis import CLIENTS, GRAPH_SCOPES, RESOURCES
from mock_idp.facts.wellknown import USER_READ_SCOPES

ROOT = Path(mock_idp.__file__).parent
EVIDENCE = set("ODCKI")
OWN = {"hint", "error", "suberror", "claims"}
"""Keywords of EntraError that are no fields of a message."""

CLIENT_PROOF = {
    50048, 700021, 700023, 700024, 700025, 700027, 700211, 700212, 700213, 700229, 1000502, 5002723, 5002738, 7000215,
    7000216, 7000218, 7000222, 7000229, 7000272, 70023, 70025, 7002137, 7002138,
}  # fmt: skip
"""Numbers that say that a client did not prove itself."""


def raised() -> dict[int, list[set[str]]]:
    """Numbers that the code raises, with the fields given each time."""
    found: dict[int, list[set[str]]] = {}
    for source in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "EntraError":
                number = node.args[0]
                assert isinstance(number, ast.Constant), f"{source}:{node.lineno} computes its number"
                keywords = {keyword.arg for keyword in node.keywords}
                assert None not in keywords, f"{source}:{node.lineno} hides its fields"
                found.setdefault(number.value, []).append(keywords)
    return found


def fields(row: ErrorRow) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(row.message) if name}


RAISED = raised()


def test_every_raised_number_has_a_row_and_every_row_a_raiser():
    assert set(RAISED) == set(ERRORS)


@pytest.mark.parametrize("number", sorted(RAISED))
def test_each_raiser_gives_a_hint_and_the_fields_of_the_message_and_no_others(number):
    for keywords in RAISED[number]:
        assert "hint" in keywords
        assert keywords - OWN == fields(ERRORS[number])


@pytest.mark.parametrize("row", ERRORS.values(), ids=lambda row: str(row.number))
def test_a_row_is_well_formed(row):
    assert row.evidence in EVIDENCE
    assert row.error.replace("_", "").isalpha()
    assert row.error == row.error.lower()
    assert 400 <= row.status < 500
    assert row.message.endswith((".", "'.", "}", "]", "workload-identity-federation", "linkid=2225119"))
    assert row.provoke
    assert not row.provoke.endswith(".")
    assert row.message.format(**dict.fromkeys(fields(row), "x"))


def test_numbers_are_unique_and_the_table_keeps_them_apart():
    from mock_idp.facts import errors

    assert len(errors._ROWS) == len(ERRORS)


def test_failed_client_authentication_is_a_401_and_nothing_else_is():
    for row in ERRORS.values():
        proof = row.number in CLIENT_PROOF
        assert (row.status == 401) == proof, row.number
        if proof:
            assert row.error == "invalid_client"


def test_the_rows_without_a_lookup_page_are_those_that_were_seen_without():
    assert {row.number for row in ERRORS.values() if not row.lookup} == {
        500112, 501481, 50166, 7000014, 70003, 700038, 90009,
    }  # fmt: skip


def test_suberrors_are_those_that_the_libraries_know():
    known = {"", "consent_required", "basic_action", "bad_token", "additional_action", "message_only"}
    known.add("user_password_expired")
    assert {row.suberror for row in ERRORS.values()} <= known


def test_every_emulated_host_has_a_role_and_the_certificate_covers_it():
    assert len({host.name for host in HOSTS}) == len(HOSTS)
    for host in HOSTS:
        assert role_of(host.name) == role_of(host.name.upper()) == role_of(host.name + ".") == host.role
        assert host.name in patterns()
        assert host.source
        below = f"region.{host.name}"
        assert role_of(below) == (host.role if host.subdomains else None)
        assert (f"*.{host.name}" in patterns()) == host.subdomains
        assert role_of(f"a.{below}") is None
        assert role_of(f"x{host.name}") is None


@pytest.mark.parametrize("name", ["", ".", "microsoft.com", "login.microsoftonline.com.evil.example", "localhost"])
def test_no_other_host_has_a_role(name):
    assert role_of(name) is None


def test_wellknown_ids_are_guids_and_graphs_permissions_have_graphs_shape():
    from mock_idp.endpoints.targets import _GRAPH_PERMISSION

    assert all(is_guid(row.app_id) for row in RESOURCES)
    assert all(is_guid(guid) for row in RESOURCES for guid in (*row.scopes.values(), *row.app_roles.values()))
    assert len(set(GRAPH_SCOPES.values())) == len(GRAPH_SCOPES)
    assert list(GRAPH_SCOPES) == sorted(GRAPH_SCOPES)
    of_old = {"eDiscovery.Read.All", "eDiscovery.ReadWrite.All"}
    assert {name for name in {**GRAPH_SCOPES, **APP_ROLES} if not _GRAPH_PERMISSION.fullmatch(name)} == of_old
    assert set(GRAPH_SCOPES) >= USER_READ_SCOPES
    assert not USER_SCOPES.keys() & ADMIN_SCOPES.keys()


def test_microsofts_clients_get_what_there_is():
    known = {row.app_id: row.scopes for row in RESOURCES}
    for client in CLIENTS:
        assert is_guid(client.app_id)
        for app_id, names in client.scopes.items():
            assert known[app_id].keys() >= set(names), client.name


def test_every_grant_says_what_it_is_and_where_that_is_written():
    assert sorted(name.rpartition(":")[2] for name in grants()) == [
        "authorization_code", "client_credentials", "device_code", "jwt-bearer", "password", "refresh_token",
    ]  # fmt: skip
    for name, grant in grants().items():
        assert grant.name == name
        assert grant.about
        assert grant.clients
        assert grant.source.startswith("ED:")


def test_every_claim_has_a_source_and_stands_in_entras_order():
    from mock_idp.tokens.claims import CLAIMS, Kind

    names = [claim.name for claim in CLAIMS]
    assert names[:5] == ["aud", "iss", "iat", "nbf", "exp"]
    assert names[5:] == sorted(names[5:])
    assert all(claim.source and claim.kinds <= frozenset(Kind) for claim in CLAIMS)

"""``mock-idp list grants``: the grants that the token endpoint serves, from the same collection."""

import json

from click.testing import CliRunner

from mock_idp.cli import command_line
from mock_idp.endpoints.token.grants import grants


def listed(*options: str) -> str:
    answer = CliRunner().invoke(command_line, ["list", "grants", *options])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_each_is_told_with_how_clients_prove_themselves_and_its_source():
    lines = listed().splitlines()
    assert lines[0].split("  ")[0] == "GRANT TYPE"
    assert len(lines) == 1 + len(grants())
    for grant in grants().values():
        (line,) = [line for line in lines if line.startswith(f"{grant.name} ")]
        assert grant.about in line
        assert grant.clients in line
        assert grant.source in line


def test_as_json_nothing_is_said_of_a_directory_file():
    document = json.loads(listed("--json"))
    assert list(document) == ["grants"]
    assert {row["grant_type"] for row in document["grants"]} == set(grants())
    assert set(document["grants"][0]) == {"grant_type", "about", "clients", "source"}

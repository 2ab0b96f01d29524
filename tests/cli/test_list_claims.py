"""``mock-idp list claims``: the table that fills tokens, for people and for programs."""

import json

from click.testing import CliRunner

from mock_idp.cli import command_line
from mock_idp.tokens.claims import CLAIMS, FAMILIES


def listed(*options: str) -> str:
    answer = CliRunner().invoke(command_line, ["list", "claims", *options])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_each_row_is_told_without_the_marks_of_markdown():
    lines = listed().splitlines()
    assert lines[0].split() == ["CLAIM", "TOKENS", "WHEN", "TYPE", "VALUE", "SOURCE"]
    assert len(lines) == 1 + len(CLAIMS) + len(FAMILIES)
    assert "`" not in "".join(lines)
    assert [line.split()[0] for line in lines[1:6]] == ["aud", "iss", "iat", "nbf", "exp"]


def test_as_json_a_row_names_its_kinds_condition_value_form_and_source():
    document = json.loads(listed("--json"))
    assert list(document) == ["claims"]
    (azp,) = [row for row in document["claims"] if row["claim"] == "azp"]
    assert azp == {
        "claim": "azp",
        "tokens": "access v2.0, app-only v2.0",
        "kinds": [{"token": "access", "version": "2.0"}, {"token": "app-only", "version": "2.0"}],
        "optional": False,
        "when": "always",
        "value": "the client's id",
        "type": "string",
        "format": "GUID",
        "source": "ED:access-token-claims-reference",
    }
    assert any(row["optional"] for row in document["claims"])

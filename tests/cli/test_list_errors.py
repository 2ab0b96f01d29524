"""`mock-idp list errors`: every number that is known, how well, and what earns it."""

import json

from click.testing import CliRunner

from mock_idp.cli import command_line
from mock_idp.facts.errors import ERRORS
from mock_idp.facts.errors_elsewhere import ELSEWHERE


def listed(*options: str) -> str:
    done = CliRunner().invoke(command_line, ["list", "errors", *options])
    assert done.exit_code == 0, done.output
    return done.output


def test_a_person_sees_each_in_a_line_with_what_earns_it_or_why_nothing_does():
    heading, *lines = listed().splitlines()
    assert heading.split() == ["NUMBER", "OAUTH", "ERROR", "STATUS", "TEXT", "WHAT", "EARNS", "IT"]
    rows = {int(line.split()[0]): line for line in lines}
    assert list(rows) == sorted(ERRORS | ELSEWHERE)
    assert "authorize with a redirect_uri that is not registered" in rows[50011]
    assert "observed" in rows[50011]
    assert "(not here: needs Conditional Access policies)" in rows[53003]
    assert "paraphrased" in rows[53000]


def test_as_json_everything_is_told_and_paraphrases_are_marked():
    rows = {row["number"]: row for row in json.loads(listed("--json"))["errors"]}
    assert {number for number, row in rows.items() if row["paraphrased"]} == {
        row.number for row in (*ERRORS.values(), *ELSEWHERE.values()) if row.evidence == "D"
    }
    assert {number for number, row in rows.items() if row["earned_here"]} == set(ERRORS)
    assert all(row["fix"] and row["provoke"] and row["where"] and row["error_uri"] for row in rows.values())

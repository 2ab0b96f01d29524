"""The formats of `mock-idp env`, read back by what reads them."""

import json
import subprocess

from dotenv import dotenv_values
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_idp.intercept.render import render

VALUES = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=30)
CHANGES = st.dictionaries(st.sampled_from(["A_ONE", "B_TWO", "C_THREE"]), VALUES)


@settings(max_examples=25)
@given(CHANGES)
def test_a_posix_shell_reads_back_any_value(changes):
    script = render(changes, "sh") + "\nenv -0"
    shell = subprocess.run(["/bin/sh", "-c", script], env={}, capture_output=True, check=True)
    found = dict(line.decode().split("=", 1) for line in shell.stdout.split(b"\0") if line)
    assert {name: value for name, value in found.items() if name in changes} == changes


@given(CHANGES)
def test_a_dotenv_file_reads_back_any_value(tmp_path_factory, changes):
    file = tmp_path_factory.mktemp("dotenv") / "ide.env"
    file.write_text(render(changes, "dotenv"), newline="")
    assert dict(dotenv_values(file, interpolate=False)) == changes


@given(CHANGES)
def test_json_reads_back_any_value(changes):
    assert json.loads(render(changes, "json")) == changes


def test_unsetting_is_said_in_each_format():
    changes = {"A": None, "B": "it's"}
    assert render(changes, "sh") == "unset A\nexport B='it'\"'\"'s'"
    assert render(changes, "powershell") == "Remove-Item Env:A -ErrorAction SilentlyContinue\n$Env:B = 'it''s'"
    assert render(changes, "dotenv") == "B='it\\'s'"
    assert json.loads(render(changes, "json")) == changes


def test_powershell_takes_typographic_quotes_for_quotes():
    assert render({"A": "a\u2019b"}, "powershell") == "$Env:A = 'a\u2019\u2019b'"

"""Clients in the very process where pytest runs: unchanged programs, by the fixture alone, in any shell.

The programs are those of ``tests/interop/clients``, which know Microsoft's hosts only. There they run as processes of
their own; here in this one, where all that they import has long been imported.
"""

import json
import os
import runpy
import sys
import urllib.request
from pathlib import Path

import pytest
from interop import told
from interop.matrix import BOTH, CLIENTS, MAPPING, SITUATIONS, Client

from mock_idp.facts.hosts import role_of

PROGRAMS = Path(__file__).parents[1] / "interop" / "clients"
PYTHON = [client for client in CLIENTS if client.command.startswith("python ") and MAPPING in client.ways]
PYTHON += [Client(f"{name}, trio", f"python use_httpx_trio.py {name}", BOTH) for name in ("httpx", "httpx2")]
COMMANDS = [client.command.removeprefix("python ") for client in PYTHON]
DEAD = "http://127.0.0.1:1"


@pytest.fixture
def shell_with(monkeypatch, recorder, other_ca):
    """Set what a developer's shell may have set."""

    def set_up(variables):
        for name in [name for name in os.environ if "proxy" in name.lower()]:
            monkeypatch.delenv(name)
        for name, value in variables.items():
            monkeypatch.setenv(name, value.format(dead=DEAD, alive=recorder.url, ca=other_ca))
        urllib.request.install_opener(None)  # it remembers the proxies it once read

    yield set_up
    urllib.request.install_opener(None)


@pytest.fixture
def begin(request, recorder):
    """The fixture `entra`, from when this is called; at the end, no proxy was asked for a host of Microsoft's."""
    yield lambda: request.getfixturevalue("entra")
    assert [target for target in recorder.asked if role_of(target.rpartition(":")[0])] == []


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a client's program here as it is; what it told."""
    monkeypatch.syspath_prepend(PROGRAMS)

    def run(client):
        _, name, *arguments = client.command.split()
        monkeypatch.setattr(sys, "argv", [name, *arguments])
        runpy.run_path(str(PROGRAMS / name), run_name="__main__")
        return json.loads(capsys.readouterr().out)

    return run


def kids_of(entra):
    """The ids of the keys with which this server signs."""
    with urllib.request.urlopen(f"{entra.front_url}/common/discovery/v2.0/keys") as answer:
        return {key["kid"] for key in json.load(answer)["keys"]}


@pytest.mark.leaves_open
@pytest.mark.parametrize("situation", [pytest.param(row, id=row.name) for row in SITUATIONS])
def test_unchanged_clients_reach_us_from_any_shell(situation, shell_with, run, begin, subtests):
    shell_with(situation.variables)
    entra = begin()
    for client in PYTHON:
        with subtests.test(client.name):
            told.check(client, run(client), entra.front_url, kids_of(entra))


def test_what_is_imported_while_the_mock_answers_is_led_here_too(suite):
    suite.environment |= {"HTTPS_PROXY": DEAD, "https_proxy": DEAD, "ALL_PROXY": DEAD}
    ran = suite.run(
        "-W", "ignore::ResourceWarning", "-W", "ignore::pytest.PytestUnraisableExceptionWarning",
        test=f"""
import json, runpy, sys
import pytest

sys.path.insert(0, {str(PROGRAMS)!r})
NEW = {{"aiohttp", "anyio", "azure", "httpcore", "httpx", "jwt", "msal", "requests", "trio", "urllib3", "uvloop"}}

def test_nothing_was_imported_yet():
    assert NEW & set(sys.modules) == set()

@pytest.mark.parametrize("command", {COMMANDS!r})
def test_client(command, entra, monkeypatch, capsys):
    name, *arguments = command.split()
    monkeypatch.setattr(sys, "argv", [name, *arguments])
    runpy.run_path({str(PROGRAMS)!r} + "/" + name, run_name="__main__")
    assert json.loads(capsys.readouterr().out)["token"]
    assert len(entra.journal)
""",
    )  # fmt: skip
    assert ran.passed(1 + len(COMMANDS))

"""Clients in the very process where pytest runs: unchanged programs, by the fixture alone, in any shell.

The programs are those of ``tests/interop/clients``, which know Microsoft's hosts only. There they run as processes of
their own; here in this one, where all that they import has long been imported.
"""

import base64
import json
import os
import runpy
import sys
import urllib.request
from pathlib import Path

import pytest
from interop.matrix import CLIENTS, MAPPING, SITUATIONS
from proxies import Recorder
from strangers import authority

from mock_idp.facts.hosts import role_of

PROGRAMS = Path(__file__).parents[1] / "interop" / "clients"
PYTHON = [client for client in CLIENTS if client.command.startswith("python ") and MAPPING in client.ways]
COMMANDS = [client.command.removeprefix("python ") for client in PYTHON]
COMMANDS += ["use_httpx_trio.py httpx", "use_httpx_trio.py httpx2"]
DEAD = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def recorder():
    with Recorder() as proxy:
        yield proxy


@pytest.fixture(scope="module")
def other_ca(tmp_path_factory):
    file = tmp_path_factory.mktemp("other") / "ca.pem"
    file.write_text(authority().pem())
    return file


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
    """Run a program here as it is; what it told."""
    monkeypatch.syspath_prepend(PROGRAMS)

    def run(command):
        name, *arguments = command.split()
        monkeypatch.setattr(sys, "argv", [name, *arguments])
        runpy.run_path(str(PROGRAMS / name), run_name="__main__")
        return json.loads(capsys.readouterr().out)

    return run


def decoded(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def check(told, entra):
    """What a program got is ours."""
    header, claims, _ = told["token"].split(".")
    keys = json.load(urllib.request.urlopen(f"{entra.front_url}/common/discovery/v2.0/keys"))["keys"]
    assert decoded(header)["kid"] in {key["kid"] for key in keys}
    assert decoded(claims)["tid"] == "7a1c1f5e-3a53-4c8b-9b39-5f1d6f0c2e11"
    assert told["authorize"] is None or told["authorize"].startswith(entra.front_url)
    assert told["graph"] in (None, 400, 403)  # Graph's /me is for people


@pytest.mark.leaves_open
@pytest.mark.parametrize("situation", [pytest.param(row, id=row.name) for row in SITUATIONS])
def test_unchanged_clients_reach_us_from_any_shell(situation, shell_with, run, begin, subtests):
    shell_with(situation.variables)
    entra = begin()
    for command in COMMANDS:
        with subtests.test(command):
            check(run(command), entra)


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

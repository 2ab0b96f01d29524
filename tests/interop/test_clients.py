"""Programs that know Microsoft's hosts only, run unchanged under `mock-idp run`: every client in every shell."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import needs
import pytest
import shell
from interop import told
from interop.matrix import CLIENTS, MAPPING, PROXY, SITUATIONS, table

from mock_idp.facts.hosts import role_of

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "clients.md"
DEAD = "http://127.0.0.1:1"


class Ended(NamedTuple):
    """How a client's program ended."""

    code: int
    stdout: str
    stderr: str


@pytest.fixture
def run(served, state_dir, recorder, other_ca):
    """Run clients' programs as they are, all under one `mock-idp run`; give how each ended."""

    def run(clients, variables, without=()):
        values = {"dead": DEAD, "alive": recorder.url, "ca": other_ca}
        changes = {name: value.format(**values) for name, value in variables.items()}
        unset = [word for name in without for word in ("-u", name)]
        commands = {client: command for client in clients if (command := command_of(client))}
        done = subprocess.run(
            [*shell.MOCK_IDP, "run", "--", "env", *unset, sys.executable, HERE / "each.py"],
            input=json.dumps(list(commands.values())), env=shell.environment(state_dir, **changes),
            cwd=HERE / "clients", capture_output=True, text=True, timeout=300, check=True,
        )  # fmt: skip
        assert "joined the identity provider of process" in done.stderr
        lines = done.stdout.splitlines()
        return {client: Ended(*json.loads(line)) for client, line in zip(commands, lines, strict=True)}

    return run


def command_of(client):
    """A client's command with the interpreter's path; `None` when this machine has not got it."""
    interpreter, *arguments = client.command.split()
    found = sys.executable if interpreter == "python" else shutil.which(interpreter)
    return [found, *arguments] if found else None


def require(client):
    """Skip, or under CI fail, when this machine lacks what the client needs."""
    if client.command.startswith("node"):
        needs.node_packages()
    elif "curl" in client.command:
        needs.program("curl", package="curl")


@pytest.fixture
def check(served, kids):
    """A client's program ended well, and all that it got is ours."""

    def check(client, ended):
        require(client)
        assert ended[client].code == 0, ended[client].stderr
        told.check(client, json.loads(ended[client].stdout), served["front_url"], kids)

    return check


@pytest.mark.parametrize("situation", [pytest.param(row, id=row.name) for row in SITUATIONS])
def test_unchanged_clients_reach_us_from_any_shell(situation, run, check, recorder, subtests):
    ended = run(CLIENTS, situation.variables)
    for client in CLIENTS:
        with subtests.test(client.name):
            check(client, ended)
    assert [target for target in recorder.asked if role_of(target.rpartition(":")[0])] == []


@pytest.mark.parametrize(("way", "without"), [(PROXY, ["MOCK_IDP_CONNECT"]), (MAPPING, ["HTTPS_PROXY", "https_proxy"])])
def test_each_way_that_is_told_of_a_client_is_enough_alone(way, without, run, check, subtests):
    clients = [client for client in CLIENTS if way in client.ways]
    ended = run(clients, {}, without)
    for client in clients:
        with subtests.test(client.name):
            check(client, ended)


def test_the_documentation_has_what_is_tested():
    assert table() in PAGE.read_text(), "print the table with: python tests/interop/matrix.py"

"""Fixtures: a server to join, and what shells have set: a living proxy, another authority."""

import json

import pytest
import shell
import strangers
from proxies import Recorder


@pytest.fixture(scope="session")
def state_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("interop") / "state"


@pytest.fixture(scope="session")
def served(state_dir):
    """What a running `serve` told."""
    with shell.serving(shell.environment(state_dir)) as server:
        yield server.told


@pytest.fixture(scope="session")
def kids(served, state_dir):
    """The ids of the keys with which this server signs, and nobody else."""
    return {key["kid"] for key in json.loads((state_dir / "v1" / "keys.json").read_text())["keys"]}


@pytest.fixture(scope="session")
def recorder():
    """A living proxy that notes what it was asked for."""
    with Recorder() as proxy:
        yield proxy


@pytest.fixture(scope="session")
def other_ca(tmp_path_factory):
    """A file with a certificate authority that has nothing to do with us."""
    file = tmp_path_factory.mktemp("ca") / "other.pem"
    file.write_text(strangers.authority().pem())
    return file

"""Fixtures: a server to join."""

import json

import pytest
import shell


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

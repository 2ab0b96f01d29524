"""Fixtures: a state directory whose keys are made already, a shell that knows it, and a server of its own."""

import shutil

import pytest
import shell

from mock_idp.intercept.ca import Authority
from mock_idp.tokens.keys import Keyring


@pytest.fixture
def state_dir(state, tmp_path):
    """A state directory of the test's own; making keys takes a second, so it starts with copies."""
    Keyring.load(state)
    Authority.load(state)
    made = tmp_path / "state"
    (made / "v1").mkdir(parents=True, mode=0o700)
    for name in ("keys.json", "ca.json"):
        shutil.copy(state.files / name, made / "v1" / name)
    return made


@pytest.fixture
def env(state_dir):
    return shell.environment(state_dir)


@pytest.fixture
def served(env):
    """A running `serve`."""
    with shell.serving(env) as server:
        yield server

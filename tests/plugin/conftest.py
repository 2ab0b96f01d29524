"""The plugin's own fixtures, with the state directory of the whole suite instead of the developer's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from plugin.suite import Suite

from mock_idp.state import State


@pytest.fixture(scope="session")
def entra_directory(state: State) -> Iterator[None]:
    """Evaluated before the server starts, which is when the state directory counts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOCK_IDP_STATE_DIR", str(state.path))
        patch.delenv("MOCK_IDP_TARGET", raising=False)
        yield None


@pytest.fixture
def suite(tmp_path: Path, state: State) -> Suite:
    """A folder for a suite of its own."""
    return Suite(tmp_path, state.path)

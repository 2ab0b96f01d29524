"""What tests of the plugin share."""

from pathlib import Path

import pytest
from plugin.suite import Suite

from mock_idp.state import State


@pytest.fixture
def suite(tmp_path: Path, state: State) -> Suite:
    """A folder for a suite of its own."""
    return Suite(tmp_path, state.path)

"""Fixtures of the flows."""

import pytest
from acme import Acme


@pytest.fixture
def acme(idp) -> Acme:
    """A server that serves a directory of the tests' own, in which everything can be changed."""
    return Acme(idp)

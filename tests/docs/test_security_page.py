"""What the page on security says is stored, limited and constrained, is."""

import os
import re
import stat
from pathlib import Path

import pytest

from mock_idp import forms, server
from mock_idp.intercept import environment
from mock_idp.runtime import live

KIB = 1024


@pytest.fixture(scope="module")
def page(docs: Path) -> str:
    return (docs / "security.md").read_text()


def test_every_file_in_a_state_directory_is_in_the_table_and_the_owners_alone(page, state, idp):
    environment.variables(idp.server.interception, dict(os.environ), state)
    patterns = re.findall(r"^\| `([\w*.-]+)` \|", page, re.MULTILINE)
    kept = [path for path in state.files.iterdir() if not path.name.startswith(".")]  # a draft of another test
    assert kept
    assert [path.name for path in kept if not any(path.match(pattern) for pattern in patterns)] == []
    assert [path.name for path in kept if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_the_limits_are_those_of_the_code(page):
    text = " ".join(page.split())
    assert f"{forms.MAX_BODY_BYTES // KIB} KiB for a body" in text
    assert f"{forms.MAX_QUERY_BYTES // KIB} KiB for a query" in text
    assert f"{server.MAX_HEAD_BYTES // KIB} KiB for a request's head" in text
    assert f"{forms.MAX_PARAMETERS} parameters" in text
    assert f"{live.MAX_TENANTS:,} tenants, {live.MAX_THINGS:,} apps, {live.MAX_THINGS:,} users" in text

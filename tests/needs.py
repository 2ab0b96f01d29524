"""What a test needs of the machine: there, or the test is skipped saying what brings it; under CI its absence fails."""

import json
import os
import shutil
import socket
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from mock_idp.errors import UserError
from mock_idp.intercept.browser import find_browser

INTEROP = Path(__file__).parent / "interop"


def program(name: str, *, package: str) -> str:
    """The path of a program."""
    found = shutil.which(name)
    if found is None:
        missing(f"{name} is not installed; on Debian: apt-get install {package}")
    return found


def python_package(module: str) -> ModuleType:
    """A module of the dependency group ``interop``; at the head of a test module, for all of that."""
    try:
        return import_module(module)
    except ModuleNotFoundError:
        missing(f"{module} is not installed; run: uv sync --group interop")


def missing(reason: str):
    """Skip, or under CI fail."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason} (under CI nothing is skipped)")
    pytest.skip(reason, allow_module_level=True)


def ipv6_loopback() -> None:
    """An address of its own, ``::1``."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError as error:
        missing(f"this machine has no IPv6 loopback: {error}")


def chromium() -> str:
    """The system's Chromium, or a browser made from it."""
    try:
        return find_browser(None)
    except UserError:
        missing("chromium is not installed; on Debian: apt-get install chromium")


def node_packages() -> str:
    """Node, with the packages of ``tests/interop`` as its lock file has them."""
    node = program("node", package="nodejs npm")
    locked = json.loads((INTEROP / "package-lock.json").read_text())["packages"]
    installed = INTEROP / "node_modules" / ".package-lock.json"
    packages = json.loads(installed.read_text())["packages"] if installed.exists() else {}
    if any(packages.get(name, {}).get("version") != about["version"] for name, about in locked.items() if name):
        missing(f"the packages of {INTEROP} are not installed; run: npm ci --prefix {INTEROP}")
    return node

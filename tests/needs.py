"""What a test needs of the machine: there, or the test is skipped saying what brings it; under CI its absence fails."""

import os
import shutil

import pytest


def program(name: str, *, package: str) -> str:
    """The path of a program."""
    found = shutil.which(name)
    if found is None:
        missing(f"{name} is not installed; on Debian: apt-get install {package}")
    return found


def missing(reason: str):
    """Skip, or under CI fail."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason} (under CI nothing is skipped)")
    pytest.skip(reason)


def chromium() -> str:
    """The system's Chromium."""
    return program("chromium", package="chromium")

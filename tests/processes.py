"""Processes that a test starts: ended by pid, waited for by asking them."""

import subprocess
import time
from contextlib import contextmanager
from urllib.request import urlopen

import pytest


@contextmanager
def process(*command: str, **options):
    """A process, ended by its pid."""
    started = subprocess.Popen(command, text=True, **options)
    try:
        yield started
    finally:
        started.terminate()
        started.wait(20)
        for pipe in (started.stdout, started.stderr):
            if pipe:
                pipe.close()


def wait_for(url: str, started: subprocess.Popen) -> None:
    for _ in range(400):
        assert started.poll() is None, f"it ended with {started.returncode} before {url} answered"
        try:
            with urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"{url} did not answer")

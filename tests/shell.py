"""A shell as a developer has one: `mock-idp` and other programs as real processes, in an environment that is known."""

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import NamedTuple

MOCK_IDP = (sys.executable, "-m", "mock_idp")

_CHANGES_A_CLIENT = re.compile(
    r"PROXY|CA_BUNDLE|SSL_CERT|EXTRA_CA|NODE_OPTIONS|PYTHONPATH|MOCK_IDP|PYTEST|COV_", re.IGNORECASE
)


def environment(state_dir, **variables):
    """This process's environment without what would change how a client connects, and with what is given."""
    kept = {name: value for name, value in os.environ.items() if not _CHANGES_A_CLIENT.search(name)}
    return {**kept, "MOCK_IDP_STATE_DIR": str(state_dir), **variables}


def mock_idp(*arguments, env, timeout=60, **options):
    """Run a `mock-idp` command to its end."""
    return subprocess.run(
        [*MOCK_IDP, *arguments], env=env, timeout=timeout, capture_output=True, text=True, check=False, **options
    )


class Serving(NamedTuple):
    """A `mock-idp serve`, running.

    Attributes:
        told: what it printed with `--json`.
    """

    process: subprocess.Popen
    told: dict

    def stop(self, number=signal.SIGTERM):
        """End it with a signal, and give its exit code."""
        self.process.send_signal(number)
        return self.process.wait(30)


@contextmanager
def serving(env, *options):
    """`mock-idp serve` for as long as this is open."""
    command = [*MOCK_IDP, "serve", "--json", "--quiet", *(options or ("--port", "0"))]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline()
            if not line:
                raise AssertionError(process.communicate()[1])
            yield Serving(process, json.loads(line))
        finally:
            process.terminate()
            process.communicate(timeout=30)

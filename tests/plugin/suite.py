"""A stranger's test suite: files in a folder, and pytest in a process of its own."""

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import shell

KEYS = "https://login.microsoftonline.com/common/discovery/v2.0/keys"
_COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|subtests passed)")


class Ran(NamedTuple):
    """How a session went.

    Attributes:
        code: pytest's exit code.
        text: what it printed, on both.
    """

    code: int
    text: str

    @property
    def counts(self) -> dict[str, int]:
        """What the last line of the report counts."""
        lines = [line for line in self.text.splitlines() if re.search(r" in [\d.]+s", line)]
        return {word.removesuffix("s"): int(number) for number, word in _COUNT.findall(lines[-1])} if lines else {}

    def passed(self, number: int) -> bool:
        """Whether that many tests passed and nothing else happened; else fail with what was printed."""
        assert self.counts == {"passed": number}, self.text
        return True


class Suite:
    """A folder with tests.

    Args:
        folder: an empty one.
        state_dir: of mock-idp.
        plugins: which third-party plugins are on, by the names of their entry points, besides ours and xdist's.
    """

    OTHERS = ("anyio", "asyncio", "hypothesispytest", "inline_snapshot", "playwright", "randomly", "respx", "socket")

    def __init__(self, folder: Path, state_dir: Path, plugins: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.environment = shell.environment(state_dir, COLUMNS="200", PYTHONDONTWRITEBYTECODE="")
        self._off = [word for name in self.OTHERS if name not in plugins for word in ("-p", f"no:{name}")]

    def write(self, name: str, text: str) -> None:
        """Put a file there."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run(self, *options: object, test: str = "", cwd: Path | None = None, **variables: str) -> Ran:
        """Run pytest.

        Args:
            options: of pytest.
            test: what to put into ``test_it.py``, if anything.
            cwd: where it is called; in the folder, unless told otherwise.
            variables: what the shell has set.
        """
        if test:
            self.write("test_it.py", test)
        if not list(self.folder.glob("*.ini")) + list(self.folder.glob("*.toml")) + list(self.folder.glob("*.cfg")):
            self.write("pytest.ini", "[pytest]\nfilterwarnings = error\n")
        command = [sys.executable, "-m", "pytest", *self._off, *map(str, options)]
        done = subprocess.run(
            command, cwd=cwd or self.folder, env={**self.environment, **variables}, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=120, check=False,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout)

"""The demo's two applications as processes: where they are, how they start and end, how they are known to be up."""

import asyncio
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

from mock_idp.errors import UserError

API_PORT = 8000
WEB_APP_PORT = 5001

_START_SECONDS = 60
_STOP_SECONDS = 5
_POLL_SECONDS = 0.05
_KEPT_LINES = 40
_ATTEMPTS = 5


class Program(NamedTuple):
    """One of the two.

    Attributes:
        name: for a person.
        command: what follows ``python -m``; ``{port}`` in it is replaced.
        path: an address that answers as soon as it is up, and asks nobody else.
    """

    name: str
    command: tuple[str, ...]
    path: str


class Place(NamedTuple):
    """Where the programs are: in a clone they run as they stand there, else from the installed wheel.

    Attributes:
        prefix: of their module names.
        directory: what the modules are found below; a current directory with a package of the same name must not win.
    """

    prefix: str
    directory: Path

    @property
    def own_directory(self) -> Path | None:
        """The clone that they run from, where a developer keeps ``.env``; ``None`` for those of the wheel."""
        return None if self.prefix else self.directory

    @classmethod
    def find(cls) -> "Place":
        """Beside this package, or inside it."""
        root = Path(__file__).parents[1]
        if (root / "pyproject.toml").is_file() and (root / "webapp" / "main.py").is_file():
            return cls(prefix="", directory=root)
        return cls(prefix="mock_idp._apps.", directory=root)

    def programs(self) -> tuple[Program, Program]:
        """The resource server and its client."""
        return (
            Program(
                name="api",
                command=("uvicorn", f"{self.prefix}api.main:app", "--host", "127.0.0.1", "--port", "{port}"),
                path="/healthz",
            ),
            Program(
                name="webapp",
                command=("flask", "--app", f"{self.prefix}webapp.main", "run", "--port", "{port}"),
                path="/static/style.css",
            ),
        )


class Ports(NamedTuple):
    """Where the programs listen, or are wished to."""

    api: int = API_PORT
    webapp: int = WEB_APP_PORT

    @property
    def api_url(self) -> str:
        """Of the resource server."""
        return f"http://localhost:{self.api}"

    @property
    def webapp_url(self) -> str:
        """Of the web app."""
        return f"http://localhost:{self.webapp}"

    def __iter__(self) -> "Any":
        return iter((self.api, self.webapp))


class PortLostError(Exception):
    """Somebody took the port between our look and the program's start."""


@asynccontextmanager
async def running(
    wished: Ports,
    environment: Callable[[Ports], Mapping[str, str]],
    *,
    directory: Path | None,
    tell: Callable[[str], None],
    echo: Callable[[str, str], None] | None,
) -> AsyncIterator[Ports]:
    """Both programs, for as long as this is open.

    Args:
        wished: the ports to take; the next free ones are taken when these are held by others.
        environment: what to start them with, given the ports they got.
        directory: where to start them, and so where they look for ``.env``; then the ports are those that are
            registered there, and no others are taken. ``None`` for where they are.
        tell: told what happens.
        echo: told each line that they print, with the program's name.

    Raises:
        UserError: one of them does not start, or a fixed port is taken.
    """
    place, fixed = Place.find(), directory is not None
    for attempt in range(_ATTEMPTS):
        ports = wished if fixed else Ports(api=next_free(wished.api), webapp=next_free(wished.webapp))
        _announce(wished, ports, fixed=fixed, tell=tell)
        processes = [_Process(program, port, echo) for program, port in zip(place.programs(), ports, strict=True)]
        try:
            for process in processes:
                process.start(environment(ports), directory or place.directory)
            for process in processes:
                await process.ready()
                tell(f"{process.program.name:7} runs at http://localhost:{process.port}")
            yield ports
        except PortLostError:
            if attempt + 1 == _ATTEMPTS:
                raise
            continue
        finally:
            loop = asyncio.get_running_loop()
            await asyncio.gather(*(loop.run_in_executor(None, process.stop) for process in processes))
        return


def _announce(wished: Ports, got: Ports, *, fixed: bool, tell: Callable[[str], None]) -> None:
    for name, wanted, port in zip(("api", "webapp"), wished, got, strict=True):
        if fixed and not is_free(port):
            raise UserError(
                f"{name} cannot be started.",
                f"Port {port} is taken, and its redirect URI is registered with that port.",
                "Stop the program that holds it.",
            )
        if wanted and port != wanted:
            tell(f"port {wanted} is taken, so {name} gets {port}")


def next_free(wanted: int) -> int:
    """The first free loopback port from ``wanted`` on; 0 for any."""
    if wanted == 0:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
            return port
    return next(port for port in range(wanted, 65536) if is_free(port))


def is_free(port: int) -> bool:
    """Whether a loopback port can be bound."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class _Process:
    """A program while it runs."""

    def __init__(self, program: Program, port: int, echo: Callable[[str, str], None] | None) -> None:
        self.program, self.port, self._echo = program, port, echo
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._popen: subprocess.Popen[str] | None = None
        self._reader: Thread | None = None

    def start(self, environment: Mapping[str, str], directory: Path) -> None:
        """Start it, out of reach of the terminal's Ctrl-C: it is ended in order."""
        apart: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        command = [part.replace("{port}", str(self.port)) for part in self.program.command]
        self._popen = subprocess.Popen(  # noqa: S603 - our own programs
            [sys.executable, "-m", *command], env={**environment, "PYTHONUNBUFFERED": "1"}, cwd=directory,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            **apart,
        )  # fmt: skip
        self._reader = Thread(target=self._read, args=(self._popen,), daemon=True)
        self._reader.start()

    def _read(self, popen: "subprocess.Popen[str]") -> None:
        for line in popen.stdout or ():
            self._lines.append(line.rstrip())
            if self._echo:
                self._echo(self.program.name, line.rstrip())

    async def ready(self) -> None:
        """Wait until it answers.

        Raises:
            PortLostError: it ended because its port was taken meanwhile.
            UserError: it ended otherwise, or did not answer in time.
        """
        if self._popen is None:
            raise RuntimeError("start comes first")
        for _ in range(int(_START_SECONDS / _POLL_SECONDS)):
            if self._popen.poll() is not None:
                if not is_free(self.port):
                    raise PortLostError(self.program.name)
                raise self._failed(f"it ended with exit code {self._popen.returncode}")
            if await asyncio.get_running_loop().run_in_executor(None, self._answers):
                return
            await asyncio.sleep(_POLL_SECONDS)
        raise self._failed(f"it did not answer within {_START_SECONDS} seconds")

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", self.program.path)
            connection.getresponse().read()
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()
        return True

    def _failed(self, why: str) -> UserError:
        if self._reader:
            self._reader.join(1)
        said = "\n".join(f"    {line}" for line in list(self._lines)[-12:]) or "    (nothing)"
        return UserError(
            f"{self.program.name} could not be started: {why}.", f"It printed:\n{said}", "Mend that, then try again."
        )

    def stop(self) -> None:
        """End it, gently first."""
        if self._popen is None:
            return
        self._popen.terminate()
        try:
            self._popen.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()
        if self._reader:
            self._reader.join(1)
        if self._popen.stdout:
            self._popen.stdout.close()

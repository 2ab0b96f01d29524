"""``mock-idp demo``: identity provider, API and web app, wired, signed in once by itself, then open for a person."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import click

from mock_idp.cli import _options as options
from mock_idp.cli._story import show
from mock_idp.directory.default import API, CONTOSO, PASSWORD, WEB_APP, WEB_APP_SECRET
from mock_idp.errors import UserError
from mock_idp.intercept.environment import TARGET, check_dotenv, restored, variables
from mock_idp.runtime.journal import Journal
from mock_idp.server import Options, attached
from mock_idp.visitor import Visitor, VisitError

API_PORT = 8000
WEB_APP_PORT = 5001
USER = "rita@contoso.example"

_NEEDED = ("cachelib", "dotenv", "fastapi", "flask", "flask_session", "httpx", "msal", "requests", "swagger_ui_bundle")
_START_SECONDS = 30
_STOP_SECONDS = 5
_POLL_SECONDS = 0.05
_KEPT_LINES = 40


@click.command("demo")
@options.port
@options.offline
@options.state_dir
@click.option("--check", is_flag=True, help="Prove that all is well, then stop: exit code 0 or 1.")
@click.option("--json", "as_json", is_flag=True, help="With --check, print the result as JSON.")
@click.option("--verbose", "-v", is_flag=True, help="Show what the two applications print.")
def COMMAND(  # noqa: N802 - what the collection looks for
    *, port: int, offline: bool, state_dir: Path | None, check: bool, as_json: bool, verbose: bool
) -> None:
    """Run the whole story: a Flask web app, a FastAPI API and the identity provider between them.

    Starts all three, signs a user in through the real pages, reads and writes through the API to prove that it works, then
    stays up for you until Ctrl-C.

    With MOCK_IDP_TARGET=entra the same two applications run against the real tenant that your .env names.
    """
    _check_installed()
    if options.target() == "entra":
        raise SystemExit(options.run_loop(_demo_for_real(verbose=verbose)))
    wish = click.get_current_context().get_parameter_source("port") is click.core.ParameterSource.DEFAULT
    demo = _Demo(state_dir, Options(port=port, port_is_wish=wish), offline=offline, verbose=verbose)
    code = options.run_loop(demo.run(stay=not check))
    if as_json:
        click.echo(json.dumps({"ok": code == 0, "steps": demo.steps}))
    raise SystemExit(code)


def _check_installed() -> None:
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise UserError(
            "The demo's two applications cannot run.",
            f"They need packages that are not installed: {', '.join(missing)}.",
            "Install the extra: pip install 'mock-entra-idp[demo]'",
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where the applications are: from a clone they run as they stand, else from the wheel."""

    prefix: str
    directory: Path | None

    @classmethod
    def find(cls) -> "Place":
        """Beside this package, or inside it."""
        root = Path(__file__).parents[2]
        if (root / "pyproject.toml").is_file() and (root / "webapp" / "main.py").is_file():
            return cls("", root)
        return cls("mock_idp._apps.", None)


class _Application:
    """One of the two programs, as a process of its own."""

    def __init__(self, name: str, command: list[str], port: int, path: str, *, verbose: bool) -> None:
        self.name, self.port = name, port
        self.url = f"http://localhost:{port}"
        self._command, self._path, self._verbose = command, path, verbose
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)

    def start(self, environment: dict[str, str], directory: Path | None) -> None:
        """Start it, out of reach of the terminal's Ctrl-C: it is stopped in order."""
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if sys.platform == "win32" else {"start_new_session": True}  # fmt: skip
        self._process = subprocess.Popen(  # noqa: S603 - our own programs
            [sys.executable, "-m", *self._command], env={**environment, "PYTHONUNBUFFERED": "1"}, cwd=directory,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            **apart,
        )  # fmt: skip
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self._lines.append(line.rstrip())
            if self._verbose:
                click.echo(f"{click.style(f'{self.name:8}', fg='bright_black')} {line.rstrip()}", err=True)

    async def ready(self) -> None:
        """Wait until it answers.

        Raises:
            UserError: it ended, or did not answer in time.
        """
        for _ in range(int(_START_SECONDS / _POLL_SECONDS)):
            if self._process.poll() is not None:
                raise self._failed(f"it ended with exit code {self._process.returncode}")
            if await asyncio.get_running_loop().run_in_executor(None, self._answers):
                return
            await asyncio.sleep(_POLL_SECONDS)
        raise self._failed(f"it did not answer within {_START_SECONDS} seconds")

    def _answers(self) -> bool:
        from http.client import HTTPConnection, HTTPException  # noqa: PLC0415 - only here

        connection = HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", self._path)
            connection.getresponse().read()
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()
        return True

    def _failed(self, why: str) -> UserError:
        self._reader.join(1)
        said = "\n".join(f"    {line}" for line in list(self._lines)[-12:]) or "    (nothing)"
        return UserError(
            f"{self.name} could not be started: {why}.", f"It printed:\n{said}", "Mend that and try again."
        )

    def stop(self) -> None:
        """End it, gently first."""
        if not hasattr(self, "_process"):
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(1)


def _applications(place: Place, api_port: int, web_port: int, *, verbose: bool) -> tuple[_Application, _Application]:
    api = ["uvicorn", f"{place.prefix}api.main:app", "--host", "127.0.0.1", "--port", str(api_port)]
    web = ["flask", "--app", f"{place.prefix}webapp.main", "run", "--port", str(web_port)]
    return (
        _Application("api", api, api_port, "/healthz", verbose=verbose),
        _Application("webapp", web, web_port, "/static/style.css", verbose=verbose),
    )


@asynccontextmanager
async def _running(
    applications: tuple[_Application, ...],
    environment: dict[str, str],
    directory: Path | None,
    tell: Callable[[str], None],
) -> AsyncIterator[None]:
    """The applications, for as long as this is open."""
    try:
        for application in applications:
            application.start(environment, directory)
        for application in applications:
            await application.ready()
            tell(f"{application.name:7} runs at {application.url}")
        yield
    finally:
        for application in applications:
            await asyncio.get_running_loop().run_in_executor(None, application.stop)


class _Demo:
    """The demo against the mock.

    Attributes:
        steps: what was done, a line each.
    """

    def __init__(self, state_dir: Path | None, chosen: Options, *, offline: bool, verbose: bool) -> None:
        self._state = options.open_state(state_dir)
        self._chosen, self._offline, self._verbose = chosen, offline, verbose
        self._show = False
        self.steps: list[str] = []

    def _tell(self, text: str) -> None:
        self.steps.append(click.unstyle(text))
        options.say(text)

    async def run(self, *, stay: bool) -> int:
        """The whole story; 0 when it went well."""
        stop = asyncio.Event()
        options.on_signals(lambda _: stop.set(), *options.STOPPING)
        story = asyncio.ensure_future(self._story(stop, stay=stay))
        interrupted = asyncio.ensure_future(stop.wait())
        await asyncio.wait({story, interrupted}, return_when=asyncio.FIRST_COMPLETED)
        if not story.done() and not self._show:  # Ctrl-C before it was up
            story.cancel()
        try:
            return await story
        except asyncio.CancelledError:
            options.say("stopped")
            return 130
        finally:
            interrupted.cancel()

    async def _story(self, stop: asyncio.Event, *, stay: bool) -> int:
        journal = Journal(lambda entry: show(entry) if self._show else None)
        upstream = options.upstream(offline=self._offline)
        async with attached(self._state, self._chosen, upstream, say=self._tell, journal=journal, registered=True) as (
            interception,
            front_url,
        ):
            place = Place.find()
            api, web = _applications(
                place, self._port(API_PORT, "api"), self._port(WEB_APP_PORT, "webapp"), verbose=self._verbose
            )
            base = restored(os.environ)
            environment = base | variables(interception, base, self._state) | _settings(api.url, web.url)
            async with _running((api, web), environment, place.directory, self._tell):
                try:
                    await asyncio.get_running_loop().run_in_executor(None, self._prove, web.url)
                except VisitError as error:
                    self._tell(click.style(f"FAILED at {error.where}: {error.why}", fg="red"))
                    return 1
                if stay:
                    self._show = True
                    _invite(web.url, api.url, front_url)
                    await stop.wait()
                    options.say("stopping")
        return 0

    def _port(self, wanted: int, name: str) -> int:
        port = next(port for port in range(wanted, wanted + 200) if _is_free(port))
        if port != wanted:
            self._tell(f"port {wanted} is taken, so {name} gets {port}")
        return port

    def _prove(self, web_url: str) -> None:
        """Sign a user in through the real pages and call the API."""
        import requests  # noqa: PLC0415 - of the extra

        def step(method: str, url: str, status: int) -> None:
            self._tell(f"  {status} {method:4} {url}")

        with requests.Session() as session:
            session.trust_env = False
            visitor = Visitor(session, step)
            self._tell(f"signing {USER} in through the real pages")
            home = visitor.sign_in(visitor.open(f"{web_url}/login"), USER)
            _expect(home, "Rita Reader")
            self._tell("reading and writing through the API")
            _expect(visitor.open(f"{web_url}/api/read"), "data.read")
            _expect(visitor.press(visitor.open(f"{web_url}/api/write"), action="/api/write"), "data.write")
        self._tell(click.style("all is well: signed in, read and wrote", fg="green"))


def _expect(page: object, text: str) -> None:
    status, found, url = page.status_code, page.text, page.url  # type: ignore[attr-defined]
    if status != 200 or text not in found:  # noqa: PLR2004 - HTTP
        words = " ".join(_visible(found).split())[:400]
        raise VisitError(url, f"expected status 200 and '{text}'; got {status}: {words}")


def _visible(page: str) -> str:
    import re  # noqa: PLC0415 - failures only

    return re.sub(r"<(style|script|head).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _settings(api_url: str, web_url: str) -> dict[str, str]:
    """The registrations of the built-in Contoso, as the two applications are configured with them."""
    return {
        "TENANT_ID": CONTOSO.id,
        "CLIENT_ID": WEB_APP.app_id,
        "CLIENT_SECRET": WEB_APP_SECRET,
        "REDIRECT_URI": f"{web_url}/callback",
        "API_SCOPE_PREFIX": API.identifier_uris[0],
        "API_BASE_URL": api_url,
        "API_CLIENT_ID": API.app_id,
        "API_APP_ID_URI": API.identifier_uris[0],
        "SWAGGER_CLIENT_ID": API.app_id,
        "SESSION_DIR": "",
    }


def _invite(web_url: str, api_url: str, front_url: str) -> None:
    people = [user for user in CONTOSO.users if user.account_enabled]
    click.echo(f"\nOpen {click.style(web_url, bold=True)} and sign in as one of")
    for user in people:
        click.echo(f"  {user.user_principal_name:24} {user.display_name}")
    click.echo(f"with one click, or with the password {PASSWORD}.\n")
    click.echo(f"  {api_url}/docs          the API; its Authorize button works in: mock-idp browser {api_url}/docs")
    click.echo(f"  {front_url}          the identity provider: people, apps, ids")
    click.echo("\nWhat the applications ask of it appears below. Stop with Ctrl-C.\n")


async def _demo_for_real(*, verbose: bool) -> int:
    """The two applications against the tenant that .env names, without any of our variables."""
    check_dotenv(Path(".env"))
    options.say(f"{TARGET}=entra: the applications run against the real Entra ID, with none of our variables set")
    for port in (API_PORT, WEB_APP_PORT):
        if not _is_free(port):
            raise UserError(
                "The demo cannot start.",
                f"Port {port} is taken, and redirect URIs are registered with the ports {API_PORT} and {WEB_APP_PORT}.",
                "Stop the program that holds it.",
            )
    stop = asyncio.Event()
    options.on_signals(lambda _: stop.set(), *options.STOPPING)
    place = Place.find()
    api, web = _applications(place, API_PORT, WEB_APP_PORT, verbose=verbose)
    async with _running(
        (api, web), restored(os.environ), Path.cwd() if place.directory is None else place.directory, options.say
    ):
        click.echo(f"\nOpen {web.url} and sign in with an account of your tenant. Stop with Ctrl-C.\n")
        await stop.wait()
        options.say("stopping")
    return 0

"""``mock-idp demo``: identity provider, API and web app, wired, signed in once by itself, then open for a person."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urljoin

import click

from mock_idp.applications import API_PORT, WEB_APP_PORT, Place, Ports, running
from mock_idp.attach import Attachment, attached
from mock_idp.cli import _options as options
from mock_idp.cli._story import show
from mock_idp.directory.default import API, CONTOSO, PASSWORD, WEB_APP, WEB_APP_SECRET
from mock_idp.directory.project import ENVIRONMENT_VARIABLE, find_file
from mock_idp.errors import UserError
from mock_idp.intercept.environment import TARGET, check_nearest_dotenv, restored, variables
from mock_idp.runtime.journal import Journal
from mock_idp.runtime.tenants import home_name
from mock_idp.server import Options
from mock_idp.state import State
from mock_idp.visitor import Hop, IdpSide, Page, Person, Reply, VisitError, sign_in, visit

USER = CONTOSO.users[1]
"""Who is signed in to prove that all is well."""

_NEEDED = ("cachelib", "dotenv", "fastapi", "flask", "flask_session", "httpx", "msal", "requests", "swagger_ui_bundle")
_INTERRUPTED = 130


@click.command("demo", short_help="A web app, an API and the identity provider, wired and proven.")
@options.port
@options.port_option(
    "--api-port", API_PORT, "MOCK_IDP_API_PORT", "Port of the API; the next free one when it is taken."
)
@options.port_option(
    "--webapp-port",
    WEB_APP_PORT,
    "MOCK_IDP_WEBAPP_PORT",
    "Port of the web app; the next free one when it is taken.",
)
@options.offline
@options.state_dir
@click.option(
    "--check",
    is_flag=True,
    envvar="MOCK_IDP_CHECK",
    show_envvar=True,
    help="Prove that all is well, then stop: exit code 0 or 1.",
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    envvar="MOCK_IDP_JSON",
    show_envvar=True,
    help="Print the addresses (with --check: the result) as one JSON line.",
)
@click.option(
    "--verbose",
    "-v",
    is_flag=True,
    envvar="MOCK_IDP_VERBOSE",
    show_envvar=True,
    help="Show what the two applications print.",
)
def command(
    *, port: int, api_port: int, webapp_port: int, offline: bool, state_dir: Path | None, check: bool, as_json: bool,
    verbose: bool,
) -> None:  # fmt: skip
    """Run the whole story: a Flask web app, a FastAPI API and the identity provider between them.

    Starts all three, signs a user in through the real pages, reads and writes through the API to prove that it works,
    then stays up for you until Ctrl-C.

    The two applications need the extra: pip install 'mock-entra-idp[demo]'.

    With MOCK_IDP_TARGET=entra the same two applications run against the real tenant that your .env names.
    """
    _check_installed()
    wished = Ports(api=api_port, webapp=webapp_port)
    _leave_aside()
    story = _Story(as_json=as_json, check=check, verbose=verbose)
    if options.target() == "entra":
        raise SystemExit(options.run_loop(_until_interrupted(lambda stop: _for_real(story, wished, stop))))
    demo = _Demo(story, wished, options.open_state(state_dir), options.wished(port=port), offline=offline)
    code = options.run_loop(_until_interrupted(demo.run))
    if as_json and check:
        click.echo(json.dumps({"ok": code == 0, "steps": story.steps}))
    raise SystemExit(code)


def _leave_aside() -> None:
    """Say that the project's own directory is not what the demo shows."""
    with suppress(UserError, OSError):
        found = os.environ.get(ENVIRONMENT_VARIABLE) or find_file(Path())
        if found and options.target() == "mock":
            options.say(f"{found} is left aside: the demo shows the built-in directory")


def _check_installed() -> None:
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise UserError(
            "The demo's two applications cannot run.",
            f"They need packages that are not installed: {', '.join(missing)}.",
            "Install the extra: pip install 'mock-entra-idp[demo]'",
        )


@dataclass(slots=True, kw_only=True)
class _Story:
    """What the demo tells, and how.

    Attributes:
        steps: what was told so far.
        open_house: the journal is shown from now on.
    """

    as_json: bool
    check: bool
    verbose: bool
    steps: list[str] = field(default_factory=list)
    open_house: bool = False

    def tell(self, text: str) -> None:
        """Tell a step."""
        self.steps.append(click.unstyle(text))
        options.say(text)

    def echo(self, name: str, line: str) -> None:
        """Show a line that an application printed."""
        click.echo(f"{click.style(f'{name:8}', fg='bright_black')} {line}", err=True)

    @asynccontextmanager
    async def applications(
        self, wished: Ports, environment: Callable[[Ports], Mapping[str, str]], *, directory: Path | None = None
    ) -> AsyncIterator[Ports]:
        """Both applications, told as they come up; with a directory of the user's, on their registered ports."""
        echo = self.echo if self.verbose else None
        async with running(wished, environment, directory=directory, tell=self.tell, echo=echo) as ports:
            yield ports


class _Interrupt:
    """Ctrl-C: it ends a story that waits for it, and cancels one that is still beginning."""

    def __init__(self) -> None:
        self._came = asyncio.Event()
        self._waited_for = False

    async def wait(self) -> None:
        """Stay until it comes."""
        self._waited_for = True
        await self._came.wait()

    def arrive(self, telling: "asyncio.Future[int]") -> None:
        """It came."""
        if self._waited_for:
            self._came.set()
        else:
            telling.cancel()


async def _until_interrupted(story: Callable[[_Interrupt], Awaitable[int]]) -> int:
    interrupt = _Interrupt()
    telling = asyncio.ensure_future(story(interrupt))
    options.on_signals(lambda _: interrupt.arrive(telling), *options.STOPPING)
    try:
        return await telling
    except asyncio.CancelledError:
        options.say("stopped")
        return _INTERRUPTED


class _Demo:
    """The demo against the mock."""

    def __init__(self, story: _Story, wished: Ports, state: State, chosen: Options, *, offline: bool) -> None:
        self._story, self._wished, self._state, self._chosen = story, wished, state, chosen
        self._upstream = options.upstream(offline=offline)

    async def run(self, stop: _Interrupt) -> int:
        """The whole of it; 0 when it went well."""
        story = self._story
        journal = Journal(lambda entry: show(entry) if story.open_house else None)
        async with attached(
            self._state, self._chosen, self._upstream, say=story.tell, journal=journal, registered=True
        ) as server:
            base = restored(os.environ)
            ours = base | variables(server.interception, base, self._state)
            async with story.applications(self._wished, lambda ports: ours | _settings(ports)) as ports:
                try:
                    idp = IdpSide.of(server)
                    await asyncio.get_running_loop().run_in_executor(None, _prove, ports.webapp_url, idp, story.tell)
                except VisitError as error:
                    story.tell(click.style(f"FAILED at {error.where}: {error.why}", fg="red"))
                    return 1
                if not story.check:
                    story.open_house = True
                    _invite(story, ports, server)
                    await stop.wait()
                    options.say("stopping")
        return 0


async def _for_real(story: _Story, wished: Ports, stop: _Interrupt) -> int:
    """The two applications against the tenant that .env names, without any of our variables."""
    directory = Place.find().own_directory or Path.cwd()
    check_nearest_dotenv(directory)
    options.say(f"{TARGET}=entra: the applications run against the real Entra ID, with none of our variables set")
    environment = restored(os.environ)
    async with story.applications(wished, lambda _: environment, directory=directory) as ports:
        if story.check:
            story.tell("both applications start; signing in to a real tenant takes a person")
            return 0
        if story.as_json:
            click.echo(json.dumps({"webapp": ports.webapp_url, "api": ports.api_url}))
        else:
            click.echo(f"\nOpen {ports.webapp_url} and sign in with an account of your tenant. Stop with Ctrl-C.\n")
        await stop.wait()
        options.say("stopping")
    return 0


def _prove(webapp_url: str, idp: IdpSide, tell: Callable[[str], None]) -> None:
    """Sign a user in through the real pages, and read and write through the API.

    Raises:
        VisitError: where a person would be stuck.
    """

    def show(hop: Hop) -> None:
        tell(f"  {hop}")

    person = Person(idp)
    tell(f"signing {USER.user_principal_name} in through the real pages")
    home = sign_in(person, f"{webapp_url}/login", idp=idp, user=USER.user_principal_name, tell=show)
    _expect(home, USER.display_name)
    tell("reading and writing through the API")
    _expect(visit(person, f"{webapp_url}/api/read", idp=idp, tell=show), "data.read")
    write = visit(person, f"{webapp_url}/api/write", idp=idp, tell=show)
    _expect(visit(person, write.url, idp=idp, form=_filled(write), tell=show), "data.write")
    tell(click.style("all is well: signed in, read and wrote", fg="green"))


def _filled(page: Reply) -> dict[str, str]:
    """The form that the page posts to itself.

    Raises:
        VisitError: it has none.
    """
    for form in Page(page.text).forms:
        if form.method == "post" and urljoin(page.url, form.action) == page.url:
            return dict(form.filled(form.primary))
    raise VisitError(page.url, f"the page has no form to post: {Page(page.text).words}")


def _expect(page: Reply, text: str) -> None:
    """Be content with a page, or say what it shows instead.

    Raises:
        VisitError: its status is not 200, or ``text`` is not on it.
    """
    if page.status_code != HTTPStatus.OK or text not in page.text:
        shows = f"expected status 200 and '{text}'; got {page.status_code}: {Page(page.text).words}"
        raise VisitError(page.url, shows)


def _settings(ports: Ports) -> dict[str, str]:
    """The registrations of the built-in Contoso, as the two applications are configured with them."""
    return {
        "TENANT_ID": CONTOSO.id,
        "CLIENT_ID": WEB_APP.app_id,
        "CLIENT_SECRET": WEB_APP_SECRET,
        "REDIRECT_URI": f"{ports.webapp_url}/callback",
        "API_SCOPE_PREFIX": API.identifier_uris[0],
        "API_BASE_URL": ports.api_url,
        "API_CLIENT_ID": API.app_id,
        "API_APP_ID_URI": API.identifier_uris[0],
        "SWAGGER_CLIENT_ID": API.app_id,
        "SESSION_DIR": "",
    }


def _invite(story: _Story, ports: Ports, server: Attachment) -> None:
    people = [user for user in CONTOSO.users if user.account_enabled]
    if story.as_json:
        names = [home_name(user) for user in people]
        found = {
            "webapp": ports.webapp_url,
            "api": ports.api_url,
            "front_url": server.front_url,
            "users": names,
            "password": PASSWORD,
        }
        click.echo(json.dumps(found))
        return
    click.echo(f"\nOpen {click.style(ports.webapp_url, bold=True)} and sign in as one of\n")
    for user in people:
        click.echo(f"  {home_name(user):24} {user.display_name}")
    click.echo(f"\nwith one click, or with the password {PASSWORD}. Also there:\n")
    click.echo(
        f"  {ports.api_url}/docs      the API; its Authorize button works in `mock-idp browser {ports.api_url}/docs`"
    )
    click.echo(f"  {server.front_url}           the identity provider: people, apps, ids")
    where = "where that was started" if server.joined else "below"
    click.echo(f"\nWhat the applications ask of it appears {where}. Stop with Ctrl-C.\n")

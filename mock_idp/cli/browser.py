"""``mock-idp browser``: an isolated Chromium in which Microsoft's hosts are ours."""

import os
import shutil
import tempfile
from pathlib import Path

import click

from mock_idp.attach import attached
from mock_idp.cli import _options as options
from mock_idp.cli.run import child
from mock_idp.intercept.browser import arguments, find_browser, prepare
from mock_idp.intercept.ca import Authority
from mock_idp.intercept.environment import restored
from mock_idp.runtime.settings import FrontChannel
from mock_idp.server import Options
from mock_idp.state import State


@click.command(
    "browser",
    short_help="Open a browser in which Microsoft's hosts are ours.",
    context_settings={"ignore_unknown_options": True},
)
@options.port
@options.front_channel
@options.directory
@options.state_dir
@click.option(
    "--program",
    envvar="MOCK_IDP_BROWSER",
    show_envvar=True,
    help="The Chromium to start.  [default: the first of chromium, Chrome and Edge that is found]",
)
@click.option(
    "--headless",
    is_flag=True,
    envvar="MOCK_IDP_HEADLESS",
    show_envvar=True,
    help="Without a window, for scripts (with --screenshot=FILE, --dump-dom, …).",
)
@click.argument("url", default="")
@click.argument("more", nargs=-1, type=click.UNPROCESSED, metavar="[BROWSER OPTIONS]")
def command(
    *,
    port: int,
    front_channel: FrontChannel,
    directory: Path | None,
    state_dir: Path | None,
    program: str | None,
    headless: bool,
    url: str,
    more: tuple[str, ...],
) -> None:
    """Open a browser in which login.microsoftonline.com and graph.microsoft.com are answered here.

    For applications that send the browser to Microsoft's own names: msal-node, MSAL.NET, MSAL.js, Swagger pages. In an
    ordinary browser those names lead to the real Microsoft, where nobody should type a test password.

    The profile is empty and temporary. Nothing is installed, no certificate is trusted anywhere else, nothing stays.
    Loopback addresses work as usual; other hosts are not reachable from it.
    """
    found = find_browser(program)
    state = options.open_state(state_dir)
    chosen = options.wished(port=port, declared=options.declared(directory, state), front_channel=front_channel)
    options_and_url = [*more, url or ""]
    raise SystemExit(options.run_loop(_browse(state, chosen, found, options_and_url, headless=headless)))


async def _browse(state: State, chosen: Options, program: str, more: list[str], *, headless: bool) -> int:
    async with attached(state, chosen, options.upstream(offline=True), say=options.say) as server:
        spki = Authority.load(state).spki_sha256
        profile = tempfile.mkdtemp(prefix="mock-idp-browser-")
        try:
            prepare(Path(profile))
            command = [program, *arguments(server.interception.proxy_url, spki, profile, headless=headless)]
            more[-1] = more[-1] or server.front_url
            return await child((*command, *more), restored(os.environ))
        finally:
            # a browser that was just ended may still be writing
            shutil.rmtree(profile, ignore_errors=True)

"""The command line: one module a command, collected here. Adding a command is adding a module.

A module has ``command``, a :class:`click.Command`; its name ends in ``_`` where Python means something else by it.
Results go to stdout, the story to stderr; a mistake is three lines and never a traceback; exit codes are 0, 1 could
not, 2 wrong usage, and ``run`` gives the child's.
"""

import gc
import os
import sys
from importlib import import_module
from pathlib import Path

import click

from mock_idp import __version__
from mock_idp.errors import UserError

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_COLLECT_AFTER = 50_000
"""Imports allocate much and free nothing: with the default, collecting takes a tenth of the start-up."""

_ORDER = ("demo", "serve", "run", "env", "browser", "token", "explain", "init", "import", "list", "clean")


class _Commands(click.Group):
    """Imports a command's module when it is used, so that none pays for another."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The modules of this package, the ones a newcomer wants first."""
        del ctx
        names = [found.stem.rstrip("_") for found in Path(__file__).parent.glob("[!_]*.py")]
        return sorted(names, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = cmd_name if (Path(__file__).parent / f"{cmd_name}.py").exists() else f"{cmd_name}_"
        command: click.Command = import_module(f"{__name__}.{module}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command when there is no such one."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches  # noqa: PLC0415 - mistakes only

            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            nearest = f" Did you mean '{near[0]}'?" if near else ""
            raise click.UsageError(f"No such command '{args[0]}'.{nearest}", ctx) from error


@click.command(cls=_Commands, context_settings=_CONTEXT)
@click.version_option(__version__, "-V", "--version", message="mock-idp %(version)s")
def command_line() -> None:
    """A local stand-in for Microsoft Entra ID.

    Your code says login.microsoftonline.com; leave it that way. Start it with `mock-idp run`, and Microsoft's hosts are
    answered on this machine: sign-in, tokens and Graph's /me, with no tenant and no internet.

    \b
    First steps:
      mock-idp demo                    a web app, an API and the identity provider, wired
      mock-idp serve                   the identity provider alone
      mock-idp run -- flask run        your app, unchanged, in front of it
    """  # noqa: D301 - click wants the control character


def main() -> None:
    """Entry point."""
    gc.set_threshold(_COLLECT_AFTER)
    try:
        command_line(color=False if os.environ.get("NO_COLOR") else None)
    except UserError as error:
        click.echo(f"{click.style('Error:', fg='red')} {error.what}\n{error.why}\n{error.fix}", err=True)
        sys.exit(1)

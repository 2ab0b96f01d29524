"""``mock-idp clean``: removes the state directory."""

from pathlib import Path

import click

from mock_idp.cli import _options as options
from mock_idp.errors import UserError
from mock_idp.running import find_running
from mock_idp.state import State, default_path


@click.command("clean", short_help="Remove keys, certificate authority and all else that is kept.")
@options.state_dir
def command(*, state_dir: Path | None) -> None:
    """Remove keys, certificate authority and everything else that is kept, and say what was removed.

    Nothing was ever written to a system trust store, so nothing else is left. New ones are made when next needed;
    tokens, codes and refresh tokens of the old keys are void then.
    """
    path = state_dir or default_path()
    if not path.exists():
        click.echo(f"There is nothing to remove: {path} does not exist.")
        return
    state = State(path)
    running = find_running(state)
    if running:
        raise UserError(
            f"The state directory {path} is in use.",
            f"Process {running.pid} serves with it at {running.front_url}.",
            "Stop it first (Ctrl-C in its terminal).",
        )
    removed = state.clean()
    for each in removed.gone:
        click.echo(f"removed {each}")
    if removed.kept:
        click.echo(f"kept {removed.kept}, which holds files that are not mock-idp's")

"""How ``serve`` and ``demo`` show the journal on a terminal."""

import click

from mock_idp.runtime.journal import Entry
from mock_idp.runtime.journal.telling import Part, lines

_QUIET = ("keys", "openid_configuration", "instance", "user_realm")
_COLOURS: dict[Part, str | None] = {"about": None, "error": "red", "hint": None, "note": "yellow"}


def show(entry: Entry) -> None:
    """Print an exchange on stderr: what was asked and answered, then who, guesses, error and hint below it.

    What our own commands ask of the server is left out.
    """
    if entry.is_ours:
        return
    colours = {**_COLOURS, "head": _colour(entry)}
    for line in lines(entry):
        click.echo(click.style(line.indented, fg=colours[line.part]), err=True)


def _colour(entry: Entry) -> str | None:
    if not entry.ok:
        return "red"
    return "bright_black" if entry.endpoint in _QUIET else None

"""How ``serve`` and ``demo`` show the journal on a terminal."""

import click

from mock_idp.runtime.journal import Entry

_OURS = "/_mock/"
_QUIET = ("/discovery/", "/.well-known/")


def show(entry: Entry) -> None:
    """Print an exchange on stderr: what was asked and answered, then guesses, error and hint below it.

    What our own commands ask of the server is left out.
    """
    if _OURS in entry.what:
        return
    colour = "red" if entry.error or entry.status >= 400 else ("bright_black" if _is_quiet(entry) else None)  # noqa: PLR2004
    about = "  ".join(f"{name}={value}" for name, value in entry.about.items())
    click.echo(click.style(f"{entry.status} {entry.method:4} {entry.what}  {about}".rstrip(), fg=colour), err=True)
    if entry.error:
        click.echo(click.style(f"    AADSTS{entry.error}: {entry.message}", fg="red"), err=True)
        click.echo(f"    hint: {entry.hint}", err=True)
    for note in entry.notes:
        click.echo(click.style(f"    note: {note}", fg="yellow"), err=True)


def _is_quiet(entry: Entry) -> bool:
    return any(part in entry.what for part in _QUIET)

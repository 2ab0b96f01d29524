"""``mock-idp import``: a directory file from Entra's own JSON."""

from pathlib import Path

import click

from mock_idp.cli import _options as options
from mock_idp.directory.source import file_name, write_new


@click.command("import", short_help="Turn app manifests into a directory file.")
@click.option("--tenant", metavar="TENANT", help="Id or domain of the tenant that they are of.  [default: the "
              "publisher domain that they name]")  # fmt: skip
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FILE",
              help="Where to write the file.  [default: stdout]")  # fmt: skip
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
def command(*, tenant: str | None, output: Path | None, force: bool, files: tuple[Path, ...]) -> None:
    """Turn app manifests into a directory file.

    Understands the manifest that the portal downloads, in the Microsoft Graph format and in the older one, and what
    `az ad app show`, `az ad app list` and `az ad sp show` print.

    \b
      mock-idp import manifest.json -o mock-idp.toml
      az ad app show --id $CLIENT_ID > app.json && mock-idp import app.json

    What a manifest does not hold, such as secrets, people and consents, is told on stderr. Without importing it, a
    manifest can also stay as it is, in the folder mock-idp/ beside mock-idp.toml.
    """  # noqa: D301 - click's \b
    from mock_idp.directory.importing import imported  # noqa: PLC0415 - mistakes in options come first

    found = imported(files, tenant)
    if output:
        write_new(output, found.text, force=force)
        options.say(f"wrote {file_name(output)}")
    else:
        click.echo(found.text, nl=False)
    for note in found.notes:
        options.say(note)

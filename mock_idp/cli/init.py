"""``mock-idp init``: a directory file to begin with."""

from pathlib import Path

import click

from mock_idp.cli import _options as options
from mock_idp.directory import project
from mock_idp.directory.source import file_name, write_new

STARTER = Path(project.__file__).with_name("starter.toml")
"""What is written."""


@click.command("init", short_help="Write a directory file to begin with.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.argument("path", type=click.Path(path_type=Path), default=project.FILE_NAME)
def command(*, force: bool, path: Path) -> None:
    """Write a directory file to begin with: a tenant, three people, an API and a web app.

    PATH is mock-idp.toml in the current directory, where `serve`, `run` and the tests below it find it. Change names,
    ids and redirect URIs to those of your app; every key has a comment.
    """
    path = path / project.FILE_NAME if path.is_dir() else path
    write_new(path, STARTER.read_text(encoding="utf-8"), force=force)
    options.say(f"wrote {file_name(path)}; see what is in it: mock-idp list apps")

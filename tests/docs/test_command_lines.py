"""Every command line in the pages can be typed: the command is there, and so are its options."""

import re
import shlex
from pathlib import Path

import click
import pytest

from mock_idp.cli import command_line

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    page for folder in (".", "docs", "docs/examples", "docs/examples/*") for page in ROOT.glob(f"{folder}/*.md")
)
CALL = re.compile(r"(?:^|[\s(/])mock-(?:entra-)?idp( [^\n`|&;)>]*)?")


def command_lines(page: Path) -> list[tuple[str, bool]]:
    """What stands behind ``mock-idp`` in shell code and in code spans, and whether it is a whole line."""
    text = page.read_text()
    blocks = re.findall(r"^ *```(?:sh|powershell)\n(.*?)```", text, re.DOTALL | re.MULTILINE)
    lines = [line.partition(" #")[0] for block in blocks for line in block.splitlines()]
    found = [((call[1] or "").strip(), True) for line in lines for call in CALL.finditer(line)]
    prose = re.sub(r"^( *)```.*?^\1```", "", text, flags=re.DOTALL | re.MULTILINE)
    spans = re.findall(r"`([^`\n]+)`", prose)
    found += [((call[1] or "").strip(), False) for span in spans for call in CALL.finditer(span)]
    return [line for line in found if line[0]]


def parsed(line: str, *, whole: bool) -> None:
    """Read a command line as click would, without running it.

    Raises:
        click.UsageError: it cannot be typed.
    """
    arguments = shlex.split(line)
    with command_line.make_context("mock-idp", list(arguments)) as group:
        name, command, rest = command_line.resolve_command(group, arguments)
        try:
            command.make_context(name, rest, parent=group)
        except click.MissingParameter:
            if whole:  # a span may be no more than a command's name
                raise


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_line_can_be_typed(page):
    wrong = []
    for line, whole in command_lines(page):
        try:
            parsed(line, whole=whole)
        except click.exceptions.Exit:  # --help, --version
            continue
        except (click.ClickException, ValueError) as error:
            wrong.append(f"mock-idp {line}: {error}")
    assert wrong == []


def test_command_lines_are_found_at_all():
    found = [line for page in PAGES for line, _ in command_lines(page)]
    assert len(found) > 30
    assert "run -- flask --app web run --port 5001" in found
    assert "env --unset" in found

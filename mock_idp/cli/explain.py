"""``mock-idp explain``: what an error number means, or why a token would be refused."""

import json
import re
import sys
import textwrap
from pathlib import Path
from typing import Any, Literal

import click

from mock_idp.cli import _options as options
from mock_idp.errors import UserError

_WIDTH = 100
_LONGEST = 1_000_000
_MARKS = {"ok": ("ok", "green"), "refused": ("NO", "red"), "note": ("--", "yellow")}


@click.command("explain", short_help="Say what an AADSTS number means, or why a token would be refused.")
@click.argument("words", nargs=-1, metavar="ERROR_OR_TOKEN")
@click.option("--audience", default="", help="Of the API that is to take the token: App ID URI or client id.")
@click.option("--tenant", default="", envvar="MOCK_IDP_TENANT", show_envvar=True,
              help="That the API serves: id, domain or name.")  # fmt: skip
@click.option("--scope", "scopes", multiple=True, help="That the API asks for; again for more.")
@click.option("--role", "roles", multiple=True, help="An app role that the API asks for; again for more.")
@click.option("--client", default="", help="The only app that the API lets in: client id or name.")
@click.option("--version", type=click.Choice(["1", "2"]), help="Of the tokens that the API validates.")
@click.option("--json", "as_json", is_flag=True, envvar="MOCK_IDP_JSON", show_envvar=True,
              help="Print everything as JSON.")  # fmt: skip
@options.directory
@options.state_dir
def command(
    *,
    words: tuple[str, ...],
    as_json: bool,
    directory: Path | None,
    state_dir: Path | None,
    **expected: Any,
) -> None:
    """Explain an error of Entra's, or a token.

    ERROR_OR_TOKEN is a number (50011, AADSTS50011), a whole error text, or a token; - reads it from stdin. Of a token
    it says whether an API with these options would take it, and else which setting to change. The exit code is 1 when
    it would be refused, and when nothing is known of an error.

    \b
      mock-idp explain 50011
      mock-idp explain "$TOKEN" --audience api://orders --tenant contoso --scope data.read
      mock-idp token rita --for api://orders | mock-idp explain - --audience api://orders
    """  # noqa: D301 - click's \b
    text = _given(words)
    from mock_idp.endpoints.explanations import codes_in  # noqa: PLC0415 - not for --help

    codes = [] if _may_be_token(text) else codes_in(text)
    if codes:
        sys.exit(_errors(codes, as_json=as_json))
    if len(text.split()) > _WORDS and not _may_be_token(text):
        raise UserError(
            "There is nothing to explain in that text.",
            f"It names no AADSTS number, and is no token: {text[:60]!r}.",
            "Type a number (mock-idp explain 50011), or paste the token alone.",
        )
    sys.exit(_token(text, _expected(expected), state_dir, directory, as_json=as_json))


_WORDS = 2
"""``Bearer`` and a token; more are a sentence."""

_JWT = re.compile(r"""\s*["']?((authorization:\s*)?bearer\s+|ey[A-Za-z0-9_-]{8,})""", re.IGNORECASE)


def _may_be_token(text: str) -> bool:
    return bool(_JWT.match(text))


def _given(words: tuple[str, ...]) -> str:
    """The argument, or what stdin has.

    Raises:
        UserError: neither has anything.
    """
    piped = words == ("-",) or (not words and not sys.stdin.isatty())
    text = sys.stdin.read(_LONGEST) if piped else " ".join(words)
    if text.strip():
        return text
    raise UserError(
        "There is nothing to explain.",
        "Neither an error nor a token came, as an argument or on stdin.",
        "Type for instance: mock-idp explain 50011, or mock-idp explain - < token.txt.",
    )


def _expected(options_given: dict[str, Any]) -> Any:
    from mock_idp.tokens.explain import Expected  # noqa: PLC0415 - tokens only

    versions: dict[str | None, Literal[1, 2] | None] = {"1": 1, "2": 2, None: None}
    return Expected(**{**options_given, "version": versions[options_given["version"]]})


def _errors(codes: list[tuple[str, int]], *, as_json: bool) -> int:
    """Explain errors; the exit code."""
    from mock_idp.endpoints.explanations import DOCUMENTATION, explanation, nearest  # noqa: PLC0415 - not for --help

    found = [(family, number, explanation(family, number)) for family, number in codes]
    if as_json:
        documents = [
            known.facts() if known else {
                "code": f"{family}{number}", "number": number, "known": False,
                "nearest": [near.code for near in nearest(number)], "documentation": DOCUMENTATION,
            }
            for family, number, known in found
        ]  # fmt: skip
        click.echo(json.dumps(documents[0] if len(documents) == 1 else documents, indent=2, ensure_ascii=False))
    else:
        texts = [_error(known) if known else _unknown(family, number) for family, number, known in found]
        click.echo("\n\n".join(texts))
    return 0 if all(known for _, _, known in found) else 1


def _error(found: Any) -> str:
    row = found.row
    oauth = f"{row.error}, HTTP status {row.status}"
    if row.redirect_error and row.redirect_error != row.error:
        oauth += f"; {row.redirect_error} in a redirect"
    if row.suberror:
        oauth += f"; suberror {row.suberror}"
    lines = [
        click.style(found.code, bold=True),
        _wrapped("", found.message),
        "",
        _wrapped("OAuth error", oauth),
        _wrapped("Appears", found.where),
        _wrapped("At Entra" if row.unearned else "Provoke", row.provoke),
    ]
    if row.unearned:
        lines.append(_wrapped("Not here", row.unearned))
    lines += [_wrapped("Change", row.fix), _wrapped("Known", found.evidence), _wrapped("See", found.lookup)]
    return "\n".join(lines)


def _unknown(family: str, number: int) -> str:
    from mock_idp.endpoints.explanations import DOCUMENTATION, nearest  # noqa: PLC0415 - mistakes only

    near = "\n".join(_wrapped(each.code, each.message, first_line=True) for each in nearest(number))
    return f"{family}{number} is not known here. Nearest:\n{near}\nMicrosoft's list: {DOCUMENTATION}"


def _wrapped(name: str, text: str, *, first_line: bool = False) -> str:
    """A heading and its text; of a list only the first line."""
    width = 14
    lines = textwrap.wrap(text, _WIDTH - width, break_long_words=False, break_on_hyphens=False) or [""]
    if first_line and len(lines) > 1:
        lines = [f"{lines[0]} …"]
    if not name:
        lines = textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
        return "\n".join(lines)
    return "\n".join((name if n == 0 else "").ljust(width) + line for n, line in enumerate(lines))


def _token(text: str, expected: Any, state_dir: Path | None, directory: Path | None, *, as_json: bool) -> int:
    """Explain a token; the exit code."""
    from mock_idp.cli._known import known  # noqa: PLC0415 - tokens only
    from mock_idp.tokens.explain import explain  # noqa: PLC0415 - likewise

    state = options.open_state(state_dir)
    found = explain(text, expected, known(state, options.declared(directory, state)))
    if as_json:
        findings = [finding._asdict() for finding in found.findings]
        document = {"accepted": not found.reasons, "what": found.what, "findings": findings, "header": found.header,
                    "claims": found.claims}  # fmt: skip
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        click.echo(_told(found))
    return 1 if found.reasons else 0


def _told(found: Any) -> str:
    lines = [textwrap.fill(f"This is {found.what}.", _WIDTH, break_long_words=False, break_on_hyphens=False), ""]
    for finding in found.findings:
        mark, colour = _MARKS[finding.verdict]
        lines.append(_listed(click.style(mark, fg=colour), finding.check, finding.text))
        if finding.fix:
            lines.append(_listed("  ", "  change" if finding.verdict == "refused" else "  hint", finding.fix))
    count = len(found.reasons)
    reasons = "1 reason" if count == 1 else f"{count} reasons"
    verdict = f"An API would refuse it, for {reasons}." if count else "An API with these settings would take it."
    return "\n".join([*lines, "", click.style(verdict, bold=True)])


def _listed(mark: str, name: str, text: str) -> str:
    """A marked line, and what does not fit on it below."""
    return f"{mark} " + _wrapped(name, text).replace("\n", "\n   ")

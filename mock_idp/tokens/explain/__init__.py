"""Why a resource server would refuse a token, in words, and which setting to change."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from mock_idp.directory.models import Directory
from mock_idp.tokens.compact import Malformed, read
from mock_idp.tokens.explain.case import Case, Expected, Finding, Signer
from mock_idp.tokens.explain.checks import CHECKS
from mock_idp.tokens.explain.opaque import Opener, looks_like, of_ours

__all__ = ["Expected", "Explained", "Finding", "Known", "Signer", "explain"]

_PREFIX = re.compile(r"(authorization:\s*)?bearer\s+", re.IGNORECASE)


class Known(NamedTuple):
    """What is known here.

    Attributes:
        directory: what is declared.
        signer: finds the key of this mock with a ``kid``.
        opened: unseals codes and refresh tokens of this mock.
        now: seconds since 1970.
    """

    directory: Directory
    signer: Callable[[str], Signer | None]
    opened: Opener
    now: int


class Explained(NamedTuple):
    """A token, and what was found.

    Attributes:
        what: what it is, in words.
        header: its JOSE header; empty when it is no JWT.
        claims: its payload; likewise.
        findings: in the order looked at.
    """

    what: str
    header: dict[str, Any]
    claims: dict[str, Any]
    findings: list[Finding]

    @property
    def reasons(self) -> list[Finding]:
        """Why it would be refused."""
        return [finding for finding in self.findings if finding.verdict == "refused"]


def explain(text: str, expected: Expected, known: Known) -> Explained:
    """Judge a token as a resource server would.

    Args:
        text: the token as it came.
        expected: what the resource server demands.
        known: what is known here.
    """
    bare, findings = _bare(text)
    try:
        token = read(bare)
    except Malformed as error:
        what, fix = of_ours(bare, known.opened) or looks_like(bare)
        return Explained(what, {}, {}, [*findings, Finding("form", "refused", f"This is no JWT: {error}.", fix)])
    case = Case(token=token, expected=expected, directory=known.directory, signer=known.signer, now=known.now)
    for check in CHECKS:
        findings += check(case)
    return Explained(what=_what(case), header=token.header, claims=token.claims, findings=findings)


def _bare(text: str) -> tuple[str, list[Finding]]:
    """The token alone, and what stood around it or in it."""
    bare, findings = text.strip("\r\n"), []
    if prefix := _PREFIX.match(bare.lstrip()):
        findings.append(
            Finding(
                "form",
                "refused",
                f"'{prefix[0].strip()}' stands before the token.",
                "Take the scheme off before validating: the token is what follows 'Bearer ' in the header.",
            )
        )
        bare = bare.lstrip()[prefix.end() :]
    unquoted = bare.strip().strip("\"'")
    joined = "".join(unquoted.split())
    if unquoted != bare or joined != unquoted:
        where = "in the middle" if joined != unquoted else "around it"
        findings.append(
            Finding(
                "form",
                "refused",
                f"White space or quotes stand {where}.",
                "Copy or read the token without them; a line break comes from a terminal, a file or an e-mail.",
            )
        )
    return joined, findings


def _what(case: Case) -> str:
    claims = case.claims
    version = f" v{claims['ver']}" if claims.get("ver") in ("1.0", "2.0") else ""
    if not case.is_access_token:
        return f"an id token{version} for {case.called(case.audience)}"
    user = claims.get("upn") or claims.get("preferred_username") or claims.get("unique_name") or claims.get("oid")
    who = "by an application for itself" if case.is_app_only else f"for the user {user}"
    return f"an access token{version} for {case.called(case.audience)}, {who}, client {case.called(case.client)}"

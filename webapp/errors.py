"""The two ways a request can end early: with a page to read, or with a trip to the sign-in page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(eq=False)
class VisibleError(Exception):
    """Something the person in front of the browser should read.

    Attributes:
        status: HTTP status of the page.
        title: What happened, in a line.
        description: What the other side said about it; shown escaped, line breaks kept.
        hint: What to do now.
        code: The machine's word for it, such as `access_denied`.
        correlation_id: What Microsoft's support, and the tenant's sign-in log, find the event by.
    """

    status: int
    title: str
    description: str = ""
    hint: str = ""
    code: str = ""
    correlation_id: str = ""


class SignInRequiredError(Exception):
    """Only the person can get us further: they have to pass by the identity provider.

    Attributes:
        otherwise: The page to show when they have just been there and it did not help.
        claims: A claims challenge to hand to the identity provider, JSON text, or empty.
    """

    def __init__(self, otherwise: VisibleError | None = None, *, claims: str = "") -> None:
        super().__init__("sign-in required")
        self.otherwise = otherwise or VisibleError(403, "Signing in did not help", "No session could be kept.")
        self.claims = claims

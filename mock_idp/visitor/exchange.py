"""What passes between a visit and whoever drives it: what to ask, what came, the steps as told, and the failure."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

SameSite = Literal["lax", "strict"]


class Ask(NamedTuple):
    """What to ask next.

    Attributes:
        url: absolute, without fragment; only a visit's first may be a bare path.
        form: what to post, encoded; ``None`` when nothing is posted.
        of_entra: whether the identity provider is asked, or else the app.
        by_app: whether the app itself redirects there.
        by_entra: whether the identity provider does, or its page.
        origin: of the page that posts to the app; empty where a browser would name none.
        left_out: cookies that a browser would not send, by their ``SameSite``, since another site sends it here.
    """

    method: str
    url: str
    form: str | None = None
    of_entra: bool = False
    by_app: bool = False
    by_entra: bool = False
    origin: str = ""
    left_out: tuple[SameSite, ...] = ()


class Answer(NamedTuple):
    """What came.

    Attributes:
        url: what was asked, absolute.
        location: where it redirects to, as it says it.
        is_html: whether it is a page.
        native: as the client gave it.
        text: reads it.
    """

    status: int
    url: str
    location: str
    is_html: bool
    native: Any
    text: Callable[[], str]


class Hop(NamedTuple):
    """A step as it is told: URLs without their query, which may hold secrets.

    Attributes:
        asked_of: the URL that was asked in place of this one, if that is no other name of the app; else empty.
    """

    method: str
    url: str
    status: int
    asked_of: str = ""

    def __str__(self) -> str:
        asked = f"  (asked of {self.asked_of})" if self.asked_of else ""
        return f"{self.status or '---'} {self.method:4} {self.url}{asked}"


class VisitError(AssertionError):
    """A person would be stuck here.

    Args:
        where: the URL, without its query.
        why: what was missing, or what the page said.
        details: further lines.
        hops: the way there.
        response: what the app's client answered last, if anything.
    """

    def __init__(
        self, where: str, why: str, *, details: Sequence[str] = (), hops: Sequence[Hop] = (), response: Any = None
    ) -> None:
        self.where, self.why, self.hops, self.response = where, why, tuple(hops), response
        way = ["the way there:", *(f"  {hop}" for hop in hops)] if hops else []
        first = why if hops else f"{where}: {why}"
        super().__init__("\n".join([first, *(f"  {line}" for line in (*details, *way))]))


def told(url: str) -> str:
    """A URL without its query and fragment, which may hold secrets."""
    return url.partition("?")[0].partition("#")[0]

"""Drives the real pages as a person would: follows links, fills in forms, presses buttons.

No browser and no scripts; it reads what the pages say, so it breaks where a person would be stuck.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from requests import Response, Session

MAX_HOPS = 20
_SECONDS = 20


class VisitError(Exception):
    """A person would be stuck here.

    Args:
        where: the URL.
        why: what was missing, or what the page said.
    """

    def __init__(self, where: str, why: str) -> None:
        self.where, self.why = where, why
        super().__init__(f"{where}: {why}")


@dataclass(slots=True)
class Form:
    """A form of a page: where it goes, what it holds, and its buttons as (name, value)."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif self.found and tag == "button":
            self.found[-1].buttons.append((given.get("name", ""), given.get("value", "")))
        elif self.found and tag == "input" and given.get("name"):
            self.found[-1].fields[given["name"]] = given.get("value", "")


class Visitor:
    """A person at a browser, with cookies.

    Args:
        session: a ``requests`` session.
        tell: called with each step: method, URL without its query, status.
    """

    def __init__(self, session: "Session", tell: Callable[[str, str, int], None]) -> None:
        self._session = session
        self._tell = tell

    def open(self, url: str) -> "Response":
        """Go to a page, following redirects.

        Raises:
            VisitError: too many redirects.
        """
        return self._go("GET", url, None)

    def press(
        self, page: "Response", *, button: tuple[str, str] | None = None, action: str = "", **typed: str
    ) -> "Response":
        """Send a form of a page.

        Args:
            page: the page.
            button: name and value of the button to press; the form is the one that has it.
            action: or the path that the form leads to; without either it is the first form.
            typed: fields to fill in.

        Raises:
            VisitError: there is no such form.
        """
        for form in _Forms(page.text).found:
            goal = urljoin(page.url, form.action or page.url)
            if (button is None or button in form.buttons) and (not action or urlsplit(goal).path == action):
                pressed = dict([button]) if button else {}
                return self._go(form.method.upper(), goal, {**form.fields, **typed, **pressed})
        raise VisitError(page.url, f"the page has no form {f'with the button {button}' if button else action}")

    def sign_in(self, page: "Response", user: str) -> "Response":
        """On our sign-in page, press the user's tile."""
        return self.press(page, button=("tile", user))

    def expect(self, page: "Response", text: str) -> None:
        """Be content with a page, or say what it shows instead.

        Raises:
            VisitError: its status is not 200, or ``text`` is not on it.
        """
        if page.status_code != HTTPStatus.OK or text not in page.text:
            shown = re.sub(r"<(style|script|head).*?</\1>|<[^>]+>", " ", page.text, flags=re.DOTALL)
            words = " ".join(shown.split())[:400]
            raise VisitError(page.url, f"expected status 200 and '{text}'; got {page.status_code}: {words}")

    def _ask(self, method: str, url: str, sent: Mapping[str, Any]) -> "Response":
        from requests import RequestException  # noqa: PLC0415 - of the extra

        try:
            return self._session.request(method, url, **sent, allow_redirects=False, timeout=_SECONDS)
        except RequestException as error:
            raise VisitError(url.partition("?")[0], f"no answer: {error}") from None

    def _go(self, method: str, url: str, data: Mapping[str, str] | None) -> "Response":
        for _ in range(MAX_HOPS):
            sent = {"params": data} if method == "GET" else {"data": data}
            answer = self._ask(method, url, sent)
            self._tell(method, url.partition("?")[0], answer.status_code)
            if not answer.is_redirect:
                return answer
            url, method, data = urljoin(url, answer.headers["Location"]), "GET", None
        raise VisitError(url, f"more than {MAX_HOPS} redirects")

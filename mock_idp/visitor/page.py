"""What a person sees of a page: its forms and links, its words, and what is set apart as an error or a hint."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

_MAX_WORDS = 400
_UNSEEN = re.compile(r"<(style|script|head|title|noscript)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"AADSTS(\d+)")
_PASSWORD = re.compile(r"The password is <code>(.*?)</code>")


@dataclass(slots=True, kw_only=True)
class Button:
    """Something to press that sends a form."""

    name: str
    value: str
    classes: tuple[str, ...]
    text: str = ""


@dataclass(slots=True, kw_only=True)
class Form:
    """A form of a page.

    Attributes:
        action: where it goes, as the page says it; empty for the page itself.
        method: in lower case.
        fields: what it holds.
        typed: those of the fields that a person can see.
        buttons: in the page's order.
    """

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)
    buttons: list[Button] = field(default_factory=list)

    @property
    def primary(self) -> Button | None:
        """The button that goes on; others are plain."""
        return next((button for button in self.buttons if "plain" not in button.classes), None)

    def filled(self, button: Button | None = None, **typed: str) -> list[tuple[str, str]]:
        """What is sent when it is filled in and a button pressed."""
        pressed = {button.name: button.value} if button and button.name else {}
        return list({**self.fields, **typed, **pressed}.items())


class Page(HTMLParser):
    """A page as read.

    Args:
        text: the HTML, or any other text.

    Attributes:
        forms: in order.
        links: where links and refreshes lead, as the page says it.
        frames: what it loads in frames, likewise.
        onward: where it goes by itself; empty when it stays.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.frames: list[str] = []
        self.onward = ""
        self._button: Button | None = None
        self._set_apart: dict[str, list[str]] = {"alert": [], "hint": []}
        self._within: list[tuple[str, int, str]] = []
        self.feed(text)

    @property
    def alert(self) -> str:
        """What the page sets apart as an error."""
        return " ".join("".join(self._set_apart["alert"]).split())

    @property
    def hint(self) -> str:
        """What mock-idp adds to it, in words."""
        said = " ".join("".join(self._set_apart["hint"]).split())
        return _NUMBER.sub("", said.removeprefix("What mock-idp adds: "), count=1).removeprefix(": ")

    @property
    def number(self) -> int:
        """The AADSTS number that is set apart with them, or 0."""
        found = _NUMBER.search("".join((*self._set_apart["alert"], *self._set_apart["hint"])))
        return int(found[1]) if found else 0

    @property
    def words(self) -> str:
        """All that can be read on it, on one line, cut where it gets long."""
        words = " ".join(unescape(_UNSEEN.sub(" ", self.text)).split())
        return f"{words[:_MAX_WORDS]}…" if len(words) > _MAX_WORDS else words

    @property
    def password(self) -> str | None:
        """The password that the sign-in page shows."""
        found = _PASSWORD.search(self.text)
        return unescape(found[1]) if found else None

    def form_with(self, name: str) -> Form | None:
        """The form in which a person can fill in a field."""
        return next((form for form in self.forms if name in form.typed), None)

    def tiles(self) -> list[tuple[Form, Button]]:
        """The people that the sign-in page offers."""
        return [(form, button) for form in self.forms for button in form.buttons if button.name == "tile"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Of the parser."""
        given = {name: value or "" for name, value in attrs}
        if self._within and self._within[-1][0] == tag:
            self._within[-1] = (tag, self._within[-1][1] + 1, self._within[-1][2])
        elif given.get("role") == "alert" or given.get("id") == "exceptionMessage":
            self._within.append((tag, 1, "alert"))
        elif "hint" in given.get("class", "").split():
            self._within.append((tag, 1, "hint"))
        self._read(tag, given)

    def handle_endtag(self, tag: str) -> None:
        """Of the parser."""
        if tag == "button":
            self._button = None
        if self._within and self._within[-1][0] == tag:
            _, depth, kind = self._within.pop()
            if depth > 1:
                self._within.append((tag, depth - 1, kind))

    def handle_data(self, data: str) -> None:
        """Of the parser."""
        if self._button:
            self._button.text += data
        if self._within:
            self._set_apart[self._within[-1][2]].append(data)

    def _read(self, tag: str, given: dict[str, str]) -> None:
        if tag == "form":
            self.forms.append(Form(action=given.get("action", ""), method=given.get("method", "get").lower()))
        elif tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.onward = given.get("content", "").partition("=")[2].strip(" '\"")
            self.links.append(self.onward)
        elif tag == "iframe":
            self.frames.append(given.get("src", ""))
        elif tag == "button" and self.forms and given.get("type", "submit") == "submit":
            self._button = _button(given)
            self.forms[-1].buttons.append(self._button)
        elif tag == "input" and self.forms:
            self._read_input(self.forms[-1], given)

    def _read_input(self, form: Form, given: dict[str, str]) -> None:
        kind, name = given.get("type", "text").lower(), given.get("name", "")
        if kind in ("submit", "image"):
            form.buttons.append(_button(given))
        elif name and (kind not in ("checkbox", "radio") or "checked" in given):
            form.fields[name] = given.get("value", "")
        if name and kind not in ("submit", "image", "button", "hidden"):
            form.typed.add(name)


def _button(given: dict[str, str]) -> Button:
    classes = tuple(given.get("class", "").split())
    return Button(name=given.get("name", ""), value=given.get("value", ""), classes=classes)

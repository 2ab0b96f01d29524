"""One visit, from an app's page to the identity provider and back: what to ask next, and where a person would be stuck.

It asks nobody by itself: whoever drives it asks, waiting or not, and tells it the answers. It reads what the pages say,
so it breaks where a person would be stuck.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urldefrag, urlencode, urljoin, urlsplit

from mock_idp.facts.hosts import CANONICAL, INSTANCE_ALIASES, NATIVE_CLIENT
from mock_idp.visitor.exchange import Answer, Ask, Hop, SameSite, VisitError, told
from mock_idp.visitor.page import Button, Form, Page
from mock_idp.visitor.person import IdpSide, Person

MAX_HOPS = 20
"""How many requests a visit may take. A usual one takes about seven."""

_REDIRECTS = (301, 302, 303, 307, 308)
_WITH_BODY = (307, 308)
_REFUSED, _WRONG_METHOD, _FAILED = 400, 405, 500
_SIGNED_IN = "signed in"
_TEST_NAME = "testserver"
_ANOTHER_NAME = (
    'TestClient(app, base_url="http://localhost") or django.test.Client(SERVER_NAME="localhost") gives another'
)
_ANY_PASSWORD = "any"  # noqa: S105 - the page says that any will do


class Journey:
    """One visit.

    Args:
        start: the app's page, a path or a URL.
        idp: the identity provider.
        person: whose browser it is.
        user: who signs in; ``None`` to sign in nobody who is not signed in.
        password: what they type; without it what the page says.
        form: what to post to ``start``.
        consent: whether they press Accept or Cancel where they are asked for consent.
        must_sign_in: whether it is a failure that the identity provider is not visited, or refuses.
        tell: called with each step.
    """

    def __init__(  # noqa: PLR0913 - all that a visit is
        self, start: str, idp: IdpSide, person: Person, *, user: str | None = None, password: str | None = None,
        form: str | None = None, consent: bool = True, must_sign_in: bool = False,
        tell: Callable[[Hop], None] | None = None,
    ) -> None:  # fmt: skip
        self.hops: list[Hop] = []
        self.response: Any = None
        self._idp, self._person = idp, person
        self._user, self._password, self._must_sign_in = user, password, must_sign_in
        self._consent, self._declined = consent, False
        self._tell = tell
        self._before = idp.mark()
        self._visited = self._was_asked = False
        self._signing_in: dict[str, str] = {}
        self._named = False
        self._left_out: tuple[str, ...] = ()
        self._back: _Back | None = None
        self._then: list[Ask] = []
        self._base = self._foreign = ""
        self.address = start
        method = "GET" if form is None else "POST"
        self._ask: Ask = Ask(method=method, url=urldefrag(start)[0], form=form, of_entra=idp.answers(start))

    @property
    def first(self) -> Ask:
        """What to ask first."""
        return self._ask

    def leaving_out(self, names: Sequence[str]) -> None:
        """Take note that cookies are left out of what is asked."""
        self._left_out = (*self._left_out, *names)

    @property
    def note(self) -> str:
        """The way so far, for whoever reads of a failure that is the app's own."""
        way = (*self.hops, f"then {self._ask.method} {told(self._ask.url)}")
        return "\n".join(("on the way of a visit:", *(f"  {step}" for step in way), *_about_left_out(self._left_out)))

    def follow(self, answer: Answer) -> Ask | None:
        """Take an answer: what to ask next, or nothing at the end.

        Raises:
            VisitError: a person would be stuck.
        """
        self._take(answer)
        following: Ask | None
        if self._then:
            following = self._then.pop(0)
        elif answer.status in _REDIRECTS and answer.location:
            following = self._redirected(answer)
        elif self._is_native_client(self._ask.url):
            self._at_native_client(answer)
            following = None
        elif self._ask.of_entra:
            page = Page(answer.text())
            following = self._signed_out(page) if page.frames and page.onward else self._at_entra(answer, page)
        else:
            following = self._at_app(answer)
        if following is not None:
            self._ask = following
            if len(self.hops) >= MAX_HOPS:
                raise self.stuck(f"it goes round in circles: {self._circle()}")
        return following

    def stuck(self, why: str, *details: str) -> VisitError:
        """What to raise here."""
        said = [*details, *_about_left_out(self._left_out)]
        for entry in self._idp.refusals_since(self._before)[-1:]:
            number = f"AADSTS{entry.error}"
            if not any(number in line for line in (why, *said)):
                said.append(f"Entra refused {entry.method} {entry.what} with {number}: {entry.message}")
            if not any(entry.hint in line for line in (why, *said)):
                said.append(f"hint: {entry.hint}")
        where = self.hops[-1].url if self.hops else told(self._ask.url)
        return VisitError(where, why, details=said, hops=self.hops, response=self.response)

    def _circle(self) -> str:
        """The way that repeats itself, else that there is no end to it."""
        way = [hop.url for hop in self.hops]
        for length in range(1, len(way) // 2 + 1):
            if way[-length:] == way[-2 * length : -length]:
                return " -> ".join((*way[-length:], way[-length]))
        return f"{MAX_HOPS} requests and no end"

    def no_answer(self, error: Exception) -> VisitError:
        """What to raise when nobody answers."""
        self.hops.append(Hop(self._ask.method, told(self._ask.url), 0))
        return self.stuck(f"no answer: {error}")

    def _take(self, answer: Answer) -> None:
        ask = self._ask
        if ask.of_entra:
            self._visited = True
        else:
            self.response = answer.native
        if not self.hops:  # only the client knows where a bare path leads
            fragment = urlsplit(self.address).fragment
            self.address = f"{answer.url}#{fragment}" if fragment else answer.url
        self._base = ask.url if self.hops else answer.url
        asked = "" if _same_app(self._base, answer.url) else told(answer.url)
        if asked:
            self._foreign = urlsplit(self._base).hostname or ""
        hop = Hop(ask.method, told(self._base), answer.status, asked)
        self.hops.append(hop)
        if self._tell:
            self._tell(hop)

    def _redirected(self, answer: Answer) -> Ask:
        ask = self._ask
        leads_to = _joined(self._base, answer.location)
        if not leads_to:
            raise self.stuck(f"it redirects to '{told(answer.location)}', which is no URL")
        target, fragment = urldefrag(leads_to)
        kept = fragment or urlsplit(self.address).fragment  # a redirect without one keeps the one there was
        self.address = f"{target}#{kept}" if kept else target
        form = ask.form if answer.status in _WITH_BODY else None
        method = ask.method if answer.status in _WITH_BODY else "GET"
        if ask.of_entra and self._is_native_client(target):
            self._leave(target, _parameters(self.address))
        if not ask.of_entra or self._idp.answers(target):
            return self._to(method, target, form, by_app=not ask.of_entra)
        self._leave(target, _parameters(self.address))
        left_out: tuple[SameSite, ...] = ("strict",) if self._was_asked else ()
        return Ask(method=method, url=target, form=form, by_entra=True, left_out=left_out)

    def _to(self, method: str, url: str, form: str | None = None, *, by_app: bool = False) -> Ask:
        of_entra, host = self._idp.answers(url), urlsplit(url).hostname
        if host in _NOT_EMULATED:
            raise self.stuck(f"it leads to {host}, a national cloud, which is not emulated")
        return Ask(method=method, url=url, form=form, of_entra=of_entra, by_app=by_app and not of_entra)

    def _at_app(self, answer: Answer) -> Ask | None:
        if not self._must_sign_in:
            return None
        link = self._link_to_entra(answer) if answer.is_html and not self._visited else None
        if link is None:
            self._check_arrival(answer)
            return None
        self.address = link
        return self._to("GET", link)

    def _is_native_client(self, url: str) -> bool:
        """Whether a URL is the redirect URI that Entra itself offers to apps with a browser of their own."""
        return self._idp.answers(url) and urlsplit(url).path.lower() == urlsplit(NATIVE_CLIENT).path

    def _at_native_client(self, answer: Answer) -> None:
        """The app looks at the address bar: there is nobody else to ask."""
        self.response = answer.native
        if self._must_sign_in:
            self._check_arrival(answer)

    def _link_to_entra(self, answer: Answer) -> str | None:
        """The link on the app's page that a person would click to sign in."""
        links = (urldefrag(_joined(self._base, link))[0] for link in Page(answer.text()).links)
        return next((link for link in links if self._idp.answers(link) and told(link).endswith("/authorize")), None)

    def _check_arrival(self, answer: Answer) -> None:
        """The app took the person in.

        Raises:
            VisitError: it did not.
        """
        back = self._back
        if not self._visited:
            raise self.stuck(f"the app never sent the browser to Entra; {_said(answer)}", *self._why_not_sent(answer))
        if back and back.error:
            if self._declined:
                return  # what the app makes of it is the test's
            why = f"Entra sent the browser back with the error {back.error}; {_said(answer)}"
            raise self.stuck(why, back.description)
        if not self._consent:
            raise self.stuck("Entra asked for no consent, so it could not be declined")
        at_callback = back is not None and back.url == self._ask.url
        if answer.status >= _FAILED or (answer.status >= _REFUSED and at_callback):
            raise self.stuck(f"back from Entra, {_said(answer)}")
        self._check_who()

    def _why_not_sent(self, answer: Answer) -> list[str]:
        if self._foreign:
            return [f"{self._foreign} is no name of Entra ID's, so it was taken for the app's own"]
        if answer.status == _WRONG_METHOD and self._ask.method == "GET":
            return ["a sign-in that begins with a POST: sign_in(…, form={…}), with the form's fields, if it has any"]
        if answer.status >= _REFUSED:
            return []
        known = "if it knows this client already, ask with the client itself; a new client is a new person"
        if answer.is_html and any(form.method == "post" for form in Page(answer.text()).forms):
            return [known, "if the form on that page is what starts the sign-in, post it: sign_in(…, form={…})"]
        return [known]

    def _check_who(self) -> None:
        """It is the user who was asked for.

        Raises:
            VisitError: somebody else was signed in already.
        """
        there = self._person.accounts
        if self._user and there and not self._was_asked and not any(map(self._is_meant, there)):
            raise self.stuck(
                f"Entra asked nothing, since {', '.join(sorted(there))} is signed in there, so {self._user} was not",
                f"single sign-on is per client: use a new client for {self._user}, or sign out first",
            )

    def _at_entra(self, answer: Answer, page: Page) -> Ask | None:
        self._check_page(answer, page)
        for form in page.forms:
            goal = urljoin(answer.url, form.action or answer.url)
            if not self._idp.answers(goal):
                return self._post_back(goal, form)
        self._was_asked = self._was_asked or bool(page.forms)
        if asks_password := page.form_with("passwd"):
            return self._type_password(answer, page, asks_password)
        if asks_name := page.form_with("loginfmt"):
            return self._say_who(answer, page, asks_name)
        for form in page.forms:
            cancel = next((button for button in form.buttons if button.name == "cancel"), None)
            if cancel and not self._consent:
                self._declined = True
                return self._send(answer, form, cancel)
            if form.primary:
                return self._send(answer, form, form.primary)
        if self._must_sign_in:
            raise self.stuck(f"Entra's page leads nowhere: {page.words}")
        return None

    def _check_page(self, answer: Answer, page: Page) -> None:
        """The page is not an error, and says of none.

        Raises:
            VisitError: it is, or does.
        """
        if not page.alert and answer.status < _REFUSED:
            return
        number = f"AADSTS{page.number}: " if page.number and f"AADSTS{page.number}" not in page.alert else ""
        said = [f"hint: {page.hint}"] if page.hint else []
        if f"'http://{_TEST_NAME}/" in page.alert:
            said.append(f"{_TEST_NAME} is the test client's own name for the app; {_ANOTHER_NAME}")
        raise self.stuck(f"Entra's page says: {number}{page.alert or page.words}", *said)

    def _say_who(self, answer: Answer, page: Page, form: Form) -> Ask:
        user, tiles = self._user, page.tiles()
        if user is None:
            offered = ", ".join(tile.value for _, tile in tiles) or "nobody"
            raise self.stuck(
                "Entra asks who signs in, and no user was named",
                f"name one: sign_in(…, user=…); the page offers {offered}",
            )
        accounts = self._person.accounts
        signed_in = {tile.value: its_form for its_form, tile in tiles if _SIGNED_IN in tile.text}
        self._person.accounts = {name: accounts.get(name, name) for name in signed_in}
        for its_form, tile in tiles:
            if tile.value in signed_in and self._password is None and self._is_meant(tile.value):
                return self._send(answer, its_form, tile)
        self._named = True
        return self._send(answer, form, form.primary, loginfmt=user)

    def _is_meant(self, name: str) -> bool:
        """Whether the user has this user principal name; what was typed before, or the part before @, is enough."""
        known = (name, name.partition("@")[0], self._person.accounts.get(name, name))
        return self._user is not None and self._user.strip().lower() in map(str.lower, known)

    def _type_password(self, answer: Answer, page: Page, form: Form) -> Ask:
        login = form.fields.get("loginfmt", "")
        back = next((button for button in form.buttons if button.name == "back"), None)
        if back and self._user and not self._named and not self._is_meant(login):
            return self._send(answer, form, back)  # the app's login_hint named somebody else
        self._signing_in[login] = self._user or login
        password = self._password if self._password is not None else page.password or _ANY_PASSWORD
        return self._send(answer, form, form.primary, passwd=password)

    def _send(self, answer: Answer, form: Form, button: Button | None, **typed: str) -> Ask:
        goal, fields = urljoin(answer.url, form.action or answer.url), urlencode(form.filled(button, **typed))
        self.address = goal
        if form.method == "post":
            return self._to("POST", goal, fields)
        return self._to("GET", f"{goal.partition('?')[0]}?{fields}")

    def _post_back(self, goal: str, form: Form) -> Ask:
        """The page that a browser posts by itself: ``response_mode=form_post``."""
        self.address = goal
        self._leave(goal, form.fields)
        return Ask(
            method="POST", url=goal, form=urlencode(form.filled()), by_entra=True, origin=f"https://{CANONICAL}",
            left_out=("lax", "strict"),
        )  # fmt: skip

    def _signed_out(self, page: Page) -> Ask:
        """The page that tells the session's apps in frames, and goes on. Other apps than this one are not asked."""
        goal = self.address = page.onward
        site = urlsplit(goal)[:2]
        frames = [urldefrag(frame)[0] for frame in page.frames if urlsplit(frame)[:2] == site]
        self._leave(goal, _parameters(goal))
        self._then = [Ask(method="GET", url=frame, by_entra=True, left_out=("lax", "strict")) for frame in frames]
        self._then.append(Ask(method="GET", url=urldefrag(goal)[0], by_entra=True, left_out=("strict",)))
        return self._then.pop(0)

    def _leave(self, url: str, members: Mapping[str, str]) -> None:
        """Go back to the app."""
        self._person.accounts |= self._signing_in
        self._back = _Back(url, members.get("error", ""), members.get("error_description", ""))


@dataclass(slots=True)
class _Back:
    """How the identity provider sent the browser back to the app."""

    url: str
    error: str
    description: str


_NOT_EMULATED = {
    name for network, _, names in INSTANCE_ALIASES if network != CANONICAL for name in (network, *names)
}  # fmt: skip


def _joined(base: str, url: str) -> str:
    """Where a URL leads from another one; empty for what is no URL."""
    try:
        joined = urljoin(base, url)
        _ = urlsplit(joined).port
    except ValueError:
        return ""
    return joined


def _said(answer: Answer) -> str:
    return f"it answered {answer.status}: {Page(answer.text()).words}"


def _same_app(named: str, asked: str) -> bool:
    """Whether a name is one under which an app that is being tested may go."""
    return (urlsplit(named).hostname or "") in (urlsplit(asked).hostname, "localhost", "127.0.0.1", _TEST_NAME)


def _parameters(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    return {name: values[0] for name, values in parse_qs(f"{parts.query}&{parts.fragment}").items()}


def _about_left_out(names: Sequence[str]) -> Sequence[str]:
    if not names:
        return ()
    said = (
        f"the cookie {', '.join(names)} was left out, as a browser does: its SameSite keeps it from requests that come "
        "from Entra's page. Use response_mode=query with SameSite=Lax, or SameSite=None with Secure"
    )
    return (said,)

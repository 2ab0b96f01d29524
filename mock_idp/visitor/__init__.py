"""SIGNING IN WITHOUT A BROWSER: a person who goes from an app's page through the real ones and back.

The app is asked through a client of the test's own, whose cookies it uses; the identity provider over real sockets,
with cookies that the app's client never sees.
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from mock_idp.errors import UserError
from mock_idp.visitor.clients import Adapter, adapter
from mock_idp.visitor.exchange import Answer, Ask, Hop, VisitError
from mock_idp.visitor.journey import Journey
from mock_idp.visitor.page import Page
from mock_idp.visitor.person import IdpSide, Person, Reply

__all__ = ["Client", "Hop", "IdpSide", "Page", "Person", "Reply", "VisitError", "sign_in", "visit"]

R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")

_Steps = Generator[Ask, Any, Any]


class Client(Protocol[R_co]):
    """Any client whose ``get`` gives a response, or something to wait for that gives one."""

    @property
    def get(self) -> Callable[..., R_co]:
        """Ask for a page."""


def sign_in(  # noqa: PLR0913 - five of them are seldom given
    client: Client[R],
    path: str,
    *,
    idp: IdpSide,
    user: str | None,
    password: str | None = None,
    consent: bool = True,
    form: Mapping[str, str] | None = None,
    tell: Callable[[Hop], None] | None = None,
) -> R:
    """Sign somebody in to an app through the real pages, as a person would.

    Args:
        client: a test client of Flask, Starlette, FastAPI or Django, ``httpx.Client``, ``httpx.AsyncClient`` or
            ``requests.Session``. It keeps the app's cookies; the same client is the same person later.
        path: the app's page that starts the sign-in; a whole URL where the client has no base. Also an address of the
            identity provider's, to which the app has sent the client already.
        idp: the identity provider.
        user: who signs in; ``None`` for whoever is signed in already.
        password: what they type; without it what the page says.
        consent: whether they press Accept where they are asked for consent. With ``False`` they press Cancel, and what
            the app makes of that is the answer.
        form: what to post there; without it the page is only asked for.
        tell: called with each step.

    Returns:
        The app's last answer, as the client gives it; from an asynchronous client something to wait for. Where the
        redirect URI is Entra's own ``nativeclient``, its page, a :class:`Reply`.

    Raises:
        VisitError: a person would be stuck: the message has the way there, what the page says, and the hint.
        UserError: the client is of no known kind.
    """
    __tracebackhide__ = True
    app, person = adapter(client), idp.person(client)
    journey = Journey(
        path, idp, person, user=user, password=password, form=_encoded(form), consent=consent, must_sign_in=True,
        tell=tell,
    )  # fmt: skip
    return _travel(journey, app, person, idp)  # type: ignore[no-any-return]


def visit(
    client: Client[R],
    path: str,
    *,
    idp: IdpSide,
    form: Mapping[str, str] | None = None,
    tell: Callable[[Hop], None] | None = None,
) -> R:
    """Open an app's page and follow it wherever it leads, also to the identity provider: to sign out, for instance.

    Args:
        client: as for :func:`sign_in`.
        path: likewise.
        idp: likewise.
        form: what to post there; without it the page is only asked for.
        tell: likewise.

    Returns:
        The app's last answer, as the client gives it; from an asynchronous client something to wait for.

    Raises:
        VisitError: the identity provider shows an error, or asks who is there.
        UserError: the client is of no known kind.
    """
    __tracebackhide__ = True
    app, person = adapter(client), idp.person(client)
    journey = Journey(path, idp, person, form=_encoded(form), tell=tell)
    return _travel(journey, app, person, idp)  # type: ignore[no-any-return]


def _encoded(form: Mapping[str, str] | None) -> str | None:
    return None if form is None else urlencode(form)


def _travel(journey: Journey, app: Adapter, person: Person, idp: IdpSide) -> Any:
    __tracebackhide__ = True
    drive = _drive_waiting if app.is_async else _drive
    return drive(_steps(journey, app, person), journey, app, idp)


def _steps(journey: Journey, app: Adapter, person: Person) -> _Steps:
    """Yield what the app is to be asked, take what it answered; the identity provider is asked right here."""
    ask: Ask | None = journey.first
    while ask:
        if ask.of_entra:
            answer = _ask_entra(journey, person, ask)
        else:
            with app.leaving_out(ask.left_out) as names:
                journey.leaving_out(names)
                native = yield ask
            answer = app.read(native)
        ask = journey.follow(answer)
    return journey.response


def _ask_entra(journey: Journey, person: Person, ask: Ask) -> Answer:
    try:
        return person.answer(ask)
    except OSError as error:
        raise journey.no_answer(error) from None


def _drive(steps: _Steps, journey: Journey, app: Adapter, idp: IdpSide) -> Any:
    __tracebackhide__ = True
    with closing(steps):
        try:
            ask = next(steps)
            while True:
                ask = steps.send(app.send(ask))
        except StopIteration as end:
            return end.value
        except VisitError as stuck:
            raise stuck.with_traceback(None) from None  # our own steps would say nothing
        except app.failures as error:
            raise journey.no_answer(error) from None
        except UserError:
            raise
        except Exception as error:
            error.add_note(journey.note)
            raise
        finally:
            idp.address, idp.hops = journey.address, tuple(journey.hops)


async def _drive_waiting(steps: _Steps, journey: Journey, app: Adapter, idp: IdpSide) -> Any:
    __tracebackhide__ = True
    with closing(steps):
        try:
            ask = next(steps)
            while True:
                ask = steps.send(await app.send(ask))
        except StopIteration as end:
            return end.value
        except VisitError as stuck:
            raise stuck.with_traceback(None) from None  # our own steps would say nothing
        except app.failures as error:
            raise journey.no_answer(error) from None
        except UserError:
            raise
        except Exception as error:
            error.add_note(journey.note)
            raise
        finally:
            idp.address, idp.hops = journey.address, tuple(journey.hops)

"""The person who types a device's code into the page, signs in there, and agrees or not."""

from urllib.parse import quote

from mock_idp.visitor.exchange import Answer, Ask, VisitError
from mock_idp.visitor.journey import Journey
from mock_idp.visitor.page import Page
from mock_idp.visitor.person import IdpSide, Person

_END = {True: "you have signed in", False: "you have declined"}


def answer_device(
    idp: IdpSide, user_code: str, *, user: str, password: str | None = None, approve: bool = True
) -> None:
    """Sign in for a device with a browser of one's own, and let it in or not.

    Args:
        idp: the identity provider.
        user_code: what the device shows.
        user: who signs in.
        password: what they type; without it what the page says.
        approve: whether they press Continue or Cancel in the end.

    Raises:
        VisitError: a person would be stuck: the message has the way there, what the page says, and the hint.
    """
    __tracebackhide__ = True
    person = Person(idp)
    journey = _AtDevicePage(idp, person, user_code, user=user, password=password, approve=approve)
    ask: Ask | None = journey.first
    try:
        while ask:
            ask = journey.follow(_answer(journey, person, ask))
    except VisitError as stuck:
        raise stuck.with_traceback(None) from None  # our own steps would say nothing


def _answer(journey: Journey, person: Person, ask: Ask) -> Answer:
    try:
        return person.answer(ask)
    except OSError as error:
        raise journey.no_answer(error) from None


class _AtDevicePage(Journey):
    """The way from the code to the last page."""

    def __init__(  # noqa: PLR0913 - all that it is
        self, idp: IdpSide, person: Person, user_code: str, *, user: str, password: str | None, approve: bool
    ) -> None:
        super().__init__(
            f"{idp.front_url}/device?otc={quote(user_code)}", idp, person, user=user, password=password, consent=approve
        )  # fmt: skip
        self._approve = approve

    def _at_entra(self, answer: Answer, page: Page) -> Ask | None:
        following = super()._at_entra(answer, page)
        if following is None and _END[self._approve] not in page.words.lower():
            raise self.stuck(f"Entra's page leads nowhere: {page.words}")
        return following

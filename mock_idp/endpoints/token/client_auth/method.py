"""A method of client authentication."""

from collections.abc import Callable
from typing import NamedTuple

from mock_idp.endpoints.token.call import Call
from mock_idp.tokens.authorization import ClientProof


class Method(NamedTuple):
    """How a client can prove itself.

    Attributes:
        name: what it is called.
        about: what comes, in a line.
        source: the page it follows.
        proof: what tokens say of it.
        is_presented: whether a request uses it.
        check: raises :class:`mock_idp.errors.EntraError` unless the proof is good.
    """

    name: str
    about: str
    source: str
    proof: ClientProof
    is_presented: Callable[[Call], bool]
    check: Callable[[Call], None]

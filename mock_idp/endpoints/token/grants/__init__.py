"""The grants, one module each; adding one is adding a module here.

A module has ``GRANT``, a :class:`Grant`. Nothing here authenticates the client or issues a token: the token endpoint
does that for all of them.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

from mock_idp.endpoints.token.call import Call
from mock_idp.endpoints.token.client_auth import ClientAuth, unproved
from mock_idp.errors import EntraError
from mock_idp.tokens.authorization import Authorization


class Grant(NamedTuple):
    """A grant type.

    Attributes:
        name: the value of ``grant_type``.
        about: what it is, in a line.
        source: the page it follows.
        clients: how which clients prove themselves, in words.
        client_auth: whether the client of this call has to prove itself.
        prove: check what was presented; return what it authorizes or raise :class:`mock_idp.errors.EntraError`.
        unproved: the refusal of a client that has to, and presents nothing.
        not_on: tenant aliases on which it is refused with 9001023 before anything else is looked at.
        short_name: another value of ``grant_type`` that is taken for it, or empty.
        knows_resource: what is presented says what the token is for, so that v1.0 requests may leave ``resource`` out.
        usual_resource: what those that leave it out get a token for, or empty.
        challenges: a second factor that is lacking is asked for in ``claims``, for authorize (facts §4E).
        interaction_error: the OAuth error then, if it is not the usual one.
    """

    name: str
    about: str
    source: str
    clients: str
    client_auth: Callable[[Call], ClientAuth]
    prove: Callable[[Call], Authorization]
    unproved: Callable[[Call], EntraError] = unproved
    not_on: tuple[str, ...] = ()
    short_name: str = ""
    knows_resource: bool = False
    usual_resource: str = ""
    challenges: bool = False
    interaction_error: str | None = None


@cache
def grants() -> dict[str, Grant]:
    """Every grant that is served, by name."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    return {module.GRANT.name: module.GRANT for module in modules}


def find_grant(name: str) -> Grant | None:
    """The grant that goes by a name, or ``None``."""
    return grants().get(name) or next((grant for grant in grants().values() if name and grant.short_name == name), None)

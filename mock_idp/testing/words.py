"""How the harness tells a wrong word from a right one, always with the nearest right word."""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from inspect import Parameter, signature
from typing import ParamSpec, TypeVar

from mock_idp.directory.words import nearest
from mock_idp.errors import UserError

P = ParamSpec("P")
R = TypeVar("R")


def strict(method: Callable[P, R]) -> Callable[P, R]:
    """Refuse an unknown keyword of a verb with the nearest one that it has, which Python itself does not name."""
    kinds = (Parameter.KEYWORD_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    known = [name for name, each in signature(method).parameters.items() if each.kind in kinds and name != "self"]

    @wraps(method)
    def verb(*args: P.args, **kwargs: P.kwargs) -> R:
        __tracebackhide__ = True
        if not kwargs.keys() <= set(known):
            check_names(f"keyword of {method.__name__}", kwargs, known)
        return method(*args, **kwargs)

    return verb


def check_names(what: str, given: Iterable[str], known: Sequence[str]) -> None:
    """Refuse names that are not known.

    Raises:
        UserError: with the nearest name that is.
    """
    for name in given:
        if name not in known:
            near = nearest(name, known)
            raise UserError(
                f"There is no {what} '{name}'.",
                f"Known are {', '.join(known)}." + (f" Did you mean '{near}'?" if near else ""),
                f"Write {near}, or leave it out." if near else "Leave it out.",
            )


def wrong_value(name: str, came: object, expected: str) -> UserError:
    """A setting with a value that it cannot have."""
    return UserError(
        f"{name} cannot be {str(came)[:200]!r}.",
        f"Expected {expected}.",
        f"Change {name}, or leave it out.",
    )

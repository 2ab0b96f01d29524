"""How the harness tells a wrong word from a right one, always with the nearest right word."""

from collections.abc import Iterable, Sequence

from mock_idp.errors import UserError


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


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like this one, or empty."""
    from difflib import get_close_matches  # noqa: PLC0415 - mistakes only

    return next(iter(get_close_matches(str(name)[:200], list(known), n=1, cutoff=0.5)), "")


def wrong_value(name: str, came: object, expected: str) -> UserError:
    """A setting with a value that it cannot have."""
    return UserError(
        f"{name} cannot be {str(came)[:200]!r}.",
        f"Expected {expected}.",
        f"Change {name}, or leave it out.",
    )

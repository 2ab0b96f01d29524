"""The one exception that endpoints raise: an AADSTS number, looked up in the facts."""

from mock_idp.facts.errors import ERRORS, ErrorRow

_HIDDEN = "{EUII Hidden}"
"""What stands for an address where an app reads it (facts §3.5)."""


class EntraError(Exception):
    """A refusal as Entra words it, with the hint that Entra never gives.

    Microsoft's message goes out as it is; the hint goes to the journal and to the error page's footer.

    Args:
        number: the AADSTS number; must stand in :data:`mock_idp.facts.errors.ERRORS`.
        hint: what came, what was expected, and what to do.
        error: the OAuth ``error`` where it depends on the endpoint; else the row's.
        suberror: likewise.
        claims: member ``claims`` of the JSON answer, the challenge that the client is to send to authorize.
        values: the fields of the row's message.

    Raises:
        KeyError: the number has no row, or a field of its message is missing.
    """

    def __init__(
        self, number: int, *, hint: str, error: str | None = None, suberror: str | None = None, claims: str = "",
        **values: object,
    ) -> None:  # fmt: skip
        self.row: ErrorRow = ERRORS[number]
        self.number = number
        self.message = self.row.message.format(**values)
        self.told = self.message
        self.error = error or self.row.error
        self.redirect_error = error or self.row.redirect_error or self.row.error
        self.suberror = suberror or self.row.suberror
        self.claims = claims
        self.status = self.row.status
        self.hint = hint
        self.headers: dict[str, str] = {}
        super().__init__(f"AADSTS{number}: {self.message}")

    def naming(self, login: str) -> "EntraError":
        """Itself; pages tell whom it is about, which an app does not read (facts §3.5)."""
        self.told = self.message.replace(_HIDDEN, login)
        return self


class UserError(Exception):
    """A mistake that a person can mend, in three lines: what, why, what to type.

    Args:
        what: what could not be done.
        why: the reason, with the values that came.
        fix: what to type or change.
    """

    def __init__(self, what: str, why: str, fix: str) -> None:
        self.what, self.why, self.fix = what, why, fix
        super().__init__(f"{what}\n{why}\n{fix}")

"""What an error number means, for people: the look-up page and ``mock-idp explain`` say the same."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from mock_idp.facts.errors import PLACES, ErrorRow
from mock_idp.facts.errors_elsewhere import B2C, every_row
from mock_idp.facts.hosts import CANONICAL

DOCUMENTATION = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes"
B2C_DOCUMENTATION = "https://learn.microsoft.com/azure/active-directory-b2c/error-codes"

EVIDENCE = {"O": "observed", "D": "documented", "C": "read in a client", "K": "widely known", "I": "inferred"}
"""What the mark of a row means, in a word (docs/errors.md explains them)."""

_CODE = re.compile(r"\b(AADSTS|AADB2C)(\d{5,8})(?!\d)", re.IGNORECASE)
_NUMBERS = re.compile(r"\s*#?\d{1,9}(?:[\s,;]+#?\d{1,9})*[\s,;]*")
_MEMBER = re.compile(r"""error_codes["']?\s*[:=]\s*\[\s*(\d{5,8})""")
_LISTED = 3


class Explanation(NamedTuple):
    """An error, in words.

    Attributes:
        row: what is known of it.
        family: ``AADSTS`` or ``AADB2C``.
    """

    row: ErrorRow
    family: str = "AADSTS"

    @property
    def code(self) -> str:
        """As it begins an error text."""
        return f"{self.family}{self.row.number}"

    @property
    def message(self) -> str:
        """Microsoft's text, fields in braces."""
        return plain(self.row.message)

    @property
    def is_paraphrase(self) -> bool:
        """Whether the text is the documentation's description, and not what Entra was seen to write."""
        return self.row.evidence == "D"

    @property
    def evidence(self) -> str:
        """How well it is known."""
        word = EVIDENCE[self.row.evidence]
        return f"{word}; the text may be a paraphrase" if self.is_paraphrase else word

    @property
    def where(self) -> str:
        """Where it appears."""
        return ", ".join(PLACES[place] for place in self.row.where.split())

    @property
    def lookup(self) -> str:
        """The look-up page, at Entra; for B2C, which has none, the list."""
        if self.family != "AADSTS":
            return B2C_DOCUMENTATION
        return f"https://{CANONICAL}/error?code={self.row.number}"

    def facts(self) -> dict[str, object]:
        """Everything, as JSON has it."""
        row = self.row
        return {
            "code": self.code,
            "number": row.number,
            "message": self.message,
            "paraphrased": self.is_paraphrase,
            "error": row.error,
            "redirect_error": row.redirect_error or row.error,
            "status": row.status,
            "suberror": row.suberror or None,
            "where": row.where.split(),
            "earned_here": not row.unearned,
            "unearned": row.unearned or None,
            "provoke": row.provoke,
            "fix": row.fix,
            "evidence": EVIDENCE[row.evidence],
            "error_uri": self.lookup,
            "documentation": DOCUMENTATION,
        }


def plain(message: str) -> str:
    """A message template as a reader understands it."""
    return message.replace("{{", "{").replace("}}", "}").replace("{note}", "")


def codes_in(text: str) -> list[tuple[str, int]]:
    """The errors that a text names, each once: numbers alone, ``AADSTS50011``, or a whole error text.

    Args:
        text: what somebody pasted.
    """
    if _NUMBERS.fullmatch(text):
        return [("AADSTS", number) for number in dict.fromkeys(map(int, re.findall(r"\d+", text)))]
    found = [(family.upper(), int(number)) for family, number in _CODE.findall(text)]
    return list(dict.fromkeys(found or (("AADSTS", int(number)) for number in _MEMBER.findall(text))))


def explanation(family: str, number: int) -> Explanation | None:
    """What is known of an error; ``None`` when nothing is."""
    if family == "AADB2C":
        return Explanation(B2C[number], family) if number in B2C else None
    return next((Explanation(row) for row in every_row() if row.number == number), None)


def nearest(number: int) -> list[Explanation]:
    """The known numbers most like one that is not: it begins as they do, or they as it does, or few digits differ."""
    wanted = str(number)

    def order(row: ErrorRow) -> tuple[int, bool, int]:
        known = str(row.number)
        return -_likeness(wanted, known), not wanted.startswith(known), abs(row.number - number)

    ranked = sorted(every_row(), key=order)
    return [Explanation(row) for row in ranked[:_LISTED]]


def _likeness(one: str, other: str) -> int:
    """How many digits two numbers begin with alike."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def all_explanations() -> Iterator[Explanation]:
    """Every AADSTS number that is known."""
    return map(Explanation, every_row())

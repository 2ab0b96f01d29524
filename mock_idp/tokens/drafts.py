"""A token about to be filled, and the kinds of token there are."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import NamedTuple

from mock_idp.directory.models import Application, OptionalClaim, User
from mock_idp.runtime.chance import Chance
from mock_idp.tokens.authorization import Authorization, Subject


class Kind(Enum):
    """Kinds of token."""

    __hash__ = object.__hash__  # a member's own is written in Python, and each token asks ten times whose kind it is

    ID_V1 = auto()
    ID_V2 = auto()
    ACCESS_V1 = auto()
    ACCESS_V2 = auto()
    GRAPH = auto()
    APP_V1 = auto()
    APP_V2 = auto()
    GRAPH_APP = auto()


ID = frozenset({Kind.ID_V1, Kind.ID_V2})
USER_ACCESS = frozenset({Kind.ACCESS_V1, Kind.ACCESS_V2, Kind.GRAPH})
APP_ONLY = frozenset({Kind.APP_V1, Kind.APP_V2, Kind.GRAPH_APP})
ACCESS = USER_ACCESS | APP_ONLY
USER = USER_ACCESS | ID
V1_USER = frozenset({Kind.ID_V1, Kind.ACCESS_V1, Kind.GRAPH})
V1_APP = frozenset({Kind.APP_V1, Kind.GRAPH_APP})
V1 = V1_USER | V1_APP
V1_ACCESS = V1 - ID
V2_ACCESS = frozenset({Kind.ACCESS_V2, Kind.APP_V2})
V2_USER = frozenset({Kind.ID_V2, Kind.ACCESS_V2})
GRAPH_USER = frozenset({Kind.GRAPH})
GRAPH_APP = frozenset({Kind.GRAPH_APP})
GRAPH = GRAPH_USER | GRAPH_APP
FIRST_PARTY_USER = V1_USER - ID
EVERY = frozenset(Kind)

TOKENS: Mapping[Kind, tuple[str, str]] = {
    Kind.ID_V1: ("id", "1.0"),
    Kind.ID_V2: ("id", "2.0"),
    Kind.ACCESS_V1: ("access", "1.0"),
    Kind.ACCESS_V2: ("access", "2.0"),
    Kind.GRAPH: ("Graph", "1.0"),
    Kind.APP_V1: ("app-only", "1.0"),
    Kind.APP_V2: ("app-only", "2.0"),
    Kind.GRAPH_APP: ("Graph app-only", "1.0"),
}
"""What each kind is called, and its version."""


def described(kinds: frozenset[Kind]) -> str:
    """Some kinds in words: ``id, access v2.0``."""
    if kinds == EVERY:
        return "every"
    versions: dict[str, list[str]] = {}
    possible: dict[str, int] = {}
    for kind, (token, version) in TOKENS.items():
        possible[token] = possible.get(token, 0) + 1
        if kind in kinds:
            versions.setdefault(token, []).append(version)
    return ", ".join(
        token if len(found) == possible[token] else f"{token} v{found[0]}" for token, found in versions.items()
    )


class Draft(NamedTuple):
    """What is known of a token before its claims are.

    Attributes:
        app: whom the token is for and whose manifest counts: the resource, or the client of an id token.
        issued_at: the claim ``iat``, seconds.
        expires_at: the claim ``exp``, seconds.
        groups: what the token says of groups, kept here once it was worked out.
    """

    kind: Kind
    authorization: Authorization
    app: Application
    issued_at: int
    expires_at: int
    chance: Chance
    groups: list[tuple[str, ...]]

    @property
    def subject(self) -> Subject:
        """The user of a user token, and the sign-in."""
        if self.authorization.subject is None:
            raise ValueError("an app-only token has no user")
        return self.authorization.subject

    @property
    def user(self) -> User:
        """The user of a user token."""
        return self.subject.user

    @property
    def optional(self) -> tuple[OptionalClaim, ...]:
        """The optional claims that the app registered for this kind of token."""
        return self.app.id_token_claims if self.kind in ID else self.app.access_token_claims

    def properties(self, name: str) -> tuple[str, ...]:
        """The ``additionalProperties`` of an optional claim; none when it was not registered."""
        return next((claim.additional_properties for claim in self.optional if claim.name == name), ())

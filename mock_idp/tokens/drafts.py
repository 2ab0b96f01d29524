"""A token about to be filled, and the kinds of token there are."""

from dataclasses import dataclass, field
from enum import Enum, auto

from mock_idp.directory.models import Application, OptionalClaim, User
from mock_idp.runtime.chance import Chance
from mock_idp.tokens.authorization import Authorization, Subject


class Kind(Enum):
    """Kinds of token."""

    ID_V2 = auto()
    ACCESS_V1 = auto()
    ACCESS_V2 = auto()
    GRAPH = auto()
    APP_V1 = auto()
    APP_V2 = auto()
    GRAPH_APP = auto()


ID = frozenset({Kind.ID_V2})
USER_ACCESS = frozenset({Kind.ACCESS_V1, Kind.ACCESS_V2, Kind.GRAPH})
APP_ONLY = frozenset({Kind.APP_V1, Kind.APP_V2, Kind.GRAPH_APP})
ACCESS = USER_ACCESS | APP_ONLY
USER = USER_ACCESS | ID
V1_USER = frozenset({Kind.ACCESS_V1, Kind.GRAPH})
V1_APP = frozenset({Kind.APP_V1, Kind.GRAPH_APP})
V1 = V1_USER | V1_APP
V2_ACCESS = frozenset({Kind.ACCESS_V2, Kind.APP_V2})
V2_USER = frozenset({Kind.ID_V2, Kind.ACCESS_V2})
GRAPH_USER = frozenset({Kind.GRAPH})
GRAPH = frozenset({Kind.GRAPH, Kind.GRAPH_APP})
EVERY = frozenset(Kind)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a token before its claims are.

    Attributes:
        app: whom the token is for and whose manifest counts: the resource, or the client of an id token.
        issued_at: the claim ``iat``, seconds.
        expires_at: the claim ``exp``, seconds.
        groups: what the token says of groups, kept once it was worked out.
    """

    kind: Kind
    authorization: Authorization
    app: Application
    issued_at: int
    expires_at: int
    chance: Chance
    groups: list[tuple[str, ...]] = field(default_factory=list)

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
        return self.app.id_token_claims if self.kind is Kind.ID_V2 else self.app.access_token_claims

    def properties(self, name: str) -> tuple[str, ...]:
        """The ``additionalProperties`` of an optional claim; none when it was not registered."""
        return next((claim.additional_properties for claim in self.optional if claim.name == name), ())

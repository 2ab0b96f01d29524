"""The ``Bearer`` scheme: how a token arrives in a request, and how a refusal is worded.

Follows RFC 6750 (https://www.rfc-editor.org/rfc/rfc6750), section 2.1 for the one and section 3 for the other.
"""

import re
from collections.abc import Sequence
from http import HTTPStatus

# What error_description and scope may not contain (RFC 6750, section 3). It keeps quoted-strings closed, too.
_NOT_ALLOWED = re.compile(r"[^\x20\x21\x23-\x5b\x5d-\x7e]")


class BearerError(Exception):
    """A request that is refused with a ``Bearer`` challenge.

    Attributes:
        status: HTTP status of the answer.
        code: Error code of RFC 6750, section 3.1; without one the challenge only says what to bring.
        description: What was wrong, for the developer of the client; printable ASCII without quotes.
        scope: Scope the request would have needed, if that is what it lacks.
    """

    status = HTTPStatus.UNAUTHORIZED
    code: str | None = None

    def __init__(self, description: str, *, scope: str | None = None) -> None:
        self.description = _NOT_ALLOWED.sub("?", description)
        self.scope = scope
        super().__init__(self.description)

    def challenge(self, realm: str) -> str:
        """Word the value of the ``WWW-Authenticate`` header (RFC 6750, section 3)."""
        attributes = {"realm": realm}
        if self.code:
            attributes |= {"error": self.code, "error_description": self.description}
        if self.scope:
            attributes["scope"] = self.scope
        return "Bearer " + ", ".join(f'{name}="{_NOT_ALLOWED.sub("?", value)}"' for name, value in attributes.items())


class MissingTokenError(BearerError):
    """The request carries no bearer token: 401, and no error code, for nothing that it said was wrong."""


class InvalidRequestError(BearerError):
    """The ``Authorization`` header cannot be read as one bearer token: 400."""

    status = HTTPStatus.BAD_REQUEST
    code = "invalid_request"


class InvalidTokenError(BearerError):
    """The token is expired, malformed, forged, or not meant for this API: 401."""

    code = "invalid_token"


class InsufficientScopeError(BearerError):
    """The token is good, but does not allow this request: 403."""

    status = HTTPStatus.FORBIDDEN
    code = "insufficient_scope"


def bearer_token(headers: Sequence[str]) -> str:
    """Take the token out of a request.

    A header with another scheme counts as none: the client used an authentication method this API does not have
    (RFC 6750, section 3.1).

    Args:
        headers: The values of all ``Authorization`` headers of the request.

    Returns:
        The token, one word of which nothing is known yet.

    Raises:
        MissingTokenError: There is no bearer token.
        InvalidRequestError: There is more than one, or more than a token.
    """
    if len(headers) > 1:
        raise InvalidRequestError("The request has more than one Authorization header.")
    scheme, *words = [word for word in "".join(headers).split(" ") if word] or [""]
    if scheme.lower() != "bearer" or not words:
        raise MissingTokenError("This request needs an access token in the header 'Authorization: Bearer <token>'.")
    if len(words) > 1:
        raise InvalidRequestError("The Authorization header must be 'Bearer' and one token, and has more words.")
    return words[0]

"""What Entra's discovery documents name and we do not serve: an Entra error, or a page, that says so.

``docs/not-served.md`` lists the same rows.
"""

from typing import Literal, NamedTuple

from mock_idp.endpoints import Entra
from mock_idp.errors import EntraError
from mock_idp.exchange import Answer, Request


class Unserved(NamedTuple):
    """An address that the discovery documents name.

    Attributes:
        path: below the tenant.
        member: of the discovery document.
        version: of that document.
        what: for a person.
        page: whether a browser opens it.
    """

    path: str
    member: str
    version: Literal["v1.0", "v2.0"]
    what: str
    page: bool


UNSERVED = (
    Unserved("oauth2/checksession", "check_session_iframe", "v1.0", "the session check frame", True),
    Unserved("kerberos", "kerberos_endpoint", "v2.0", "Kerberos", False),
)


def unserved(request: Request, entra: Entra) -> Answer:
    """Refuse with 51000.

    Raises:
        EntraError: always.
    """
    _, _, path = request.path.strip("/").partition("/")
    row = next((row for row in UNSERVED if row.path == path), None)
    what = row.what if row else path
    entra.journal.about(not_served=what)
    raise EntraError(51000, hint=f"Entra has this address; here {what} is not served. See docs/not-served.md.")

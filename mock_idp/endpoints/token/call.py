"""One call of the token endpoint, as the phases fill it and the grants read it."""

from dataclasses import dataclass, field

from mock_idp.directory.models import Application
from mock_idp.endpoints import Entra
from mock_idp.exchange import Request
from mock_idp.runtime.tenants import LiveTenant
from mock_idp.tokens.authorization import ClientProof


@dataclass(slots=True, kw_only=True)
class Call:
    """A token request.

    Attributes:
        origin: the ``Origin`` header, or empty when no browser's script is asking.
        tenant: set with the client.
        found: the client, once it was found.
        client_id: from the body or from Basic.
        secret: likewise; empty when none came.
        client_proof: how the client proved itself, see :data:`mock_idp.tokens.authorization.ClientProof`.
    """

    request: Request
    entra: Entra
    origin: str = ""
    tenant: LiveTenant = field(init=False)
    found: Application | None = None
    client_id: str = ""
    secret: str = ""
    client_proof: ClientProof = "0"

    @property
    def client(self) -> Application:
        """The client."""
        if self.found is None:
            raise RuntimeError("load_client comes first")
        return self.found

    def get(self, name: str) -> str:
        """A parameter, or empty."""
        return self.request.form.get(name, "")

"""One call of the token endpoint, as the phases fill it and the grants read it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mock_idp.directory.models import Application
from mock_idp.endpoints import Entra
from mock_idp.endpoints.tenants import find_client, homes
from mock_idp.exchange import Request
from mock_idp.runtime.tenants import LiveTenant
from mock_idp.tokens.authorization import ClientProof

if TYPE_CHECKING:
    from mock_idp.endpoints.token.client_auth.assertion import Assertion
    from mock_idp.endpoints.token.grants import Grant
    from mock_idp.runtime.sealing import Kind


@dataclass(slots=True, kw_only=True)
class Call:
    """A token request.

    Attributes:
        v1: the v1.0 endpoint was asked; ``request`` is told in the words of v2.0 (:mod:`mock_idp.endpoints.v1`).
        grant: set once it was found.
        origin: the ``Origin`` header, or empty when no browser's script is asking.
        tenant: set with the client.
        found: the client, once it was found.
        client_id: from the body or from Basic.
        secret: likewise; empty when none came.
        assertion: the ``client_assertion``, once it was read.
        client_proof: how the client proved itself, see :data:`mock_idp.tokens.authorization.ClientProof`.
    """

    request: Request
    entra: Entra
    v1: bool = False
    grant: "Grant" = field(init=False)
    origin: str = ""
    tenant: LiveTenant = field(init=False)
    found: Application | None = None
    client_id: str = ""
    secret: str = ""
    assertion: "Assertion | None" = None
    client_proof: ClientProof = "0"
    _unsealed: dict[str, dict[str, Any] | None] = field(default_factory=dict)

    @property
    def client(self) -> Application:
        """The client."""
        if self.found is None:
            raise RuntimeError("load_client comes first")
        return self.found

    def follow(self, tenant_id: str) -> bool:
        """Whether what a tenant issued may be redeemed here: at itself, and at an alias, which then stands for it."""
        if tenant_id != self.tenant.id and tenant_id in [
            home.id for home in homes(self.request.segment, self.tenant, self.entra)
        ]:
            self.tenant, self.found = find_client(tenant_id, self.client.app_id, self.entra)
        return tenant_id == self.tenant.id

    def unsealed(self, kind: "Kind") -> dict[str, Any] | None:
        """What the code or refresh token that came says, or ``None``; whoever asks first opens it."""
        if kind not in self._unsealed:
            self._unsealed[kind] = self.entra.seal.open(kind, self.get(kind))
        return self._unsealed[kind]

    def get(self, name: str) -> str:
        """A parameter, or empty."""
        return self.request.form.get(name, "")

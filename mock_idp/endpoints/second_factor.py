"""Second factors, as both endpoints see them. Follows facts §3.2 and ED:reference-error-codes."""

import json

from mock_idp.directory.ids import derived_guid
from mock_idp.errors import EntraError

FACTOR = "mfa"
"""How ``amr`` says that one was given."""


def needs_second_factor(
    resource_id: str, name: str, *, error: str | None = None, tenant_id: str | None = None
) -> EntraError:
    """AADSTS50076.

    Args:
        resource_id: what was asked for.
        name: of the user.
        error: the OAuth error, where it is not the usual one.
        tenant_id: whose policy the member ``claims`` is to name; ``None`` leaves it out.
    """
    claims = challenge(tenant_id) if tenant_id else ""
    return EntraError(
        50076, resource=resource_id, error=error, claims=claims,
        hint=f"{name} is declared to need a second factor (mfaRequired), and this sign-in had none. Sign in again, on "
        "the pages.",
    )  # fmt: skip


def challenge(tenant_id: str) -> str:
    """The claims challenge that an API passes on, and a client sends to authorize (facts §4E, §7.6)."""
    policy = derived_guid(tenant_id, "policy", "mfa")
    wanted = {"access_token": {"capolids": {"essential": True, "values": [policy]}}}
    return json.dumps(wanted, separators=(",", ":"))

"""Second factors, as both endpoints see them. Follows facts §3.2 and ED:reference-error-codes."""

import json

from mock_idp.directory.ids import derived_guid
from mock_idp.directory.models import User
from mock_idp.endpoints import Entra
from mock_idp.errors import EntraError

FACTOR = "mfa"
"""How ``amr`` says that one was given."""


def is_registered(entra: Entra, tenant_id: str, user: User) -> bool:
    """Whether a user has a method for the second factor, as declared or registered since."""
    return user.mfa_registered or entra.store.registered_second_factor(tenant_id, user.id)


def needs_second_factor(
    resource_id: str, name: str, *, registered: bool, error: str | None = None, tenant_id: str | None = None
) -> EntraError:
    """AADSTS50076, or 50079 for whoever has to register first.

    Args:
        resource_id: what was asked for.
        name: of the user.
        registered: see :func:`is_registered`.
        error: the OAuth error, where it is not the usual one.
        tenant_id: whose policy the member ``claims`` is to name; ``None`` leaves it out.
    """
    claims = challenge(tenant_id) if tenant_id else ""
    if not registered:
        return EntraError(
            50079, resource=resource_id, error=error, claims=claims,
            hint=f"{name} is declared to need a second factor (mfaRequired) and to have registered none "
            "(mfaRegistered = false). Sign in again: the pages register one.",
        )  # fmt: skip
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

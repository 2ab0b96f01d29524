"""Second factors, as both endpoints see them. Follows facts §3.2 and ED:reference-error-codes."""

from mock_idp.errors import EntraError

FACTOR = "mfa"
"""How ``amr`` says that one was given."""


def needs_second_factor(resource_id: str, name: str) -> EntraError:
    """AADSTS50076."""
    return EntraError(
        50076, resource=resource_id,
        hint=f"{name} is declared to need a second factor (mfaRequired), and this sign-in had none. Sign in again, on "
        "the pages.",
    )  # fmt: skip

"""A client secret, in the body or by HTTP Basic: RFC 6749 §2.3.1."""

from hmac import compare_digest

from mock_idp.directory.models import PasswordCredential
from mock_idp.endpoints.token.call import Call
from mock_idp.endpoints.token.client_auth.method import Method
from mock_idp.errors import EntraError
from mock_idp.runtime.clock import stamp


def is_presented(call: Call) -> bool:
    """Whether a secret came."""
    return bool(call.secret)


def check(call: Call) -> None:
    """The secret is one of the client's, and has not expired; of an undeclared client any is right.

    Raises:
        EntraError: 7000215 or 7000222.
    """
    client = call.client
    if client.touched:
        return
    now, fitting = call.entra.clock.now(), [each for each in client.secrets if _fits(each, call.secret)]
    if fitting and all(each.ends_at is not None and each.ends_at <= now for each in fitting):
        raise EntraError(
            7000222, app_id=client.app_id,
            hint=f"The secret of {client.display_name} expired at {stamp(fitting[0].ends_at or 0)}.",
        )  # fmt: skip
    if fitting and fitting[0].value is None:
        call.entra.journal.note("the manifest holds only the secret's first characters: taken for the right one")
    if not fitting:
        count = f"{len(client.secrets)} registered" if client.secrets else "none registered"
        raise EntraError(
            7000215, app_id=client.app_id,
            hint=f"The secret ({len(call.secret)} characters) is not one of {client.display_name}'s ({count}).",
        )  # fmt: skip


def _fits(registered: PasswordCredential, secret: str) -> bool:
    """Whether a secret is the registered one; of a downloaded manifest's only the beginning is known."""
    if registered.value is None:
        return bool(registered.hint) and secret.startswith(registered.hint)
    return compare_digest(registered.value.encode(), secret.encode())


METHOD = Method(
    name="client secret",
    about="client_secret in the body, or by HTTP Basic",
    source="ED:v2-oauth2-client-creds-grant-flow",
    proof="1",
    is_presented=is_presented,
    check=check,
)

"""An assertion of another issuer, whom a federated identity credential of the client trusts.

Follows ED:v2-oauth2-client-creds-grant-flow, third case, and facts §7.5. Issuer, audience and subject are compared as
they are written, and only then is the issuer asked for its keys.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mock_idp.directory.models import FederatedCredential
from mock_idp.endpoints.token.call import Call
from mock_idp.endpoints.token.client_auth.assertion import Assertion, check_times, seconds
from mock_idp.endpoints.token.client_auth.method import Method
from mock_idp.errors import EntraError
from mock_idp.facts.hosts import role_of
from mock_idp.facts.wellknown import EXCHANGE_APP_ID, EXCHANGE_URI
from mock_idp.runtime.issuers import usable
from mock_idp.tokens.keys import from_b64url

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

_LONGEST = 200
"""Characters of a claim that a refusal repeats."""

_MOST_SECONDS = 25 * 60 * 60
"""How long an assertion may live: ``1.01:00:00``."""

_KEPT_KEYS = 64


def is_presented(call: Call) -> bool:
    """Whether an assertion of another issuer came."""
    return call.assertion is not None and call.assertion.is_federated


def check(call: Call) -> None:
    """Issuer, audience and subject are those of a credential, the times are right, and the issuer signed.

    Of an undeclared client nothing is registered, and nobody's keys are fetched: the signature is checked only when we
    are the issuer.

    Raises:
        EntraError: 5002738, 70025, 700211, 700212, 700213, 7002137, 7002138, 700024, 70023, 700229, 50166, 7000272
            or 700027.
        NotYet: the issuer's keys have to be fetched first.
    """
    assertion = call.assertion
    if assertion is None:
        raise RuntimeError("an assertion comes first")
    _check_algorithm(assertion)
    credential = None if call.client.touched else _credential(call, assertion)
    check_times(call, assertion)
    _check_lifetime(assertion)
    if _is_ours(assertion.issuer):
        _check_own(call, assertion)
    elif credential is None:
        call.entra.journal.note(
            f"the assertion of {assertion.issuer[:_LONGEST]} is taken, but its signature could not be checked: nobody "
            f"declared a federated credential of {call.client.display_name}"
        )
    else:
        _check_signature(call, assertion, _issuers_key(call, assertion, credential))


def _check_algorithm(assertion: Assertion) -> None:
    algorithm = str(assertion.header.get("alg"))[:60]
    if algorithm != "RS256":
        error = EntraError(
            5002738, error="invalid_request", algorithm=algorithm, supported="RS256",
            hint=f"alg of the assertion's header is {algorithm!r}; of other issuers only RS256 is taken.",
        )  # fmt: skip
        error.status = 400
        raise error


def _credential(call: Call, assertion: Assertion) -> FederatedCredential:
    """The credential that the assertion fits."""
    name, found = call.client.display_name, call.client.federated_credentials
    if not found:
        raise EntraError(
            70025, app_id=call.client.app_id, name=name,
            hint=f"{name} has no federated credential; declare one with issuer {assertion.issuer[:_LONGEST]} and "
            f"subject {assertion.subject[:_LONGEST]}.",
        )  # fmt: skip
    of_issuer = _of_issuer(assertion, found, name)
    came_for = {EXCHANGE_URI if each == EXCHANGE_APP_ID else each for each in assertion.audiences}
    fitting = [each for each in of_issuer if came_for & {*each.audiences}]
    if not fitting:
        came = " ".join(assertion.audiences)[:_LONGEST]
        known = ", ".join(audience for each in of_issuer for audience in each.audiences)
        raise EntraError(
            700212, audience=came, hint=f"aud is '{came}'; {name}'s credential for this issuer expects: {known}. Ask "
            "the issuer for a token with that audience.",
        )  # fmt: skip
    return _of_subject(assertion, fitting, name)


def _of_issuer(assertion: Assertion, found: tuple[FederatedCredential, ...], name: str) -> list[FederatedCredential]:
    issuer = assertion.issuer
    fitting = [each for each in found if each.issuer == issuer]
    if fitting:
        return fitting
    shown, known = issuer[:_LONGEST], ", ".join(each.issuer for each in found)
    hint = f"iss is '{shown}'; issuers of {name}'s credentials: {known}. They are compared as they are written."
    if any(each.issuer.casefold() == issuer.casefold() for each in found):
        raise EntraError(7002137, issuer=shown, hint=hint)
    raise EntraError(700211, issuer=shown, hint=hint)


def _of_subject(assertion: Assertion, found: list[FederatedCredential], name: str) -> FederatedCredential:
    subject = assertion.subject
    for each in found:
        if each.subject == subject:
            return each
    shown, known = subject[:_LONGEST], ", ".join(each.subject for each in found)
    hint = f"sub is '{shown}'; subjects of {name}'s credentials: {known}. They are compared as they are written."
    if any(each.subject.casefold() == subject.casefold() for each in found):
        raise EntraError(7002138, subject=shown, hint=hint)
    raise EntraError(700213, subject=shown, hint=hint)


def _check_lifetime(assertion: Assertion) -> None:
    """A missing ``iat`` is told as 0, so that nothing lives short enough."""
    claims = assertion.compact.claims
    issued, expires = seconds(claims, "iat"), seconds(claims, "exp")
    if expires - issued <= _MOST_SECONDS:
        return
    what = f"lives {(expires - issued) // 60} minutes" if "iat" in claims else "has no iat"
    raise EntraError(
        70023, issued=issued, expires=expires,
        hint=f"The assertion of {assertion.issuer[:_LONGEST]} {what}; 25 hours is the most, counted from iat.",
    )  # fmt: skip


def _is_ours(issuer: str) -> bool:
    try:
        return role_of(urlsplit(issuer).hostname or "") == "login"
    except ValueError:
        return False


def _check_own(call: Call, assertion: Assertion) -> None:
    """A token of ours: of an application alone, as a managed identity's is."""
    key = call.entra.keys.public_key(str(assertion.header.get("kid")))
    if key is None:
        raise _no_key(assertion, "No key of this server has this kid; after `mock-idp clean` older tokens are void.")
    _check_signature(call, assertion, key)
    claims = assertion.compact.claims
    if "scp" in claims or claims.get("oid") != claims.get("sub"):
        raise EntraError(
            700229, hint="The assertion is a user's token, or an id token. Only a managed identity's own is taken.",
        )  # fmt: skip
    call.entra.journal.note("a token of our own proves a client: Entra takes only a managed identity's for that")


def _issuers_key(call: Call, assertion: Assertion, credential: FederatedCredential) -> "RSAPublicKey":
    kid = assertion.header.get("kid")
    if not kid:
        raise _no_key(assertion, "The assertion's header has no kid.")
    if credential.keys is not None:
        keys, problem = usable(credential.keys), ""
    else:
        published = call.entra.issuers.published(credential.issuer, kid)
        keys, problem = dict(published.keys), published.problem
    if problem:
        raise EntraError(
            50166, hint=f"The keys of {credential.issuer} could not be fetched: {problem}. Without a network, declare "
            "them with the credential (keys).",
        )  # fmt: skip
    key = _public_key(keys[kid]) if kid in keys else None
    if key is None:
        raise _no_key(assertion, f"The issuer's keys have the kid: {', '.join(map(repr, keys))[:_LONGEST] or 'none'}.")
    return key


def _check_signature(call: Call, assertion: Assertion, key: "RSAPublicKey") -> None:
    if not assertion.compact.is_signed_by(key, "RS256"):
        raise EntraError(
            700027, what="Client assertion contains an invalid signature.",
            reason="The provided signature value did not match the expected signature value.",
            thumbprint=str(assertion.header.get("kid"))[:_LONGEST], found="", app_id=call.client.app_id,
            hint=f"The key of {assertion.issuer[:_LONGEST]} did not make this signature: the assertion was changed, or "
            "signed by somebody else.",
        )  # fmt: skip


def _no_key(assertion: Assertion, hint: str) -> EntraError:
    kid = str(assertion.header.get("kid") or "")[:_LONGEST]
    return EntraError(7000272, kid=kid, issuer=assertion.issuer[:_LONGEST], hint=hint)


def _public_key(jwk: Mapping[str, object]) -> "RSAPublicKey | None":
    modulus, exponent = jwk.get("n"), jwk.get("e")
    return _rsa_key(modulus, exponent) if isinstance(modulus, str) and isinstance(exponent, str) else None


@lru_cache(maxsize=_KEPT_KEYS)
def _rsa_key(modulus: str, exponent: str) -> "RSAPublicKey | None":
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers  # noqa: PLC0415 - heavy

    try:
        n, e = (int.from_bytes(from_b64url(part)) for part in (modulus, exponent))
        return RSAPublicNumbers(e, n).public_key()
    except ValueError:
        return None


METHOD = Method(
    name="federated credential",
    about="client_assertion of another issuer, whose keys are fetched",
    source="ED:v2-oauth2-client-creds-grant-flow",
    proof="2",
    is_presented=is_presented,
    check=check,
)

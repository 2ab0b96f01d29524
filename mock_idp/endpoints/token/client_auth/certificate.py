"""An assertion that the client signed itself, with the key of a registered certificate.

Follows ED:certificate-credentials and facts §7.4. A ``jti`` may come again: MSAL sends an assertion until it expires.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from mock_idp.directory.models import KeyCredential
from mock_idp.endpoints.token.call import Call
from mock_idp.endpoints.token.client_auth.assertion import (
    Assertion,
    check_times,
    malformed,
    required_text,
)
from mock_idp.endpoints.token.client_auth.method import Method
from mock_idp.errors import EntraError
from mock_idp.facts.hosts import CANONICAL, STS, role_of
from mock_idp.runtime.clock import stamp
from mock_idp.tokens.certificates import Certificate, load
from mock_idp.tokens.compact import Algorithm
from mock_idp.tokens.keys import from_b64url

_ALGORITHMS: tuple[Algorithm, ...] = ("RS256", "PS256")
_LIST = " and ".join(_ALGORITHMS)
_PATHS = ("oauth2/v2.0/token", "oauth2/token", "v2.0", "v2.0/")
"""Behind the tenant: the token endpoints, and the v2.0 issuer."""


def is_presented(call: Call) -> bool:
    """Whether an assertion of the client's own came."""
    return call.assertion is not None and not call.assertion.is_federated


def check(call: Call) -> None:
    """The assertion is the client's, for us, of now, and signed with a registered certificate.

    Of an undeclared client nothing is registered: all but the signature is checked, and that too when ``x5c`` holds the
    certificate.

    Raises:
        EntraError: 5002738, 50048, 700021, 700023, 700024, 700027, 90014, 1000502 or 5002730.
    """
    assertion = call.assertion
    if assertion is None:
        raise RuntimeError("an assertion comes first")
    algorithm = _algorithm(assertion)
    _check_claims(call, assertion)
    check_times(call, assertion)
    sent = _sent(assertion)
    certificate = sent if call.client.touched else _registered(call, assertion, sent)
    if certificate is None:
        call.entra.journal.note(
            f"the assertion of {call.client.display_name} is taken, but its signature could not be checked: nobody "
            "declared a certificate"
        )
        return
    if certificate.key is None:
        raise EntraError(5002730, hint=f"The key of {certificate.subject} is no RSA key; {_LIST} need one.")
    if not assertion.compact.is_signed_by(certificate.key, algorithm):
        raise _not_good(
            call, assertion, certificate, "The provided signature value did not match the expected signature value.",
            f"The signature is not that of the certificate's key under {algorithm}: another private key signed, or the "
            "assertion was changed.",
        )  # fmt: skip


def _algorithm(assertion: Assertion) -> Algorithm:
    asked = assertion.header.get("alg")
    for algorithm in _ALGORITHMS:
        if asked == algorithm:
            return algorithm
    raise EntraError(
        5002738, algorithm=str(asked)[:60], supported=",".join(_ALGORITHMS),
        hint=f"alg of the assertion's header is {str(asked)[:60]!r}; sign with {_LIST}.",
    )  # fmt: skip


def _check_claims(call: Call, assertion: Assertion) -> None:
    client_id = call.client.app_id
    if assertion.issuer != assertion.subject:
        raise EntraError(
            50048, hint=f"iss is '{assertion.issuer[:200]}' and sub is '{assertion.subject[:200]}'; both have to be "
            f"the client id, {client_id}.",
        )  # fmt: skip
    if assertion.issuer.lower() != client_id:
        raise EntraError(
            700021, hint=f"iss and sub are '{assertion.issuer[:200]}', and client_id is {client_id}. Write the client "
            "id into both.",
        )  # fmt: skip
    required_text(assertion.compact.claims, "jti")
    if len(assertion.audiences) != 1 or not _is_ours(call, assertion.audiences[0]):
        segment = call.request.segment
        raise EntraError(
            700023, hint=f"aud is '{' '.join(assertion.audiences)[:200]}'; expected the token endpoint that is asked, "
            f"such as https://{CANONICAL}/{segment}/oauth2/v2.0/token.",
        )  # fmt: skip


def _is_ours(call: Call, audience: str) -> bool:
    """Whether an audience is the token endpoint, by any of its names, or the issuer."""
    if audience == call.request.base_url + call.request.path:
        return True
    try:
        parts = urlsplit(audience.lower())
    except ValueError:
        return False
    tenant, _, path = parts.path.removeprefix("/").partition("/")
    names = {call.request.segment.lower(), call.tenant.id, call.tenant.domain.lower()}
    names |= {domain.lower() for domain in call.tenant.tenant.domains}
    if parts.scheme != "https" or parts.query or parts.fragment or tenant not in names:
        return False
    if parts.netloc == STS and not path:
        return True
    return role_of(parts.netloc) == "login" and path in _PATHS


def _sent(assertion: Assertion) -> Certificate | None:
    """The certificate in ``x5c``, which has to be the one that is named."""
    chain = assertion.header.get("x5c")
    if chain is None:
        return None
    leaf = chain[0] if isinstance(chain, list) and chain else None
    certificate = load(leaf) if isinstance(leaf, str) else None
    if certificate is None:
        raise malformed("x5c of the assertion's header holds no certificate; expected DER in base64, the leaf first.")
    if not _is_named(certificate, assertion.header):
        raise malformed("x5c of the assertion's header begins with another certificate than the thumbprint names.")
    return certificate


def _registered(call: Call, assertion: Assertion, sent: Certificate | None) -> Certificate:
    """The registered certificate that the header names, in its time."""
    for credential, certificate in _certificates(call.client.certificates):
        if _is_named(certificate, assertion.header):
            _check_validity(call, assertion, credential, certificate, sent)
            return certificate
    kind, known = _thumbprints(call.client.certificates, assertion.header)
    raise EntraError(
        700027,
        what="The certificate with identifier used to sign the client assertion is not registered on application.",
        reason="The key was not found.", thumbprint=_thumbprint(assertion.header), found="",
        app_id=call.client.app_id,
        hint=f"The certificate is none of {call.client.display_name}'s; registered ({kind}): {known}. Register the one "
        "that the app signs with, as keyCredentials.",
    )  # fmt: skip


def _certificates(credentials: Iterable[KeyCredential]) -> Iterable[tuple[KeyCredential, Certificate]]:
    loaded = ((credential, load(credential.certificate)) for credential in credentials)
    return [(credential, certificate) for credential, certificate in loaded if certificate]


def _thumbprints(credentials: Iterable[KeyCredential], header: Mapping[str, Any]) -> tuple[str, str]:
    """Those of what is registered, of the kind that the header has, so that they can be compared."""
    by_sha256 = bool(header.get("x5t#S256")) and not header.get("x5t")
    found = [each.sha256 if by_sha256 else each.sha1 for _, each in _certificates(credentials)]
    return "SHA-256" if by_sha256 else "SHA-1", ", ".join(each.hex().upper() for each in found) or "none"


def _is_named(certificate: Certificate, header: Mapping[str, Any]) -> bool:
    """Whether the header names a certificate, by every thumbprint in it; ``kid`` counts where there is none."""
    names = {"x5t": certificate.sha1, "x5t#S256": certificate.sha256}
    given = [(from_b64url(header[name]), thumbprint) for name, thumbprint in names.items() if header.get(name)]
    if given:
        return all(came == thumbprint for came, thumbprint in given)
    kid = header.get("kid", "")
    return kid.lower() == certificate.sha1.hex() or from_b64url(kid) in names.values()


def _check_validity(
    call: Call, assertion: Assertion, credential: KeyCredential, certificate: Certificate, sent: Certificate | None
) -> None:
    now = call.entra.clock.now()
    ends = min(certificate.ends, credential.ends_at or certificate.ends)
    if certificate.starts <= now < ends:
        return
    hint = (
        f"It is {stamp(now)} here, and {call.client.display_name}'s certificate is good from "
        f"{stamp(certificate.starts)} to {stamp(ends)}. Make another one, and register it."
    )
    if sent:
        raise EntraError(1000502, hint=hint)
    raise _not_good(call, assertion, certificate, "The key used is expired.", hint)


def _not_good(call: Call, assertion: Assertion, found: Certificate, reason: str, hint: str) -> EntraError:
    return EntraError(
        700027, what="Client assertion contains an invalid signature.", reason=reason,
        thumbprint=_thumbprint(assertion.header), app_id=call.client.app_id, hint=hint,
        found=f"Found key 'Start={_date(found.starts)}, End={_date(found.ends)}', ",
    )  # fmt: skip


def _thumbprint(header: Mapping[str, Any]) -> str:
    named = header.get("x5t") or header.get("x5t#S256")
    return from_b64url(named).hex().upper()[:200] if named else header["kid"][:200]


def _date(seconds: int) -> str:
    """As Entra tells the times of a key: ``12/05/2023 17:16:57``."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%m/%d/%Y %H:%M:%S")


METHOD = Method(
    name="certificate",
    about="client_assertion, signed with the key of a registered certificate",
    source="ED:certificate-credentials",
    proof="2",
    is_presented=is_presented,
    check=check,
)

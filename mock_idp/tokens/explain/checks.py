"""The checks of a resource server, in the order in which they are told. Follows ED:access-tokens and facts §5.

Each yields what it finds; what was not asked for is at most a note.
"""

from base64 import b64decode
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from mock_idp.facts.hosts import CANONICAL, STS, issuer_of
from mock_idp.facts.wellknown import CONSUMERS_TENANT, GRAPH_AUDIENCES
from mock_idp.runtime.clock import stamp
from mock_idp.runtime.tenants import ALIASES
from mock_idp.tokens.explain.case import Case, Finding, Verdict
from mock_idp.tokens.explain.permissions import check_roles, check_scopes
from mock_idp.tokens.header import encode_as_signed

_LEEWAY = 300
"""Seconds that clocks may differ; Microsoft's validators allow as many, PyJWT none."""

_CLOUDS = {
    "login.microsoftonline.us": "the cloud of the US government",
    "login.partner.microsoftonline.cn": "the cloud in China",
    "sts.chinacloudapi.cn": "the cloud in China",
}
_SET_VERSION_2 = (
    "Set requestedAccessTokenVersion to 2 in the API's registration (manifest: api.requestedAccessTokenVersion); null "
    "or 1 means v1.0, whichever endpoint the client asks."
)


def check_algorithm(case: Case) -> Iterator[Finding]:
    """Entra signs with RS256."""
    algorithm = case.token.header.get("alg")
    if str(algorithm).lower() == "none":
        yield Finding(
            "algorithm",
            "refused",
            "alg is none: nobody signed it.",
            "Let the validator take RS256 alone; never what the token says.",
        )
    elif algorithm != "RS256":
        yield Finding(
            "algorithm",
            "refused",
            f"alg is {algorithm}; Entra signs with RS256.",
            "This token is not from Entra, or the validator takes a public key for a secret.",
        )


def check_signature(case: Case) -> Iterator[Finding]:
    """Whose key signed it; a Graph token's signature only Graph can verify."""
    header = case.token.header
    if str(header.get("alg")) != "RS256":
        return
    kid = str(header.get("kid") or header.get("x5t") or "")
    signer = case.signer(kid)
    if signer is None:
        yield Finding(
            "signature",
            "refused",
            f"No key of this mock has the kid {kid or '(none)'}. {_whose(case)}",
            "Ask this mock for the token, or validate against the keys of whoever issued it.",
        )
    elif not _is_signed(case, signer.certificate):
        yield Finding(
            "signature",
            "refused",
            f"The kid {kid} is this mock's, but the signature does not fit: the token was changed after it was signed.",
            "Send it as it was issued.",
        )
    elif not signer.published:
        yield Finding(
            "signature",
            "refused",
            f"It was signed with a key of this mock that is no longer published ({kid}).",
            "Get a new token: keys were rotated, or the server was reset.",
        )
    elif "nonce" in header and not _is_for_graph(case):
        yield Finding(
            "signature",
            "refused",
            "The header has a nonce, as Graph's tokens have: only Graph can verify the signature.",
            "Ask for a token for this API.",
        )
    else:
        alone = "; the header has a nonce, so only Graph can verify it" if "nonce" in header else ""
        yield Finding("signature", "ok", f"signed with this mock's key {kid}{alone}")


def _is_for_graph(case: Case) -> bool:
    """Whether Graph is who looks at it."""
    return case.is_graph and case.expected.audience.lower() in ("", *GRAPH_AUDIENCES)


def _is_signed(case: Case, certificate: str) -> bool:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415 - heavy
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415 - likewise

    key, token = load_der_x509_certificate(b64decode(certificate)).public_key(), case.token
    if "nonce" in token.header:
        body = token.signed.partition(b".")[2]
        token = token._replace(signed=encode_as_signed(token.header).encode() + b"." + body)
    return isinstance(key, RSAPublicKey) and token.is_signed_by(key, "RS256")


def _whose(case: Case) -> str:
    host = urlsplit(str(case.claims.get("iss", ""))).hostname or ""
    if host in (STS, CANONICAL):
        return "By its issuer it is from the real Entra, from another mock-idp, or from before `mock-idp clean`."
    return f"Its issuer is {case.claims.get('iss')}."


def check_kind(case: Case) -> Iterator[Finding]:
    """An API takes access tokens."""
    if not case.is_access_token:
        yield Finding(
            "kind",
            "refused",
            "This is an id token: it tells the app who signed in, and is for no API.",
            "Send access_token, not id_token; ask for a scope of the API to get one.",
        )


def check_issuer(case: Case) -> Iterator[Finding]:
    """Who issued it, and in which version."""
    issuer = str(case.claims.get("iss", ""))
    host = urlsplit(issuer).hostname or ""
    tenant_id = str(case.claims.get("tid", ""))
    if foreign := _foreign(host):
        yield Finding(
            "issuer",
            "refused",
            f"The issuer is {foreign}: {issuer}.",
            "Validate against that issuer's own discovery document; it is not a workforce tenant of Entra.",
        )
    elif issuer == issuer_of(tenant_id, v1=True):
        yield from _version(case, 1, issuer)
    elif issuer == issuer_of(tenant_id, v1=False):
        yield from _version(case, 2, issuer)
    else:
        yield Finding(
            "issuer",
            "refused",
            f"The issuer {issuer or '(none)'} is none that Entra gives tenant {tenant_id}.",
            f"Expected {issuer_of('{tid}', v1=True)} or {issuer_of('{tid}', v1=False)}.",
        )


def _foreign(host: str) -> str:
    """What kind of issuer a host is that is not Entra's for work accounts; empty when it is."""
    if host.endswith(".b2clogin.com"):
        return "Azure AD B2C"
    if host.endswith(".ciamlogin.com"):
        return "an external tenant (CIAM)"
    return _CLOUDS.get(host, "")


def _version(case: Case, version: int, issuer: str) -> Iterator[Finding]:
    wanted = case.expected.version
    if wanted is None or wanted == version:
        yield Finding("issuer", "ok", f"v{version}.0: {issuer}")
    elif case.is_graph or not case.is_access_token:
        yield Finding("issuer", "refused", f"It is a v{version}.0 token: {issuer}.")
    elif version == 1:
        yield Finding(
            "issuer",
            "refused",
            f"It is a v1.0 token ({issuer}), and the API validates v2.0.{_registered(case)}",
            _SET_VERSION_2,
        )
    else:
        yield Finding(
            "issuer",
            "refused",
            f"It is a v2.0 token ({issuer}), and the API validates v1.0.{_registered(case)}",
            "Validate v2.0 (issuer, and the client id as audience), or set requestedAccessTokenVersion to null.",
        )


def _registered(case: Case) -> str:
    """What the API's registration says of the version."""
    app = case.app(case.audience)
    if app is None or app.first_party:
        return ""
    version = app.requested_access_token_version
    return f" requestedAccessTokenVersion of {app.display_name} is {'null' if version is None else version}."


def check_audience(case: Case) -> Iterator[Finding]:
    """For which API it is."""
    came, wanted = case.audience, case.expected.audience
    if not wanted:
        yield Finding("audience", "note", f"It is for {case.called(came)}; give --audience to compare.")
    elif came == wanted:
        yield Finding("audience", "ok", came)
    elif case.is_graph:
        yield Finding(
            "audience",
            "refused",
            f"It is for Microsoft Graph, not for {wanted}. A scope without an API before "
            "it (User.Read, data.read) is Graph's.",
            f"Ask with the API in the scope: {case.prefix}/{_short(case)}, or {case.prefix}/.default.",
        )
    elif case.is_for(wanted):
        yield _other_name(case, came, wanted)
    else:
        yield Finding(
            "audience",
            "refused",
            f"It is for {case.called(came)}, not for {case.called(wanted)}.",
            f"Let the client ask for a scope of this API: {wanted}/… ; one token is for one API.",
        )


def _short(case: Case) -> str:
    """A scope that the API asks for, without the API."""
    return next(iter(case.expected.scopes), "data.read").rpartition("/")[2]


def _other_name(case: Case, came: str, wanted: str) -> Finding:
    """The same API by another name: which version, and how the client asked, decides."""
    if came.rstrip("/").lower() == wanted.rstrip("/").lower():
        how = "a trailing slash" if came.lower() != wanted.lower() else "upper and lower case"
        text, fix = (
            f"aud is '{came}', expected '{wanted}': they differ by {how}.",
            f"Let the API expect {came} exactly.",
        )
    elif not case.is_v1:
        text = f"aud is the client id {came}, as in every v2.0 token; the API expects the URI {wanted}."
        fix = (
            f"Let the API expect {came}; or set requestedAccessTokenVersion to null, if it is to validate v1.0 tokens."
        )
    elif "://" in came:
        text = (
            f"aud is the URI {came} as the client asked for it, since this is a v1.0 token; the API expects "
            f"{wanted}.{_registered(case)}"
        )
        fix = f"{_SET_VERSION_2} Then aud is the client id. Or let the API expect {came} and v1.0."
    else:
        text = (
            f"aud is {came}, since the client asked for {came}/… and this is a v1.0 token, whose aud is as asked; the "
            f"API expects {wanted}."
        )
        fix = f"Let the client ask with {wanted}/…, or let the API expect both."
    return Finding("audience", "refused", text, fix)


def check_tenant(case: Case) -> Iterator[Finding]:
    """Of which tenant it is."""
    tenant_id, wanted = str(case.claims.get("tid", "")), case.expected.tenant
    found = case.tenant(tenant_id)
    named = f"{found.display_name} ({tenant_id})" if found else tenant_id or "no tenant"
    meant = case.tenant(wanted)
    if tenant_id == CONSUMERS_TENANT:
        named = f"personal Microsoft accounts ({tenant_id})"
    if not wanted:
        yield Finding("tenant", "note", f"It is of {named}; give --tenant to compare.")
    elif wanted.lower() in ALIASES:
        yield Finding(
            "tenant",
            "note",
            f"It is of {named}. The issuer in the discovery document of '{wanted}' is a "
            "template: a multi-tenant API puts the token's tid in place of {tenantid}, and keeps a list of the "
            "tenants that it serves.",
        )
    elif tenant_id == (meant.id if meant else wanted.lower()):
        yield Finding("tenant", "ok", named)
    else:
        yield Finding(
            "tenant",
            "refused",
            f"It is of {named}, and the API serves {wanted} alone.",
            f"Let the client use the authority https://{CANONICAL}/{meant.id if meant else wanted}; on common and "
            "organizations the token is of the user's home tenant.",
        )


def check_client(case: Case) -> Iterator[Finding]:
    """Which app asked for it."""
    wanted = case.expected.client
    if not wanted:
        return
    app = case.app(wanted)
    if case.client == (app.app_id if app else wanted.lower()):
        yield Finding("client", "ok", case.called(case.client))
    else:
        yield Finding(
            "client",
            "refused",
            f"The client is {case.called(case.client)}, and {case.called(wanted)} is let in.",
            "Compare azp (v2.0) or appid (v1.0) with the client's id.",
        )


def check_times(case: Case) -> Iterator[Finding]:
    """From when to when it is good."""
    starts, ends, now = case.claims.get("nbf"), case.claims.get("exp"), case.now
    if not isinstance(ends, int | float) or isinstance(ends, bool):
        yield Finding("time", "refused", "It has no exp, so that it would never end.", "This is no token of Entra's.")
    elif ends <= now:
        yield Finding(
            "time",
            "refused",
            f"It expired {_span(now - int(ends))} ago, at {stamp(int(ends))}.",
            "Get a new one: let MSAL acquire it silently before each call, and do not keep tokens yourself. Or "
            "the clocks differ.",
        )
    elif isinstance(starts, int | float) and starts > now:
        severe: Verdict = "refused" if starts > now + _LEEWAY else "note"
        yield Finding(
            "time",
            severe,
            f"It is not valid for another {_span(int(starts) - now)}, until {stamp(int(starts))}.",
            "Set the clock of this machine; validators allow five minutes, some none.",
        )
    else:
        yield Finding("time", "ok", f"good for another {_span(int(ends) - now)}")


def _span(seconds: int) -> str:
    for size, name in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{seconds} seconds"


def check_groups(case: Case) -> Iterator[Finding]:
    """Too many groups are not in the token."""
    names = case.claims.get("_claim_names")
    if "hasgroups" in case.claims or (isinstance(names, dict) and "groups" in names):
        yield Finding(
            "groups",
            "note",
            "The user is in more groups than a token holds, so that it lists none.",
            "Ask Graph for them (getMemberObjects), or let the app receive only groups assigned to it.",
        )


CHECKS: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    check_algorithm,
    check_signature,
    check_kind,
    check_issuer,
    check_audience,
    check_tenant,
    check_scopes,
    check_roles,
    check_client,
    check_times,
    check_groups,
)

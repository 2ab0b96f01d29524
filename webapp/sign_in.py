"""Signing in with Microsoft Entra ID, and the tokens that come of it.

MSAL runs the authorization code flow with its state, nonce and PKCE:
https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow. Two resources are involved. The person
consents to both of them at once, but a code is redeemed for one: Microsoft Graph. Tokens for the API come from the
refresh token, when they are needed. Everything we remember about a person is in their session, on the server.
"""

from __future__ import annotations

import re
import time
import warnings
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

import msal  # type: ignore[import-untyped]
from flask import current_app, session
from msal.exceptions import MsalServiceError  # type: ignore[import-untyped]

from .downstream import AccessToken
from .errors import SignInRequiredError, VisibleError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import requests

    from .settings import Settings

GRAPH_SCOPE = "User.Read"
CLOCK_SKEW = 300  # seconds
MAX_PENDING = 5  # sign-ins one browser can have under way, one per tab

# https://learn.microsoft.com/entra/identity-platform/reference-error-codes#handling-error-codes-in-your-application
_ASK_THE_PERSON = {"invalid_grant", "interaction_required", "consent_required", "login_required"}
_CORRELATION_ID = re.compile(r"Correlation ID: *([0-9A-Fa-f-]{36})")


@dataclass(frozen=True)
class Person:
    """Who is signed in, in the words of their ID token.

    See https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference.
    """

    name: str
    username: str
    tenant_id: str
    object_id: str
    login_hint: str

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any]) -> Person:
        """Take what we need from the claims of an ID token; only `sub` is always there."""
        username = claims.get("preferred_username") or claims["sub"]
        return cls(
            name=claims.get("name") or username,
            username=username,
            tenant_id=claims.get("tid", ""),
            object_id=claims.get("oid", ""),
            login_hint=claims.get("login_hint", ""),
        )


class _Discovery(NamedTuple):
    """What MSAL does not give us of the discovery document (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    end_session_endpoint: str


class SignIn:
    """The sign-in of whoever sends the current request. One object serves all people."""

    def __init__(self, settings: Settings, http: requests.Session, api_scopes: Sequence[str]) -> None:
        self._settings = settings
        self._http = http
        self._api_scopes = api_scopes
        self._msal_http_cache: dict[str, Any] = {}  # discovery and throttling, nothing personal
        self._discovered: _Discovery | None = None

    @property
    def person(self) -> Person | None:
        """Who is signed in, if anybody."""
        return Person(**session["person"]) if "person" in session else None

    def begin(self, return_to: str, *, claims: str = "") -> str:
        """Start a sign-in.

        Args:
            return_to: The path to come back to; the caller vouches that it is one of ours.
            claims: A claims challenge from an earlier refusal, JSON text, or empty.

        Returns:
            The URL of the identity provider to send the browser to.

        Raises:
            VisibleError: The identity provider cannot be reached, or does not know us (502).
        """
        with _reaching_entra():
            client = self._client(msal.SerializableTokenCache())
            _accept_query_responses()
            flow = client.initiate_auth_code_flow(
                [GRAPH_SCOPE, *self._api_scopes],
                redirect_uri=self._settings.redirect_uri,
                response_mode="query",
                login_hint=self._login_hint() or None,
                claims_challenge=claims or None,
            )
        pending = [*session.get("pending", {}).items(), (flow["state"], {"flow": flow, "return_to": return_to})]
        session["pending"] = dict(pending[-MAX_PENDING:])
        return str(flow["auth_uri"])

    def finish(self, answer: dict[str, str]) -> str:
        """Complete the sign-in that the identity provider's answer, a query string's members, belongs to.

        Returns:
            The path that was given to `begin`.

        Raises:
            VisibleError: The answer does not belong to a sign-in of this browser, or reports an error (400); the
                identity provider cannot be reached or does not accept us (502).
        """
        started = self._take_pending(answer.get("state", ""))
        cache = msal.SerializableTokenCache()
        with _reaching_entra():
            client = self._client(cache)
            result = _redeem(client, started["flow"], answer)
            if "error" in result:
                ours = "error" in answer or result["error"] == "invalid_grant"
                raise _refusal(400 if ours else 502, "Signing in did not work", result)
            claims = result.get("id_token_claims", {})
            self._check(claims)
        session["person"] = asdict(Person.from_claims(claims))
        session["token_cache"] = cache.serialize()
        _renew_session_id()
        return str(started["return_to"])

    def token(self, scope: str) -> AccessToken:
        """An access token for one scope: from the cache while it is fresh, else by the refresh token.

        Raises:
            SignInRequiredError: Nobody is signed in, or the identity provider wants to see them.
            VisibleError: The identity provider cannot be reached, or refuses for another reason (502).
        """
        cache = self._token_cache()
        with _reaching_entra():
            client = self._client(cache)
            account = next(iter(client.get_accounts()), None)
            result = client.acquire_token_silent_with_error([scope], account=account) or {"error": "login_required"}
        if cache.has_state_changed:
            session["token_cache"] = cache.serialize()
        if result.get("error") in _ASK_THE_PERSON:
            refusal = _refusal(403, f"There is no token for {scope}", result)
            raise SignInRequiredError(refusal, claims=result.get("claims", ""))
        if "error" in result:
            raise _refusal(502, f"There is no token for {scope}", result)
        return AccessToken(result["access_token"], _granted(cache, result["access_token"]))

    def forget(self, token: AccessToken) -> None:
        """Drop a token that turned out to be of no use, so that the next one is a new one."""
        cache = self._token_cache()
        for entry in _entries(cache, token.value):
            cache.remove_at(entry)
        session["token_cache"] = cache.serialize()

    def end(self, home_url: str) -> str:
        """Forget the person, then find the way to sign out of the identity provider.

        See https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#send-a-sign-out-request.

        Args:
            home_url: Where the identity provider should send the browser afterwards.

        Returns:
            The URL of the identity provider to send the browser to.

        Raises:
            VisibleError: The identity provider cannot be reached (502). The person is forgotten here all the same.
        """
        hint = self.person.login_hint if self.person else ""
        session.clear()
        with _reaching_entra():
            endpoint = self._discovery().end_session_endpoint
        query = {"post_logout_redirect_uri": home_url} | ({"logout_hint": hint} if hint else {})
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    def _client(self, cache: Any) -> Any:
        """MSAL's application for one person's tokens; it reads the discovery document, at most once a day."""
        try:
            return msal.ConfidentialClientApplication(
                self._settings.client_id,
                client_credential=self._settings.client_secret,
                authority=self._settings.authority,
                token_cache=cache,
                http_client=self._http,
                http_cache=self._msal_http_cache,
            )
        except ValueError as failure:
            raise VisibleError(502, "Microsoft Entra ID does not know this tenant", str(failure)) from failure

    def _discovery(self) -> _Discovery:
        if self._discovered is None:
            response = self._http.get(f"{self._settings.authority}/v2.0/.well-known/openid-configuration")
            response.raise_for_status()
            document = response.json()
            try:
                self._discovered = _Discovery(document["issuer"], document["end_session_endpoint"])
            except KeyError as missing:
                raise VisibleError(502, "Microsoft Entra ID does not say where to go", f"No {missing}.") from missing
        return self._discovered

    def _check(self, claims: Mapping[str, Any]) -> None:
        """Check who the ID token is from and for, which MSAL leaves to us: OpenID Connect Core 3.1.3.7.

        There is no signature to check: the token came straight from the token endpoint, over TLS.
        """
        issuer = self._discovery().issuer.replace("{tenantid}", claims.get("tid", ""))
        in_time = time.time() < claims.get("exp", 0) + CLOCK_SKEW
        if claims.get("iss") != issuer or claims.get("aud") != self._settings.client_id or not in_time:
            raise VisibleError(502, "The ID token is not for this application", "Its issuer, audience or age is wrong.")

    def _login_hint(self) -> str:
        return (self.person.login_hint or self.person.username) if self.person else ""

    def _take_pending(self, state: str) -> dict[str, Any]:
        pending = dict(session.get("pending", {}))
        if state not in pending:
            raise VisibleError(
                400,
                "This sign-in is not under way",
                "It was completed before, took too long, or was started in another browser.",
                hint=f"Open this application as {self._settings.absolute_url('/')} and sign in again.",
            )
        started: dict[str, Any] = pending.pop(state)
        session["pending"] = pending
        return started

    def _token_cache(self) -> Any:
        if "token_cache" not in session:
            raise SignInRequiredError
        cache = msal.SerializableTokenCache()
        cache.deserialize(session["token_cache"])
        return cache


def _redeem(client: Any, flow: dict[str, Any], answer: dict[str, str]) -> dict[str, Any]:
    try:
        result: dict[str, Any] = client.acquire_token_by_auth_code_flow(flow, answer, scopes=[GRAPH_SCOPE])
    except JSONDecodeError:
        raise
    except (ValueError, RuntimeError) as failure:  # a wrong state, no code, a wrong nonce
        raise VisibleError(400, "The answer does not belong to this sign-in", hint="Sign in again.") from failure
    return result


@contextmanager
def _reaching_entra() -> Iterator[None]:
    try:
        yield
    except (OSError, MsalServiceError, JSONDecodeError) as failure:
        raise VisibleError(502, "Microsoft Entra ID could not be reached", hint="Try again in a moment.") from failure


def _accept_query_responses() -> None:
    """Keep MSAL from recommending `form_post` at every sign-in; it has no switch for that.

    A form post from another site would come without our `SameSite=Lax` cookie. The code in the query string is of no
    use to anybody else: it is bound to PKCE's verifier and our secret, works once, and we redirect away from it.
    """
    warnings.filterwarnings("ignore", message="response_mode='form_post' is recommended", category=UserWarning)


def _refusal(status: int, title: str, result: Mapping[str, Any]) -> VisibleError:
    """An error response of the identity provider, RFC 6749 sections 4.1.2.1 and 5.2, as a page."""
    description = str(result.get("error_description", ""))
    found = _CORRELATION_ID.search(description)
    correlation_id = str(result.get("correlation_id") or (found[1] if found else ""))
    return VisibleError(status, title, description, code=str(result["error"]), correlation_id=correlation_id)


def _entries(cache: Any, token: str) -> list[dict[str, Any]]:
    return [entry for entry in cache.search(cache.CredentialType.ACCESS_TOKEN) if entry["secret"] == token]


def _granted(cache: Any, token: str) -> tuple[str, ...]:
    return tuple(scope for entry in _entries(cache, token) for scope in entry["target"].split())


def _renew_session_id() -> None:
    """Leave the session id from before the sign-in behind, which somebody else may have planted."""
    sessions: Any = current_app.session_interface
    sessions.regenerate(session)

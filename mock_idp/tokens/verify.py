"""Verification of tokens that are presented to us, as Graph does it."""

from typing import TYPE_CHECKING, Any, Literal

from mock_idp.runtime.clock import Clock
from mock_idp.tokens.compact import Malformed, read
from mock_idp.tokens.header import encode_as_signed
from mock_idp.tokens.keys import Keyring, from_b64url

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey


class TokenRefused(Exception):  # noqa: N818 - reads as what happened
    """A token is no good.

    Args:
        message: Graph's words, as in its error table (facts §8.2).
        hint: ours.
    """

    def __init__(self, message: str, hint: str) -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


class NotOurs(Exception):  # noqa: N818 - likewise
    """A token that we did not sign.

    Args:
        reason: what is wrong: it is no JWT, none of our keys has its ``kid``, or the signature is another.
        thumbprint: SHA-1 of the certificate that its header names, as Entra writes it; empty where that says nothing.
        detail: of what is no JWT, why.
    """

    def __init__(
        self, reason: Literal["malformed", "unknown key", "wrong signature"], thumbprint: str = "", detail: str = ""
    ) -> None:
        self.reason, self.thumbprint, self.detail = reason, thumbprint, detail
        super().__init__(f"{reason} {detail}".strip())


class Verifier:
    """Checks signature, time and audience, RFC 7519 §7.2.

    Args:
        keys: whose tokens are accepted.
        clock: the one clock.
    """

    def __init__(self, keys: Keyring, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    def claims(self, token: str, audiences: tuple[str, ...]) -> dict[str, Any]:
        """The payload of a good token.

        Args:
            token: a JWT in compact serialization.
            audiences: one of which ``aud`` has to be.

        Raises:
            TokenRefused: with what is wrong.
        """
        import jwt  # noqa: PLC0415 - heavy, first needed when a token comes in

        try:
            header = jwt.get_unverified_header(token)
            _, _, rest = token.partition(".")
            claims = jwt.decode(
                f"{encode_as_signed(header)}.{rest}", self._key_for(header), algorithms=["RS256"],
                options={"verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )  # fmt: skip
        except jwt.InvalidSignatureError:
            raise TokenRefused("Signature is invalid.", "The token was changed, or signed by another key.") from None
        except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
            raise TokenRefused(
                "IDX14100: JWT is not well formed, there are no dots (.).\nThe token needs to be in JWS or JWE Compact "
                "Serialization Format. (JWS): 'EncodedHeader.EncodedPayload.EncodedSignature'. (JWE): 'EncodedProtected"
                "Header.EncodedEncryptedKey.EncodedInitializationVector.EncodedCiphertext.EncodedAuthenticationTag'.",
                f"This is not a JWT: {error}.",
            ) from None
        self._check(claims, audiences)
        return claims

    def payload(self, token: str) -> dict[str, Any]:
        """What a token that we signed says; time and audience are not looked at.

        Args:
            token: a JWT in compact serialization.

        Raises:
            NotOurs: somebody else signed it, or nobody.
        """
        try:
            found = read(token)
        except Malformed as error:
            raise NotOurs("malformed", detail=str(error)) from None
        kid, header = found.header.get("kid") or found.header.get("x5t"), found.header
        key = self._keys.public_key(str(kid))
        if key is None:
            raise NotOurs("unknown key", _thumbprint(kid))
        if "nonce" in header:  # a Graph token
            body = found.signed.partition(b".")[2]
            found = found._replace(signed=encode_as_signed(header).encode() + b"." + body)
        if header.get("alg") != "RS256" or not found.is_signed_by(key, "RS256"):
            raise NotOurs("wrong signature", _thumbprint(kid))
        return found.claims

    def _key_for(self, header: dict[str, Any]) -> "RSAPublicKey":
        """The key that a header names; v2.0 tokens have no ``x5t``, by which Graph knows that they are not its own."""
        if "x5t" not in header:
            raise TokenRefused("Invalid x5t claim.", "This is not a Graph token: ask with a scope such as User.Read.")
        kid = str(header.get("kid"))
        key = self._keys.public_key(kid)
        if key is None:
            raise TokenRefused("Invalid x5t claim.", f"No key of ours has the kid {kid[:60]!r}.")
        return key

    def _check(self, claims: dict[str, Any], audiences: tuple[str, ...]) -> None:
        now = self._clock.now()
        if claims.get("aud") not in audiences:
            raise TokenRefused(
                "Access token validation failure. Invalid audience.",
                f"The token is for {claims.get('aud')!r}; ask for a token with a scope of {audiences[0]}.",
            )
        expires, starts = claims.get("exp"), claims.get("nbf")
        if not isinstance(expires, int) or expires <= now:
            raise TokenRefused("Lifetime validation failed, the token is expired.", f"It expired at {expires}.")
        if not isinstance(starts, int) or starts > now:
            raise TokenRefused("Lifetime validation failed, the token is not yet valid.", f"It starts at {starts}.")


def _thumbprint(kid: object) -> str:
    """A ``kid`` of Entra's as it writes certificates in error texts: upper-case hex."""
    return from_b64url(kid).hex().upper() if isinstance(kid, str) else ""

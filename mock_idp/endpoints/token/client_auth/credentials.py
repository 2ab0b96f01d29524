"""Where client id and secret stand in a request: in the body, or in HTTP Basic. RFC 6749 §2.3.1."""

from base64 import b64decode
from binascii import Error as Base64Error
from urllib.parse import unquote_plus

from mock_idp.endpoints.token.call import Call
from mock_idp.errors import EntraError


def read_credentials(call: Call) -> None:
    """Find client id and secret.

    Raises:
        EntraError: 900144 when no client is named; 9002313 for a Basic header that is none.
    """
    call.client_id, call.secret = call.get("client_id"), call.get("client_secret")
    header = call.request.headers.get("authorization", "")
    if header[:6].lower() == "basic ":
        basic_id, basic_secret = _basic(header[6:])
        if call.client_id and call.client_id.lower() != basic_id.lower():
            raise EntraError(
                9002313, error="invalid_request",
                hint="client_id in the body and in the Authorization header are not the same.",
            )  # fmt: skip
        call.client_id, call.secret = basic_id, basic_secret or call.secret
    if not call.client_id:
        raise EntraError(900144, parameter="client_id", hint="Add client_id to the body, or send it by HTTP Basic.")
    call.entra.journal.about(client=call.client_id)


def _basic(encoded: str) -> tuple[str, str]:
    try:
        user, colon, password = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (Base64Error, UnicodeDecodeError, ValueError):
        colon = ""
    if not colon:
        raise EntraError(
            9002313,
            error="invalid_request",
            hint="The Authorization header is no HTTP Basic: expected base64 of client_id:secret.",
        )
    return unquote_plus(user), unquote_plus(password)

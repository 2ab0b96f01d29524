"""Reads ``application/x-www-form-urlencoded``, as a query string or a body, strictly.

Not a library's parser: those repair or drop what is broken, and Entra refuses it. Follows the URL standard's form
encoding; RFC 6749 §3.1 and §3.2: a parameter must not be included more than once.
"""

import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from mock_idp.errors import EntraError
from mock_idp.runtime.journal import printable

MAX_PARAMETERS = 200
MAX_BODY_BYTES = 256 * 1024
MAX_QUERY_BYTES = 32 * 1024

_BROKEN_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def parse(raw: bytes) -> dict[str, str]:
    """The parameters, in the order sent; a blank value is kept.

    Args:
        raw: what stood behind ``?`` or in the body.

    Raises:
        EntraError: 9000411 for a parameter sent twice; 90004 for broken percent-encoding, text that is not UTF-8,
            control characters, or more than :data:`MAX_PARAMETERS` parameters.
    """
    if not raw:
        return {}
    if raw.count(b"&") >= MAX_PARAMETERS:
        raise EntraError(
            90004, hint=f"{raw.count(b'&') + 1} parameters came; at most {MAX_PARAMETERS} are read. Send fewer."
        )
    if broken := _BROKEN_PERCENT.search(raw):
        came = printable(raw[broken.start() : broken.start() + 3].decode("latin-1"))
        raise EntraError(90004, hint=f"'{came}' is no percent-encoding; expected % and two hex digits.")
    try:
        text = raw.decode()
        found: dict[str, str] = {}
        for pair in text.split("&"):
            if not pair:
                continue
            key, _, value = pair.replace("+", " ").partition("=")
            if "%" in pair:
                key, value = unquote_to_bytes(key).decode(), unquote_to_bytes(value).decode()
            if key in found:
                raise EntraError(
                    9000411,
                    parameter=printable(key, 60),
                    hint=f"'{printable(key, 60)}' came more than once. Send it once.",
                )
            found[key] = value
    except UnicodeDecodeError:
        raise EntraError(90004, hint="A parameter is not UTF-8. Encode parameters as UTF-8.") from None
    if control := _CONTROL.search("".join([*found, *found.values()])):
        raise EntraError(90004, hint=f"A parameter holds the control character U+{ord(control[0]):04X}. Leave it out.")
    return found


def required(parameters: Mapping[str, str], name: str, hint: str) -> str:
    """A parameter that must be there, and not be blank.

    Raises:
        EntraError: 900144.
    """
    value = parameters.get(name, "")
    if not value.strip():
        raise EntraError(900144, parameter=name, hint=hint)
    return value

"""What ``mock-idp explain`` knows when it judges a token: the directory, and the keys of the server or of the state."""

import http.client
import json
import time
from base64 import b64decode
from typing import Any
from urllib.parse import urlsplit

from mock_idp.directory.project import Declared
from mock_idp.running import Running, find_running
from mock_idp.state import State
from mock_idp.tokens.explain import Known, Signer
from mock_idp.tokens.keys import FILE

_SECONDS = 5
_MOST_BYTES = 256 * 1024


def known(state: State, declared: Declared) -> Known:
    """Everything that is at hand.

    Args:
        state: whose keys; none are made where there are none.
        declared: the directory.
    """
    running, kept = find_running(state), state.read(FILE) or {}
    published = _published(running) if running else None
    return Known(
        directory=declared.directory,
        signer=lambda kid: _signer(kid, kept, published),
        opened=lambda kind, text: _opened(kind, text, kept),
        now=int(time.time()),
    )


def _signer(kid: str, kept: dict[str, Any], published: dict[str, str] | None) -> Signer | None:
    """A running server knows best what it publishes; keys that it rotated away are in the state directory still."""
    current = {key["kid"]: key["x5c"] for key in kept.get("keys", [])} if published is None else published
    if kid in current:
        return Signer(current[kid], published=True)
    others = {key["kid"]: key["x5c"] for key in (*kept.get("keys", []), *kept.get("spare", []))}
    return Signer(others[kid], published=False) if kid in others else None


def _published(running: Running) -> dict[str, str] | None:
    """The certificates in the server's key document; ``None`` when it does not answer."""
    parts = urlsplit(running.front_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        connection.request("GET", "/common/discovery/keys")
        keys = json.loads(connection.getresponse().read(_MOST_BYTES))["keys"]
        return {key["kid"]: key["x5c"][0] for key in keys}
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError):
        return None
    finally:
        connection.close()


def _opened(kind: Any, text: str, kept: dict[str, Any]) -> dict[str, Any] | None:
    if "seal" not in kept:
        return None
    from mock_idp.runtime.chance import Chance  # noqa: PLC0415 - for what is no JWT
    from mock_idp.runtime.sealing import Seal  # noqa: PLC0415 - likewise

    return Seal(b64decode(kept["seal"]), Chance(None)).open(kind, text)

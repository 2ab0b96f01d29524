"""The optional claim ``login_hint``: opaque to apps, and a name to sign in with when it comes back (facts §5.3).

``O.`` and base64url of four fields, as a token of 2023-11 shows it: object id, tenant id, user name, and a number [O].
"""

from mock_idp.tokens.keys import b64url, from_b64url

_PREFIX = "O."
_MARKS = (b"\x0a", b"\x12", b"\x1a")
_END = b"\x20\x80\x01"
_LONGEST = 600


def login_hint(user_id: str, tenant_id: str, name: str) -> str:
    """The claim's value."""
    fields = (text.encode()[:127] for text in (user_id, tenant_id, name))
    return _PREFIX + b64url(b"".join(mark + bytes([len(f)]) + f for mark, f in zip(_MARKS, fields, strict=True)) + _END)


def user_of(hint: str) -> str | None:
    """The object id in a value of the claim; ``None`` for any other text."""
    if not hint.startswith(_PREFIX) or len(hint) > _LONGEST:
        return None
    try:
        raw = from_b64url(hint.removeprefix(_PREFIX))
        return raw[2 : 2 + raw[1]].decode() if raw[:1] == _MARKS[0] else None
    except (ValueError, IndexError):
        return None

"""What a claim's value looks like: its JSON type and, for text, its form."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

JsonType = Literal["string", "integer", "boolean", "array of strings", "object", "any"]


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


_CHECKS: Mapping[JsonType, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "array of strings": _is_texts,
    "object": lambda value: isinstance(value, dict),
    "any": lambda _: True,
}


class Format(NamedTuple):
    """A type and form.

    Attributes:
        type: as JSON has it.
        about: the form, for people; empty when the type says it all.
        pattern: what a text, or each text of an array, has to match as a whole; empty for any.
    """

    type: JsonType
    about: str = ""
    pattern: str = ""

    def fits(self, value: object) -> bool:
        """Whether a value is of this format."""
        if not _CHECKS[self.type](value):
            return False
        texts = value if isinstance(value, list) else [value]
        return not self.pattern or all(re.fullmatch(self.pattern, text) for text in texts if isinstance(text, str))


_GUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_BASE64URL = "[A-Za-z0-9_-]"

TEXT = Format("string")
TEXTS = Format("array of strings")
FLAG = Format("boolean")
SECONDS = Format("integer", "seconds since 1970")
ANYTHING = Format("any", "as it was declared")
GUID = Format("string", "GUID", _GUID)
GUIDS = Format("array of strings", "GUIDs", _GUID)
ISSUER = Format(
    "string", "`https://sts.windows.net/{tid}/`, or `https://login.microsoftonline.com/{tid}/v2.0`",
    f"https://sts\\.windows\\.net/{_GUID}/|https://login\\.microsoftonline\\.com/{_GUID}/v2\\.0",
)  # fmt: skip
VERSION = Format("string", "`1.0` or `2.0`", "[12]\\.0")
LEVEL = Format("string", "`0` or `1`", "[01]")
PROOF = Format("string", "`0` no proof, `1` secret, `2` certificate or assertion", "[012]")
MEMBER_OR_GUEST = Format("integer", "`0` a member, `1` a guest")
USER_OR_APP = Format("string", "`user` or `app`", "user|app")
TRUE = Format("string", "`true`", "true")
WORDS = Format("string", "names with single spaces between", "\\S+( \\S+)*")
COUNTRY = Format("string", "two letters", "[A-Z]{2}")
LANGUAGE = Format("string", "in lower case", "[^A-Z]+")
TWO_NUMBERS = Format("string", "two small numbers, such as `3 9`", "\\d{1,2} \\d{1,2}")
DIGITS = Format("string", "digits", "\\d+")
PUID = Format("string", "16 hexadecimal digits", "[0-9A-F]{16}")
TOKEN_ID = Format("string", "22 characters of base64url", f"{_BASE64URL}{{22}}")
HALF_HASH = Format("string", "22 characters of base64url", f"{_BASE64URL}{{22}}")
SUBJECT = Format("string", "43 characters of base64url; of an application a GUID", f"{_BASE64URL}{{43}}|{_GUID}")
BASE64 = Format("string", "opaque, base64", "[A-Za-z0-9+/]+={0,2}")
BASE64URL = Format("string", "opaque, base64url", f"{_BASE64URL}+")
REFERENCE = Format("string", "opaque: `1.`, base64url of 40 bytes that hold tenant and audience, `.`",
                   f"1\\.{_BASE64URL}{{54}}\\.")  # fmt: skip
TRACE = Format("string", "opaque: `0.` and base64url", f"0\\.{_BASE64URL}+")
HINT = Format("string", "opaque: `O.` and base64url", f"O\\.{_BASE64URL}+")
SUB_OBJECT = Format("object", '`{"sub": …}`')
NAMES_OBJECT = Format("object", '`{"groups":"src1"}`')
SOURCES_OBJECT = Format("object", '`{"src1":{"endpoint":…}}`')

"""Takes the parameter ``scope`` apart, and writes the member of an answer. Follows ED:scopes-oidc and facts §4.3."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mock_idp.directory.ids import is_guid
from mock_idp.errors import EntraError
from mock_idp.facts.wellknown import GRAPH_APP_ID, OIDC_SCOPES

if TYPE_CHECKING:
    from mock_idp.tokens.authorization import Authorization

DEFAULT = ".default"
_PREFIXED_ORDER = ("email", "openid", "profile")
"""How OIDC scopes stand before Graph's when these are written with the resource in front [O] 2024-10."""

MAX_SCOPES = 100

_SCOPE_NAME = re.compile(r"[A-Za-z0-9!#$%&'()*+,\-.:;=?@\[\]_~]{1,120}")
_URI = re.compile(r"[a-z][a-z0-9+.\-]{0,30}://[^\s<>\"\\^`{|}]{1,255}", re.IGNORECASE)


class Item(NamedTuple):
    """One scope that is not an OIDC one.

    Attributes:
        prefix: the resource as written before the last ``/``, or empty (then it is Graph's).
        name: the permission, or ``.default``.
    """

    prefix: str
    name: str

    @property
    def identifier(self) -> str:
        """What names the resource."""
        return self.prefix or GRAPH_APP_ID

    def __str__(self) -> str:
        return f"{self.prefix}/{self.name}" if self.prefix else self.name


class Asked(NamedTuple):
    """A ``scope`` parameter taken apart.

    Attributes:
        text: as it came.
        oidc: the OIDC scopes in it.
        items: the others, in order.
        inherited: they were asked for at the sign-in, and not by this call.
    """

    text: str
    oidc: tuple[str, ...]
    items: tuple[Item, ...]
    inherited: bool = False


_BAD_FORMAT = (
    "The scope format is invalid. Scope must be in a valid URI form <https://example/scope> or a valid Guid "
    "<guid/scope>."
)
_MIXED = ".default scope can't be combined with resource-specific scopes."
_ALONE = "offline_access scope request must include either openid scope or a resource scope."


def invalid_scope(scope: str, hint: str, note: str = "") -> EntraError:
    """AADSTS70011; ``note`` is what Entra adds to the message in some cases."""
    return EntraError(70011, scope=scope, note=f" {note}" if note else "", hint=hint)


@lru_cache(maxsize=256)
def parse(text: str) -> Asked:
    """Take a ``scope`` parameter apart.

    Raises:
        EntraError: 70011 when a scope cannot be read, when ``.default`` stands beside named scopes, or when
            ``offline_access`` stands alone; 28004 for more than :data:`MAX_SCOPES`.
    """
    words = list(dict.fromkeys(text.split()))
    if len(words) > MAX_SCOPES:
        raise EntraError(28004, hint=f"{len(words)} scopes came; at most {MAX_SCOPES} are read.")
    oidc = tuple(word.lower() for word in words if word.lower() in OIDC_SCOPES)
    items = tuple(_item(word, text) for word in words if word.lower() not in OIDC_SCOPES)
    if any(item.name == DEFAULT for item in items) and any(item.name != DEFAULT for item in items):
        raise invalid_scope(text, "Ask either for .default or for permissions by name.", _MIXED)
    if oidc == ("offline_access",) and not items:
        raise invalid_scope("offline_access", "Add openid, or a permission of an API.", _ALONE)
    return Asked(text, oidc, items)


def granted_text(authorization: "Authorization", *, v1: bool = False) -> str:
    """Member ``scope`` (facts §4.3): written as asked, so that MSAL finds it again; OIDC scopes only beside Graph's.

    v1.0 names the permissions alone.
    """
    if v1:
        return " ".join(authorization.scopes)
    names = [*authorization.scopes, *([DEFAULT] if authorization.asked_default else [])]
    oidc = authorization.oidc_at_graph
    if not authorization.prefixed:
        return " ".join([*names, *oidc])
    return " ".join([*sorted(oidc, key=_PREFIXED_ORDER.index), *(f"{authorization.audience}/{name}" for name in names)])


def is_identifier(text: str) -> bool:
    """Whether a text can name an API: a URI, or a client id."""
    return is_guid(bare(text)) or bool(_URI.fullmatch(text) and text.isprintable())


def bare(identifier: str) -> str:
    """An identifier without ``spn:``, which may stand before a client id and comes back in ``aud`` (facts §5.2)."""
    return identifier[4:] if identifier[:4].lower() == "spn:" else identifier


def _item(word: str, text: str) -> Item:
    prefix, slash, name = word.rpartition("/")
    if (slash and not is_identifier(prefix)) or not _SCOPE_NAME.fullmatch(name):
        raise invalid_scope(
            text,
            f"'{word}' is no scope: expected a name such as User.Read, api://{{client id}}/data.read, or "
            "{resource}/.default.",
            _BAD_FORMAT,
        )
    return Item(prefix, DEFAULT if name.lower() == DEFAULT else name)

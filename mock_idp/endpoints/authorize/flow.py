"""The state of one trip through the authorization endpoint, filled step by step."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode

from mock_idp.directory.models import Application, Platform, User
from mock_idp.endpoints import Entra
from mock_idp.endpoints.scopes import Asked
from mock_idp.endpoints.targets import Target
from mock_idp.endpoints.v1 import registered_targets
from mock_idp.errors import EntraError
from mock_idp.exchange import Answer, Request
from mock_idp.forms import parse
from mock_idp.runtime.store import BrowserSession, SignedIn
from mock_idp.runtime.tenants import DeclaredTenant, LiveTenant

ResponseMode = Literal["query", "fragment", "form_post"]

_V1 = "v1."
_PACKED = re.compile(r"[A-Za-z0-9_-]+={0,2}")


@dataclass(slots=True, kw_only=True)
class Attempt:
    """What the sign-in page posted.

    Attributes:
        login: the name typed, or the tile's.
        password: as typed; ``None`` when only the name was sent.
        tile: a tile was clicked, which needs no password.
        approved: the second factor was given.
        informed: the page that more information is required was left by Next.
        registered: a method for the second factor was registered.
        back: the arrow back to the name was clicked.
        accepted: the permissions asked for were accepted.
        for_all: on behalf of the whole organization.
        declined: Cancel was clicked.
        returning: a page after the password was answered: the account is the one of the browser's session.
    """

    login: str
    password: str | None
    tile: bool
    approved: bool
    back: bool
    informed: bool = False
    registered: bool = False
    accepted: bool = False
    for_all: bool = False
    declined: bool = False
    returning: bool = False


@dataclass(slots=True, kw_only=True)
class Flow:
    """One authorization request.

    Attributes:
        parameters: those of the authorization request, also while the sign-in page is being posted.
        segment: the tenant segment of its path.
        attempt: what the sign-in page posted, if this is such a post.
        v1: the v1.0 endpoint was asked.
        action: where the pages post to, if it is not ``/{segment}/login``.
        for_tenant: an administrator is asked to consent for the whole tenant, to permissions of applications too.

    The others are set by the step that their name says (``load_scopes`` sets ``asked`` and ``targets``). On an alias
    ``homes`` are the tenants whose people may sign in, and ``load_user`` goes on in the user's own: it sets ``tenant``,
    ``client`` and ``targets`` again. ``redirect_uri`` stays empty until it has been checked: as long as it is, an error
    is a page and never a redirect.
    """

    request: Request
    entra: Entra
    parameters: Mapping[str, str]
    segment: str
    attempt: Attempt | None = None
    v1: bool = False
    action: str = ""
    for_tenant: bool = False

    tenant: LiveTenant = field(init=False)
    client: Application = field(init=False)
    homes: list[DeclaredTenant] = field(default_factory=list)
    redirect_uri: str = ""
    platform: Platform = "web"
    response_mode: ResponseMode = "query"
    response_type: frozenset[str] = frozenset()
    asked: Asked = field(init=False)
    targets: list[Target] = field(default_factory=list)
    prompt: str = ""
    session: BrowserSession | None = None
    account: SignedIn = field(init=False)
    user: User = field(init=False)

    def get(self, name: str) -> str:
        """A parameter of the authorization request, or empty."""
        return self.parameters.get(name, "")

    @property
    def to_consent(self) -> list[Target]:
        """What the user has to have consented to: what is asked for, and at v1.0 all that is registered."""
        if not (self.v1 and self.tenant.strict):
            return self.targets
        asked = {target.resource.app_id for target in self.targets}
        registered = registered_targets(self.tenant, self.client, self.entra)
        return [*self.targets, *(target for target in registered if target.resource.app_id not in asked)]

    @property
    def ctx(self) -> str:
        """The authorization request as a page carries it along; :func:`unpack_version` reads it."""
        return f"{_V1 if self.v1 else ''}{pack(self.parameters)}"


Step = Callable[[Flow], Answer | None]
"""Fills the flow, raises :class:`~mock_idp.errors.EntraError`, or gives the answer that ends it."""


def walk(flow: Flow, steps: Iterable[Step]) -> Answer | None:
    """Take the steps in their order: the first answer, or ``None`` when none of them had one."""
    for step in steps:
        answer = step(flow)
        if answer is not None:
            return answer
    return None


def pack(parameters: Mapping[str, str]) -> str:
    """The authorization request as the sign-in page carries it along in ``ctx``: its query, base64url.

    Not signed: posting it back asks no more than sending the request itself, and is checked as such.
    """
    return urlsafe_b64encode(urlencode(parameters).encode()).decode()


def unpack_version(ctx: str) -> tuple[dict[str, str], bool]:
    """What :attr:`Flow.ctx` says: the parameters, and whether the v1.0 endpoint was asked.

    Raises:
        EntraError: see :func:`unpack`.
    """
    return unpack(ctx.removeprefix(_V1)), ctx.startswith(_V1)


def unpack(ctx: str) -> dict[str, str]:
    """What :func:`pack` packed.

    Raises:
        EntraError: 90004, and whatever :func:`mock_idp.forms.parse` finds wrong with a request.
    """
    if not _PACKED.fullmatch(ctx) or len(ctx) % 4:
        raise EntraError(90004, hint="The sign-in page's ctx came back changed. Start again from your application.")
    return parse(urlsafe_b64decode(ctx))

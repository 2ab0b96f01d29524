"""One exchange as the journal keeps it, and what a test may ask of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mock_idp.runtime.journal.redaction import presentable, scopes, split

_OURS = "/_mock/"
_REFUSED = 400


class Issued(NamedTuple):
    """Something that was handed out; never the thing itself.

    Attributes:
        kind: ``access token v2.0``, ``access token v1.0``, ``id token``, ``refresh token``, ``authorization code`` or
            ``device code``.
        audience: the claim ``aud``; of a refresh token or code, empty.
        scopes: delegated permissions in it, short names.
        roles: app roles in it.
        subject: the claim ``sub``.
        user: user principal name; empty for app-only.
        tenant: id of the tenant.
        expires: seconds since 1970; 0 where nothing says.
    """

    kind: str
    audience: str = ""
    scopes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    subject: str = ""
    user: str = ""
    tenant: str = ""
    expires: int = 0

    @classmethod
    def of(cls, kind: str, claims: Mapping[str, Any], user: str) -> "Issued":
        """What is kept of claims; a directory may declare some of any type."""
        get = claims.get
        version, granted, roles, expires = get("ver"), get("scp"), get("roles"), get("exp")
        return cls(
            f"{kind} v{version}" if version in ("1.0", "2.0") else kind,
            _text(get("aud")),
            split(scopes(granted)) if isinstance(granted, str) else (),
            tuple(map(_text, roles)) if isinstance(roles, list | tuple) else (),
            _text(get("sub")),
            _text(user),
            _text(get("tid")),
            expires if isinstance(expires, int) else 0,
        )


def _text(claim: object) -> str:
    return presentable(claim) if claim and isinstance(claim, str) else ""


@dataclass(slots=True, kw_only=True)
class Entry:
    """One exchange. What was not there is ``None``, or an empty tuple.

    Attributes:
        time: by the server's clock, seconds since 1970.
        moment: by :func:`time.perf_counter`, seconds; only differences mean something.
        number: counts exchanges in the order in which they began.
        method: HTTP method.
        endpoint: what answered, in the protocol's words: ``authorize``, ``token``, ``keys``.
        host: the host asked, without port.
        path: the path asked.
        tenant: the path's segment for the tenant, as it came; empty where the path has none.
        parameters: of query and body; of those that may be secret the value is ``(12 characters)``.
        library: which client library asked: what it says of itself, else its ``User-Agent``.
        about: what the endpoint found out, in order: client, grant, scopes, user.
        issued: what was handed out.
        notes: what was guessed or will surprise.
        status: HTTP status answered; 0 while under way.
        error: AADSTS number, or 0.
        oauth_error: the OAuth error, as ``invalid_grant``; empty without one.
        message: Microsoft's text.
        hint: ours: what came, what was expected, what to do.
    """

    time: int
    moment: float = 0.0
    number: int = 0
    method: str
    endpoint: str = ""
    host: str = ""
    path: str = ""
    tenant: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    library: str = ""
    about: dict[str, str] = field(default_factory=dict)
    issued: list[Issued] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    status: int = 0
    error: int = 0
    oauth_error: str = ""
    message: str = ""
    hint: str = ""

    def __str__(self) -> str:
        from mock_idp.runtime.journal.telling import told  # noqa: PLC0415 - tells entries

        return told(self)

    @property
    def what(self) -> str:
        """Host and path asked."""
        return self.host + self.path

    @property
    def ok(self) -> bool:
        """Whether it was answered, and not refused. Entra's error pages have status 200, and are refusals."""
        return 0 < self.status < _REFUSED and not self.error

    @property
    def is_ours(self) -> bool:
        """Whether one of our own commands asked. Questions and texts leave these out."""
        return self.path.startswith(_OURS)

    @property
    def grant_type(self) -> str | None:
        """The grant."""
        return self.about.get("grant") or self.parameters.get("grant_type")

    @property
    def client_id(self) -> str | None:
        """The application's id, as the client sent it or as the token presented has it."""
        return self.about.get("client") or self.parameters.get("client_id")

    @property
    def client(self) -> str | None:
        """The application's display name when it was found, else the id that came."""
        return self.about.get("client_name") or self.client_id

    @property
    def user(self) -> str | None:
        """The user principal name; of a sign-in that was refused, what was typed as name."""
        named = self.about.get("user")
        typed = (self.parameters.get(name) for name in ("tile", "loginfmt", "login", "username"))
        return named or next(filter(None, typed), None)

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes asked for, as written, in order; of a call that names none, those of the sign-in it rests on."""
        return split(self.about.get("scope") or self.parameters.get("scope", ""))

    @property
    def pkce(self) -> str | None:
        """``S256`` or ``plain`` when PKCE was used: a challenge came, or at the token endpoint its verifier."""
        if "pkce" in self.about:
            return self.about["pkce"]
        return (self.parameters.get("code_challenge_method") or "plain") if self._sent("code_challenge") else None

    @property
    def redirect_uri(self) -> str | None:
        """Where the answer is to go, or on from sign-out; of a query only its length."""
        sent = self.parameters.get("redirect_uri") or self.parameters.get("post_logout_redirect_uri")
        return sent or self.about.get("redirect")

    @property
    def state(self) -> str | None:
        """The client's ``state``, cut when it is long."""
        return self.parameters.get("state")

    @property
    def nonce(self) -> str | None:
        """The client's ``nonce``."""
        return self.parameters.get("nonce")

    @property
    def prompt(self) -> str | None:
        """What the user is to be asked: ``login``, ``none``, ``consent``, ``select_account``."""
        return self.parameters.get("prompt")

    @property
    def login_hint(self) -> str | None:
        """Whom the client expects to sign in."""
        return self.parameters.get("login_hint")

    @property
    def response_type(self) -> str | None:
        """What is asked of authorize, as ``code``."""
        return self.parameters.get("response_type")

    @property
    def response_mode(self) -> str | None:
        """How the answer is to travel: ``query``, ``fragment``, ``form_post``."""
        return self.parameters.get("response_mode")

    @property
    def access_token(self) -> Issued | None:
        """What is known of the access token that was issued."""
        return next((each for each in self.issued if each.kind.startswith("access token")), None)

    @property
    def audience(self) -> str | None:
        """``aud`` of the access token that was issued."""
        token = self.access_token
        return token.audience if token else None

    @property
    def granted(self) -> tuple[str, ...]:
        """Delegated permissions in the access token that was issued, short names."""
        token = self.access_token
        return token.scopes if token else ()

    @property
    def roles(self) -> tuple[str, ...]:
        """App roles in the access token that was issued."""
        token = self.access_token
        return token.roles if token else ()

    def _sent(self, name: str) -> bool:
        return bool(self.parameters.get(name))

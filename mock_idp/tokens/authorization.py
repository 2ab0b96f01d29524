"""The narrow waist between proof and signature: who was authorized for what."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from mock_idp.directory.models import Application, User
from mock_idp.runtime.tenants import LiveTenant

ClientProof = Literal["0", "1", "2"]
"""How a client proved itself, as ``azpacr`` says it: not at all, by secret, by certificate or assertion."""

_OIDC_AT_GRAPH = ("profile", "openid", "email")

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Subject(NamedTuple):
    """A user with the sign-in that vouches for them.

    Attributes:
        sid: the claim ``sid``.
        auth_time: when they signed in, seconds.
        amr: how.
    """

    user: User
    sid: str
    auth_time: int
    amr: tuple[str, ...] = ("pwd",)


class Authorization(NamedTuple):
    """What a grant proved, complete: tokens follow from it and from nothing else.

    Attributes:
        client_proof: see :data:`ClientProof`.
        subject: the user, or ``None`` for app-only.
        resource: the API that the access token is for.
        audience: the resource as it was asked for; ``aud`` of a v1.0 token.
        scopes: delegated permissions, short names, in the order stored.
        oidc_scopes: those of ``openid profile email offline_access`` that were granted.
        prefixed: the answer's ``scope`` writes them with the resource in front, as they were asked for.
        asked_default: ``/.default`` was asked for, which the answer's ``scope`` repeats.
        nonce: to be copied into the id token.
        wants_auth_time: the client asked with ``max_age``.
        capabilities: of the client, such as ``cp1``, as it declared them in the parameter ``claims``.
        contexts: authentication contexts that it asked for there, for the access token.
        id_contexts: likewise for the id token.
        request_id: GUID of the exchange in which the tokens are handed out.
        refresh_token: a new one to hand out, or ``None``.
        for_userinfo: the access token is for the v1.0 userinfo endpoint alone, and opaque.
        in_fragment: the tokens travel from the authorization endpoint in a fragment, whose length is limited.
        code_hash: of the code that travels with an id token from there, the claim ``c_hash``.
        token_hash: of the access token likewise, the claim ``at_hash``.
        roles: the claim ``roles``, in place of those that were assigned.
        groups: object ids, the claim ``groups``, in place of the memberships, whatever ``groupMembershipClaims`` says.
        claims: members added or replaced last of all; ``None`` leaves a claim out.
        version: of the access token, in place of the resource's ``requestedAccessTokenVersion``.
        expires_in: seconds from now, in place of the lifetime; 0 and less give an expired token.

    The last five no grant fills: a test that wants a token without a flow does.
    """

    tenant: LiveTenant
    client: Application
    client_proof: ClientProof
    resource: Application
    audience: str
    subject: Subject | None = None
    scopes: tuple[str, ...] = ()
    oidc_scopes: tuple[str, ...] = ()
    prefixed: bool = True
    asked_default: bool = False
    nonce: str | None = None
    wants_auth_time: bool = False
    capabilities: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    id_contexts: tuple[str, ...] = ()
    request_id: str = ""
    refresh_token: str | None = None
    for_userinfo: bool = False
    in_fragment: bool = False
    code_hash: str | None = None
    token_hash: str | None = None
    roles: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    claims: Mapping[str, Any] = _NOTHING
    version: Literal[1, 2] | None = None
    expires_in: int | None = None

    @property
    def oidc_at_graph(self) -> tuple[str, ...]:
        """The OIDC scopes that Graph's tokens and answers name; ``email`` comes with ``profile`` (facts §4.3)."""
        if not self.resource.is_graph:
            return ()
        named = {*self.oidc_scopes, "email"} if "profile" in self.oidc_scopes else self.oidc_scopes
        return tuple(scope for scope in _OIDC_AT_GRAPH if scope in named)

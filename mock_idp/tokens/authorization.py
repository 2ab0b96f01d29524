"""The narrow waist between proof and signature: who was authorized for what."""

from dataclasses import dataclass
from typing import Literal

from mock_idp.directory.models import Application, User
from mock_idp.runtime.tenants import LiveTenant

ClientProof = Literal["0", "1", "2"]
"""How a client proved itself, as ``azpacr`` says it: not at all, by secret, by certificate or assertion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
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
        refresh_token: a new one to hand out, or ``None``.
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
    refresh_token: str | None = None

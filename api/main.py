"""The application: its routes, the scope each needs, and what a refused request is answered.

``uvicorn api.main:app`` builds it from the environment. The scopes are shown as clients ask for them, by their full
names: https://learn.microsoft.com/en-us/entra/identity-platform/quickstart-configure-app-expose-web-apis
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated

import httpx
from fastapi import APIRouter, FastAPI, Request, Security
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.security import OAuth2AuthorizationCodeBearer, SecurityScopes
from pydantic import BaseModel

from .bearer import BearerError, bearer_token
from .keys import RETRY_AFTER, IdentityProviderError, SigningKeys
from .settings import Settings, SettingsError
from .swagger import add_swagger
from .tokens import Caller, TokenVerifier

SCOPES = {"data.read": "Read the data", "data.write": "Write the data"}


class ReadAnswer(BaseModel):
    """What a reader gets."""

    message: str
    name: str
    scopes: list[str]


class WriteAnswer(BaseModel):
    """What a writer gets."""

    result: str
    name: str
    scopes: list[str]


class Problem(BaseModel):
    """Why a request was refused, in words for a developer."""

    detail: str


def create_app(settings: Settings, http: httpx.AsyncClient | None = None) -> FastAPI:
    """Build the application. Nothing is fetched before the first request that carries a token.

    Args:
        settings: The tenant and the API's registration.
        http: Client to reach the identity provider with, closed at shutdown; by default one that takes the proxy and
            the trusted certificates from the environment and waits 5 seconds.
    """
    client = http or httpx.AsyncClient(timeout=5)

    @asynccontextmanager
    async def closing_client(_: FastAPI) -> AsyncIterator[None]:
        yield
        await client.aclose()

    app = FastAPI(title="Data API", version="1.0.0", docs_url=None, redoc_url=None, lifespan=closing_client)
    app.include_router(_data_routes(settings, TokenVerifier(settings, SigningKeys(settings, client))))
    _add_refusals(app, realm=settings.api_app_id_uri)
    add_swagger(app, settings, [settings.full_scope(name) for name in SCOPES])

    @app.get("/", include_in_schema=False)
    async def home() -> RedirectResponse:
        return RedirectResponse("docs")

    @app.get("/healthz", include_in_schema=False)
    async def alive() -> dict[str, str]:
        return {"status": "ok"}

    return app


def _data_routes(settings: Settings, verifier: TokenVerifier) -> APIRouter:
    router = APIRouter(
        prefix="/data", tags=["data"], responses={code: {"model": Problem} for code in (400, 401, 403, 503)}
    )
    caller = _caller_dependency(settings, verifier)

    @router.get("/read")
    async def read(who: Annotated[Caller, Security(caller, scopes=[settings.full_scope("data.read")])]) -> ReadAnswer:
        """Read the data."""
        return ReadAnswer(message=f"Hello {who.name}, here is the data.", name=who.name, scopes=sorted(who.scopes))

    @router.post("/write")
    async def write(
        who: Annotated[Caller, Security(caller, scopes=[settings.full_scope("data.write")])],
    ) -> WriteAnswer:
        """Write the data."""
        return WriteAnswer(result="The data was written.", name=who.name, scopes=sorted(who.scopes))

    return router


def _caller_dependency(settings: Settings, verifier: TokenVerifier) -> Callable[..., Awaitable[Caller]]:
    """Make the dependency that lets a request through, with its caller, if its token has the scopes of the route."""
    documented = OAuth2AuthorizationCodeBearer(
        authorizationUrl=f"{settings.authority}/oauth2/v2.0/authorize",
        tokenUrl=f"{settings.authority}/oauth2/v2.0/token",
        scopes={settings.full_scope(name): description for name, description in SCOPES.items()},
        scheme_name="Entra",
        auto_error=False,  # it only describes the scheme: RFC 6750 is in .bearer
    )

    async def caller(
        request: Request, needed: SecurityScopes, _: Annotated[str | None, Security(documented)]
    ) -> Caller:
        found = await verifier.verify(bearer_token(request.headers.getlist("authorization")))
        for scope in needed.scopes:
            found.need(scope.removeprefix(settings.full_scope("")))
        return found

    return caller


def _add_refusals(app: FastAPI, realm: str) -> None:
    @app.exception_handler(BearerError)
    async def refused(_: Request, error: BearerError) -> JSONResponse:
        headers = {"WWW-Authenticate": error.challenge(realm)}
        return JSONResponse({"detail": error.description}, error.status, headers)

    @app.exception_handler(IdentityProviderError)
    async def unavailable(_: Request, error: IdentityProviderError) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 503, {"Retry-After": str(RETRY_AFTER)})


def __getattr__(name: str) -> FastAPI:
    """Build ``app`` when it is first asked for, so that importing this module needs no settings."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        app = create_app(Settings.from_environment())
    except SettingsError as error:
        raise SystemExit(f"{__name__}: {error}") from None
    globals()[name] = app
    return app

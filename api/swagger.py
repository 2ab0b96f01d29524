"""The Swagger page at ``/docs``: works with no internet, and signs in by authorization code with PKCE.

Its files come from the package swagger-ui-bundle (https://fastapi.tiangolo.com/how-to/custom-docs-ui-assets/). The
registration of `Settings.swagger_client_id` needs the address of ``/docs/oauth2-redirect`` as a redirect URI of the
platform *single-page application*: for other platforms Entra does not give a token to a browser.
https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow#redirect-uris-for-single-page-apps-spas
"""

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html, get_swagger_ui_oauth2_redirect_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from swagger_ui_bundle import swagger_ui_path  # type: ignore[import-untyped]

from .settings import Settings


def add_swagger(app: FastAPI, settings: Settings, scopes: list[str]) -> None:
    """Add the page, its files, and the page Entra sends the browser back to.

    Args:
        app: Gets the routes; its OpenAPI document is what the page shows.
        settings: Names the client that signs in; without one the page asks for it.
        scopes: Full names of the scopes to tick in advance.
    """
    router = APIRouter(include_in_schema=False)
    sign_in = {
        "clientId": settings.swagger_client_id or "",
        "scopes": scopes,
        "usePkceWithAuthorizationCodeGrant": True,
    }

    @router.get("/docs")
    async def page(request: Request) -> HTMLResponse:
        root = request.scope.get("root_path", "").rstrip("/")
        return get_swagger_ui_html(
            openapi_url=f"{root}{app.openapi_url}",
            title=app.title,
            swagger_js_url=f"{root}/docs/assets/swagger-ui-bundle.js",
            swagger_css_url=f"{root}/docs/assets/swagger-ui.css",
            swagger_favicon_url=f"{root}/docs/assets/favicon-32x32.png",
            oauth2_redirect_url=f"{root}/docs/oauth2-redirect",
            init_oauth=sign_in,
            swagger_ui_parameters={"validatorUrl": None},  # the default is a service on the internet
        )

    @router.get("/docs/oauth2-redirect")
    async def signed_in() -> HTMLResponse:
        return get_swagger_ui_oauth2_redirect_html()

    app.openapi_version = "3.0.3"  # the bundled Swagger UI 4 refuses 3.1
    app.include_router(router)
    app.mount("/docs/assets", StaticFiles(directory=swagger_ui_path))

"""What start-up is measured against: the smallest Starlette application, on uvicorn."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def document(_: Request) -> JSONResponse:
    """Answer something."""
    return JSONResponse({"issuer": "https://example.com"})


app = Starlette(routes=[Route("/", document)])

"""The web app as a test client, and the API that it calls, on a port of its own. Both are configured as ever."""

from threading import Thread

import pytest
import uvicorn

from api.main import create_app as create_api
from api.settings import Settings as ApiSettings
from webapp.main import create_app
from webapp.settings import Settings

API = "api://orders"


@pytest.fixture
def api_url(entra):
    settings = ApiSettings(entra.tenant, "0f1d8c52-93c1-4a5e-8a5b-7f0f7a1c2b3d", API)
    config = uvicorn.Config(create_api(settings), port=0, log_level="warning")
    listener = config.bind_socket()
    listener.listen()
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, args=[[listener]])
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def client(entra, api_url):
    settings = Settings(
        tenant_id=entra.tenant,
        client_id="5b0c9f3e-8a51-4d7e-9f07-3d1c6a7be2d4",
        client_secret="any secret",
        api_scope_prefix=API,
        api_base_url=api_url,
    )
    return create_app(settings).test_client()

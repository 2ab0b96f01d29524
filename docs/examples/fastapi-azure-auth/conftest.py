"""The test client, and which tenant tokens are for."""

import pytest
from fastapi.testclient import TestClient

from orders import TENANT_ID, app


@pytest.fixture(scope="session")
def entra_settings():
    """The tenant that is in the app's code, and v2.0 tokens, which are those that fastapi-azure-auth takes."""
    return {"tenant": TENANT_ID, "version": 2}


@pytest.fixture
def client(entra):
    with TestClient(app) as client:
        yield client

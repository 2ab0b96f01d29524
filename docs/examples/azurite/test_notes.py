"""DefaultAzureCredential gets its token here, and Azurite checks it."""

import pytest
import requests

from notes import Notes


@pytest.fixture
def notes(entra, account_url, certificate, monkeypatch):
    """The app as deployed: with a service principal in its environment. Any client and secret will do here."""
    monkeypatch.setenv("AZURE_TENANT_ID", entra.tenant)
    monkeypatch.setenv("AZURE_CLIENT_ID", "2d4f7a1e-6c1b-4f0e-9a55-0c8f3f4f6b21")
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "any secret")
    return Notes(account_url, connection_verify=str(certificate))


def test_a_note_can_be_read_again(notes):
    notes.save("hello.txt", "Hello, Azurite")
    assert notes.read("hello.txt") == "Hello, Azurite"


def test_one_token_is_enough(notes, entra):
    notes.save("hello.txt", "Hello, Azurite")
    notes.read("hello.txt")
    request = entra.journal.one("token", grant_type="client_credentials")
    assert request.scopes == ("https://storage.azure.com/.default",)


def test_only_a_token_for_storage_opens_the_account(entra, account_url, certificate):
    def status(headers):
        answer = requests.get(
            f"{account_url}/?comp=list", headers={"x-ms-version": "2025-01-05", **headers}, verify=certificate
        )
        return answer.status_code

    assert status(entra.app_token(audience="https://storage.azure.com").header) == 200
    assert status(entra.app_token(audience="https://graph.microsoft.com").header) == 403
    assert status({}) == 403

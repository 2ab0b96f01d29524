"""Notes in Azure Blob Storage. Who may read and write them is decided by Microsoft Entra ID, not by an account key."""

from azure.identity import DefaultAzureCredential
from azure.storage.blob import ContainerClient


class Notes:
    """The container `notes` of a storage account; `options` go to Azure's client as they are."""

    def __init__(self, account_url, **options):
        self._container = ContainerClient(account_url, "notes", credential=DefaultAzureCredential(), **options)
        if not self._container.exists():
            self._container.create_container()

    def save(self, name, text):
        self._container.upload_blob(name, text, overwrite=True)

    def read(self, name):
        return self._container.download_blob(name, encoding="utf-8").readall()

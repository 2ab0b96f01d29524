"""In place of the lab's module of this name: the smallest HTTP client that MSAL accepts."""

import requests


class MinimalResponse:
    """What MSAL reads of an answer."""

    def __init__(self, status_code=None, text=None, headers=None):
        self.status_code, self.text, self.headers = status_code, text, headers or {}

    def raise_for_status(self):
        if self.status_code >= 400:
            raise requests.HTTPError(f"{self.status_code}: {self.text}")


class MinimalHttpClient:
    """What MSAL asks through."""

    def __init__(self, timeout=None):
        self._session, self._timeout = requests.Session(), timeout

    def post(self, url, params=None, data=None, headers=None):
        return self._answer(self._session.post(url, params=params, data=data, headers=headers, timeout=self._timeout))

    def get(self, url, params=None, headers=None):
        return self._answer(self._session.get(url, params=params, headers=headers, timeout=self._timeout))

    def close(self):
        self._session.close()

    def _answer(self, got):
        return MinimalResponse(got.status_code, got.text, dict(got.headers))

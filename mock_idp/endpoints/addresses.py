"""Which host our answers name: the one that was asked, or for browsers the front channel. Follows facts §1.2."""

from urllib.parse import urlsplit

from mock_idp.endpoints import Entra
from mock_idp.exchange import Request
from mock_idp.facts.hosts import CANONICAL, role_of


def login_url(request: Request) -> str:
    """Where endpoints are named: the host that was asked (MSAL posts to where it discovered), no trailing slash."""
    host = urlsplit(request.base_url).hostname or ""
    return request.base_url if role_of(host) == "login" else f"https://{CANONICAL}"


def front_url(request: Request, entra: Entra) -> str:
    """Where a browser is sent: our loopback listener, or with ``--front-channel real`` Microsoft's host."""
    return login_url(request) if entra.settings.front_channel == "real" else entra.settings.front_url

"""Which host names are Entra's and Graph's, and what each one answers.

Sources: MSAL Python ``authority.py``, the instance discovery document (recordings of the Azure SDK for JS, 2023).
"""

from typing import Literal, NamedTuple

Role = Literal["login", "graph"]


class Host(NamedTuple):
    """One emulated name.

    Attributes:
        name: DNS name; with ``subdomains``, one label before it is answered too (``westus2.login.microsoft.com``).
        role: ``login`` for the identity provider, ``graph`` for Microsoft Graph.
        subdomains: whether regional names below it exist.
        source: where this is known from.
    """

    name: str
    role: Role
    subdomains: bool
    source: str


CANONICAL = "login.microsoftonline.com"
"""The host that ``iss`` and the discovery document name, whatever alias was asked."""

STS = "sts.windows.net"
"""The host that ``iss`` of v1.0 tokens names."""

GRAPH = "graph.microsoft.com"
GRAPH_URI = f"https://{GRAPH}"

NATIVE_CLIENT = f"https://{CANONICAL}/common/oauth2/nativeclient"
"""Where apps with a browser of their own may have the answer sent: an empty page. ED:reply-url"""

HOSTS = (
    Host(CANONICAL, "login", False, "ED:authentication-national-cloud"),
    Host("login.windows.net", "login", False, "instance discovery, preferred_cache"),
    Host("login.microsoft.com", "login", True, "instance discovery; MSAL regional authorities"),
    Host(STS, "login", False, "instance discovery; the v1.0 issuer"),
    Host(GRAPH, "graph", False, "GD:use-the-api"),
)

INSTANCE_ALIASES = (
    # (preferred_network, preferred_cache, aliases), in the order served [O] REC-2023
    (CANONICAL, "login.windows.net", (CANONICAL, "login.windows.net", "login.microsoft.com", STS)),
    (
        "login.partner.microsoftonline.cn",
        "login.partner.microsoftonline.cn",
        ("login.partner.microsoftonline.cn", "login.chinacloudapi.cn"),
    ),
    ("login.microsoftonline.de", "login.microsoftonline.de", ("login.microsoftonline.de",)),
    (
        "login.microsoftonline.us",
        "login.microsoftonline.us",
        ("login.microsoftonline.us", "login.usgovcloudapi.net"),
    ),
    ("login-us.microsoftonline.com", "login-us.microsoftonline.com", ("login-us.microsoftonline.com",)),
)


def issuer_of(tenant_id: str, *, v1: bool) -> str:
    """``iss`` of a tenant's tokens, in the version asked (facts §5.2)."""
    return f"https://{STS}/{tenant_id}/" if v1 else f"https://{CANONICAL}/{tenant_id}/v2.0"


def role_of(name: str) -> Role | None:
    """Say what a host name answers here.

    Args:
        name: a host name without port, in any case.

    Returns:
        ``login``, ``graph``, or ``None`` for a host that is not emulated.
    """
    name = name.lower().rstrip(".")
    for host in HOSTS:
        if name == host.name:
            return host.role
        if host.subdomains and name.endswith("." + host.name) and "." not in name[: -len(host.name) - 1]:
            return host.role
    return None


def patterns() -> tuple[str, ...]:
    """The emulated names as certificates write them: exact names and ``*.`` wildcards."""
    return tuple(host.name for host in HOSTS) + tuple("*." + host.name for host in HOSTS if host.subdomains)

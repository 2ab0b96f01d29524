"""Which clients reach us unchanged, and in which shells: the one collection behind the tests and `docs/clients.md`.

`python tests/interop/matrix.py` prints the table of that page.
"""

from typing import NamedTuple

PROXY, MAPPING = "proxy", "mapping"


class Client(NamedTuple):
    """A program of `clients/`.

    Attributes:
        name: as the documentation has it.
        command: interpreter and arguments.
        ways: each of these, alone, leads it to us.
        asks: what it tells of: the access token, the address in the discovery document, the status of Graph's answer.
    """

    name: str
    command: str
    ways: tuple[str, ...]
    asks: tuple[str, ...] = ("token", "authorize", "graph")


BOTH = (PROXY, MAPPING)
TOKEN = ("token",)

CLIENTS = (
    Client("requests", "python use_requests.py", BOTH),
    Client("urllib", "python use_urllib.py", BOTH),
    Client("urllib3, bare PoolManager", "python use_urllib3.py", (MAPPING,)),
    Client("http.client, bare", "python use_http_client.py", (MAPPING,)),
    Client("httpx, sync", "python use_httpx.py httpx", BOTH),
    Client("httpx, async", "python use_httpx_async.py httpx asyncio", BOTH),
    Client("httpx, async, uvloop", "python use_httpx_async.py httpx uvloop", BOTH),
    Client("httpx2, sync", "python use_httpx.py httpx2", BOTH),
    Client("httpx2, async", "python use_httpx_async.py httpx2 asyncio", BOTH),
    Client("httpx2, async, uvloop", "python use_httpx_async.py httpx2 uvloop", BOTH),
    Client("aiohttp, trust_env", "python use_aiohttp.py asyncio trust_env", BOTH),
    Client("aiohttp, aiodns", "python use_aiohttp.py asyncio", (MAPPING,)),
    Client("aiohttp, ThreadedResolver", "python use_aiohttp.py asyncio threads", (MAPPING,)),
    Client("aiohttp, aiodns, uvloop", "python use_aiohttp.py uvloop", (MAPPING,)),
    Client("aiohttp, ThreadedResolver, uvloop", "python use_aiohttp.py uvloop threads", (MAPPING,)),
    Client("asyncio streams", "python use_streams.py asyncio", (MAPPING,)),
    Client("asyncio streams, uvloop", "python use_streams.py uvloop", (MAPPING,)),
    Client("anyio", "python use_anyio.py", (MAPPING,), TOKEN),
    Client("ssl, a socket connected by name", "python use_ssl.py", (MAPPING,), TOKEN),
    Client("PyJWT, PyJWKClient", "python use_pyjwkclient.py", BOTH, TOKEN),
    Client("MSAL Python", "python use_msal.py", BOTH, TOKEN),
    Client("azure-core, sync", "python use_azure_core.py", BOTH),
    Client("azure-core, async", "python use_azure_core_async.py", BOTH),
    Client("azure-identity, sync", "python use_azure_identity.py", BOTH, TOKEN),
    Client("azure-identity, async", "python use_azure_identity_async.py asyncio", BOTH, TOKEN),
    Client("azure-identity, async, uvloop", "python use_azure_identity_async.py uvloop", BOTH, TOKEN),
    Client("curl", "sh use_curl.sh", (PROXY,)),
    Client("Node 20, https", "node use_https.cjs", (MAPPING,)),
    Client("Node 20, fetch", "node use_fetch.cjs", (MAPPING,)),
    Client("Node 20, @azure/msal-node", "node use_msal_node.cjs", (MAPPING,), TOKEN),
    Client("Node 20, @azure/identity", "node use_azure_identity.cjs", BOTH, TOKEN),
)


class Situation(NamedTuple):
    """A shell in which `mock-idp run` is typed.

    Attributes:
        name: as the documentation has it.
        variables: what is set; `{dead}`, `{alive}` and `{ca}` stand for two proxies' URLs and another authority's file.
    """

    name: str
    variables: dict[str, str]


SITUATIONS = (
    Situation("nothing", {}),
    Situation("`HTTPS_PROXY`, dead", {"HTTPS_PROXY": "{dead}", "https_proxy": "{dead}"}),
    Situation("`HTTPS_PROXY`, alive", {"HTTPS_PROXY": "{alive}"}),
    Situation("`NO_PROXY=*`", {"NO_PROXY": "*"}),
    Situation("`SSL_CERT_FILE`", {"SSL_CERT_FILE": "{ca}"}),
    Situation("`REQUESTS_CA_BUNDLE`", {"REQUESTS_CA_BUNDLE": "{ca}"}),
    Situation(
        "all at once",
        {
            "HTTPS_PROXY": "{alive}",
            "ALL_PROXY": "{dead}",
            "HTTP_PROXY": "{dead}",
            "NO_PROXY": "*",
            "no_proxy": "login.microsoftonline.com,*",
            "SSL_CERT_FILE": "{ca}",
            "REQUESTS_CA_BUNDLE": "{ca}",
            "CURL_CA_BUNDLE": "{ca}",
            "NODE_EXTRA_CA_CERTS": "{ca}",
            "NODE_OPTIONS": "--no-deprecation",
            "PYTHONPATH": "/nowhere",
        },
    ),
)


def table() -> str:
    """The table of `docs/clients.md`."""
    head = ["Client", "Reaches us by", *(situation.name for situation in SITUATIONS)]
    rows = [[client.name, " or ".join(client.ways), *("yes" for _ in SITUATIONS)] for client in CLIENTS]
    lines = [head, ["---" for _ in head], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    print(table())  # noqa: T201 - its purpose

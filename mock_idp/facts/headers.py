"""Response headers that Entra and Graph send with everything of a kind.

Sources: recordings of the Azure SDK for JS (2023), a curl capture of 2026-08 for the login host [O]; Graph's O and K.
"""

from typing import Literal

Side = Literal["login", "graph", "front"]
"""Whose answer it is: the identity provider's, Graph's, or only the loopback front channel's."""

EVERY: dict[Side, dict[str, str]] = {
    "login": {
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        "P3P": 'CP="DSP CUR OTPi IND OTRi ONL FIN"',
        "x-ms-ests-server": "2.1.24997.11 - MOCK ProdSlices",
        "x-ms-srs": "1.P",
        "X-XSS-Protection": "0",
    },
    "graph": {"Strict-Transport-Security": "max-age=31536000", "Vary": "Accept-Encoding"},
    "front": {"X-Content-Type-Options": "nosniff"},
}

NOT_STORED = {"Cache-Control": "no-store, no-cache", "Pragma": "no-cache", "Expires": "-1"}
"""Token answers and pages."""

PUBLISHED = {
    "Cache-Control": "max-age=86400, private",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, OPTIONS",
}
"""Discovery, keys and instance discovery."""

TOKEN_CORS = {
    "Access-Control-Expose-Headers": "Content-Length,Content-Encoding,x-ms-request-id,x-ms-srs",
    "Access-Control-Allow-Methods": "POST, OPTIONS",
}
"""The token endpoint, to pages that may read its answer; beside them their origin, where Entra has ``*`` [O] 2024."""

GRAPH_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "authorization, client-request-id, content-type, sdkversion",
    "Access-Control-Expose-Headers": "request-id, client-request-id, WWW-Authenticate, Retry-After",
}
"""Graph, to whoever sends ``Origin``."""

BEARER_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "authorization, client-request-id, content-type",
    "Access-Control-Expose-Headers": "client-request-id, WWW-Authenticate",
}
"""The v1.0 userinfo endpoint, to whoever sends ``Origin`` [I]."""

PREFLIGHT: dict[Side, dict[str, str]] = {"login": {**PUBLISHED, **BEARER_CORS}, "graph": GRAPH_CORS, "front": {}}
"""What OPTIONS is answered where the endpoint leaves that to the URL table."""

"""What clients read first: openid-configuration, keys, instance discovery, user realm.

Follows ED:v2-protocols-oidc and the captured documents of :mod:`mock_idp.facts` (facts §2).
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from mock_idp import facts
from mock_idp.directory.ids import is_domain
from mock_idp.endpoints import Entra
from mock_idp.endpoints.addresses import front_url, login_url
from mock_idp.endpoints.tenants import check_tenant
from mock_idp.errors import EntraError
from mock_idp.exchange import Json, Request
from mock_idp.facts.headers import PUBLISHED
from mock_idp.facts.hosts import CANONICAL, INSTANCE_ALIASES, role_of
from mock_idp.facts.wellknown import CONSUMERS_TENANT
from mock_idp.runtime.tenants import ALIASES, LiveTenant

Version = Literal["v1", "v2"]

_AUTHORITY = re.compile(r"https://(?P<host>[A-Za-z0-9.-]+)(?::443)?/(?P<tenant>[^/?#\s]+)(?:/|$)")


def openid_configuration_v2(request: Request, entra: Entra) -> Json:
    """``/{tenant}/v2.0/.well-known/openid-configuration``."""
    return _openid_configuration(request, entra, "v2")


def openid_configuration_v1(request: Request, entra: Entra) -> Json:
    """``/{tenant}/.well-known/openid-configuration``."""
    return _openid_configuration(request, entra, "v1")


def _openid_configuration(request: Request, entra: Entra, version: Version) -> Json:
    segment, issuer, region = _tenant_names(request, entra, version)
    appid = request.query.get("appid")
    values = {
        "{login}": login_url(request),
        "{front}": front_url(request, entra),
        "{segment}": segment,
        "{issuer}": issuer,
        "{appid}": f"?appid={quote(appid)}" if appid else "",
        '"{region}"': json.dumps(region),
    }
    text = _template(version)
    for field, value in values.items():
        text = text.replace(field, value if field == '"{region}"' else json.dumps(value)[1:-1])
    return Json(body=text.encode(), headers=dict(PUBLISHED))


@cache
def _template(version: Version) -> str:
    return (Path(facts.__file__).parent / f"openid_{version}.json").read_text(encoding="utf-8").strip()


def _tenant_names(request: Request, entra: Entra, version: Version) -> tuple[str, str, str | None]:
    """The path segment in URLs, the tenant part of ``issuer``, and the region (facts §2.1)."""
    alias = request.segment.lower()
    if alias not in ALIASES:
        tenant = _tenant(request, entra)
        return tenant.id, tenant.id, tenant.region
    if version == "v1" and alias != "common":
        raise EntraError(
            90002, tenant=request.segment,
            hint=f"v1.0 knows no '{alias}'; ask /{alias}/v2.0/.well-known/openid-configuration.",
        )  # fmt: skip
    return alias, CONSUMERS_TENANT if alias == "consumers" else "{tenantid}", None


def _tenant(request: Request, entra: Entra) -> LiveTenant:
    """The tenant; that there is none is worded another way than at the token endpoint (facts §4E)."""
    try:
        return entra.live.tenant(request.segment)
    except EntraError as refusal:
        refusal.error = refusal.row.error
        raise


def keys_v2(request: Request, entra: Entra) -> Json:
    """``/{tenant}/discovery/v2.0/keys``; the keys' ``issuer`` is the template everywhere (facts §2.3, §11)."""
    check_tenant(request.segment, entra)
    tenant = CONSUMERS_TENANT if request.segment.lower() == "consumers" else "{tenantid}"
    return Json(body=entra.keys.jwks(issuer=f"https://{CANONICAL}/{tenant}/v2.0"), headers=dict(PUBLISHED))


def keys_v1(request: Request, entra: Entra) -> Json:
    """``/{tenant}/discovery/keys``."""
    check_tenant(request.segment, entra)
    return Json(body=entra.keys.jwks(issuer=None), headers=dict(PUBLISHED))


def instance(request: Request, entra: Entra) -> Json:  # noqa: ARG001 - the same for every directory
    """``/common/discovery/instance`` (facts §2.4)."""
    endpoint = request.query.get("authorization_endpoint", "")
    found = _AUTHORITY.match(endpoint)
    host = found["host"].lower() if found else ""
    known = {alias for _, _, aliases in INSTANCE_ALIASES for alias in aliases}
    if not found or (host not in known and role_of(host) != "login"):
        raise EntraError(
            50049,
            hint=f"authorization_endpoint is '{endpoint}'; expected https://{CANONICAL}/{{tenant}}/oauth2/v2.0/authorize.",
        )
    version = "/v2.0" if "/v2.0/" in endpoint else ""
    return Json(
        body={
            "tenant_discovery_endpoint": f"https://{host}/{found['tenant']}{version}/.well-known/openid-configuration",
            "api-version": "1.1",
            "metadata": [
                {"preferred_network": network, "preferred_cache": cached, "aliases": list(aliases)}
                for network, cached, aliases in INSTANCE_ALIASES
            ],
        },
        headers=dict(PUBLISHED),
    )


def user_realm(request: Request, entra: Entra) -> Json:  # noqa: ARG001 - the same for every directory
    """The realm of a user, in the path or as ``user``; every domain that a tenant could own is managed (facts §7.9)."""
    _, at, domain = (request.tail or request.query.get("user", "")).rpartition("@")
    if not at or not is_domain(domain):
        return Json(body={"ver": "1.0", "account_type": "Unknown", "cloud_instance_name": "microsoftonline.com"})
    return Json(
        body={
            "ver": "1.0",
            "account_type": "Managed",
            "domain_name": domain.lower(),
            "cloud_instance_name": "microsoftonline.com",
            "cloud_audience_urn": "urn:federation:MicrosoftOnline",
        }
    )

"""NO_PROXY: which hosts are reached without a proxy.

There is no standard. This is the union of what curl, Python, Node and Go read: ``*``; a name, which covers itself and
what is below it, with or without a leading dot or ``*.``; a port after it; an address or, in CIDR notation, a network.
https://about.gitlab.com/blog/we-need-to-talk-no-proxy/ compares them.
"""

import re

from mock_idp.facts.hosts import HOSTS, role_of

LOOPBACK = ("localhost", "127.0.0.1", "::1")

_HTTPS = 443
_ENTRY = re.compile(r"(?:\[(?P<address>[^\]]*)\]|(?P<name>[^:]*))(?::(?P<port>[0-9]{1,5}))?")


def entries(no_proxy: str) -> list[str]:
    """The single entries."""
    return [entry for entry in re.split(r"[\s,]+", no_proxy) if entry]


def bypasses(no_proxy: str, host: str, port: int = _HTTPS) -> bool:
    """Whether NO_PROXY sends a connection past the proxy."""
    host = host.lower().rstrip(".")
    return any(_covers(entry, host, port) for entry in entries(no_proxy))


def loopback_direct(no_proxy: str) -> str:
    """NO_PROXY without the entries that would send an emulated host past us, and with loopback always direct."""
    kept = [entry for entry in entries(no_proxy) if not _covers_emulated(entry)]
    return ",".join(dict.fromkeys([*kept, *LOOPBACK]))


def _covers_emulated(entry: str) -> bool:
    return role_of(_split(entry)[0]) is not None or any(_covers(entry, host.name, _HTTPS) for host in HOSTS)


def _covers(entry: str, host: str, port: int) -> bool:
    if entry == "*":
        return True
    if "/" in entry:
        return _in_network(host, entry)
    domain, wanted = _split(entry)
    return bool(domain) and wanted in (None, port) and (host == domain or host.endswith("." + domain))


def _split(entry: str) -> tuple[str, int | None]:
    """An entry's domain or address, and its port."""
    found = _ENTRY.fullmatch(entry.lower())
    if found is None:  # an IPv6 address without brackets
        return entry.lower(), None
    name = found["address"] or (found["name"] or "").removeprefix("*").strip(".")
    return name, int(found["port"]) if found["port"] else None


def _in_network(host: str, network: str) -> bool:
    from ipaddress import ip_address, ip_network  # noqa: PLC0415 - seldom needed

    try:
        return ip_address(host) in ip_network(network, strict=False)
    except ValueError:
        return False

"""A client that reads discovery is told the truth: each address is answered, or the page says that it is not."""

import re
from urllib.parse import urlsplit

import pytest

from mock_idp.app import URLS
from mock_idp.facts.hosts import role_of


def answers(url: str) -> bool:
    """Whether a row of the URL table answers, other than by saying that it does not."""
    parts = urlsplit(url)
    if not parts.path:  # a member that names a host
        return role_of(parts.hostname) is not None
    for row in URLS:
        if row.endpoint == "unserved:unserved" or row.path == "/{tail:path}" or row.side != role_of(parts.hostname):
            continue
        template = re.sub(r"\\{\w+(:path)?\\}", "[^/]+", re.escape(row.path))
        if re.fullmatch(template, parts.path):
            return True
    return False


@pytest.fixture(scope="module")
def table(docs) -> str:
    return (docs / "not-served.md").read_text().partition("## Named by discovery, not served")[2]


def told(member, table: str) -> bool:
    """Whether the page has a row with the member, the document, and where it leads."""
    parts = urlsplit(member.url)
    where = parts.path.replace("{segment}", "{tenant}") if role_of(parts.hostname) else parts.hostname
    for line in table.splitlines():
        cells = [cell.strip(" `") for cell in line.split("|")]
        if member.name in cells and where in cells and (member.version in cells or "kerberos" in member.name):
            return True
    return False


def test_every_address_of_both_discovery_documents_is_answered_or_told(generate, table):
    members = generate.discovery_members()
    assert {member.version for member in members} == {"v1.0", "v2.0"}
    assert len(members) > 20
    lost = []
    for member in members:
        url = member.url
        if member.name == "issuer":  # a name and no address; clients put this behind it
            url = f"{url.rstrip('/')}/.well-known/openid-configuration"
        if answers(url) == told(member, table):
            lost.append(member)
    assert lost == []

"""Ids: what they look like, and which one a thing gets that nobody gave one, the same after every restart."""

import re
from functools import lru_cache
from uuid import uuid5

from mock_idp.facts.wellknown import NAMESPACE

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DOMAIN = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


@lru_cache(maxsize=4096)
def derived_guid(*names: str) -> str:
    """The GUID that these names always get."""
    return str(uuid5(NAMESPACE, "/".join(names)))


def is_guid(text: str) -> bool:
    """Whether ``text`` is a GUID in its usual form, in any case."""
    return _GUID.fullmatch(text.lower()) is not None


def is_domain(text: str) -> bool:
    """Whether ``text`` is a domain name that a tenant could own, in any case."""
    return _DOMAIN.fullmatch(text.lower()) is not None

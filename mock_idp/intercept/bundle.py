"""The CA bundle that a child trusts: what it trusted before, plus our authority.

A union, so that package indexes and other services keep working through the tunnel. Named after its content and kept in
the state directory; those that nobody asked for in a month are removed when a new one is written.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from mock_idp.state import State, real_time

CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")

_PREFIX = "mock-idp-bundle-"
_UNUSED_SECONDS = 30 * 24 * 3600
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----")
_HASHED = re.compile(r"\.(pem|crt|cer|\d+)")


def is_bundle(path: str) -> bool:
    """Whether a variable's value names a bundle of ours."""
    return Path(path).name.startswith(_PREFIX)


def write_bundle(base: Mapping[str, str], authority_pem: str, state: State) -> Path:
    """Write the bundle, unless it is there.

    Args:
        base: the environment in which the child would have run without us.
        authority_pem: our CA's certificate.
        state: where bundles are kept.
    """
    found = dict.fromkeys(_CERTIFICATE.findall(authority_pem))
    for file in dict.fromkeys(_files(base)):
        found |= dict.fromkeys(_certificates(file))
    bundle = "\n".join([*found, ""])
    path = state.files / f"{_PREFIX}{sha256(bundle.encode()).hexdigest()[:16]}.pem"
    if path.exists():
        os.utime(path)
        return path
    _remove_unused(state)
    return state.write_text(path.name, bundle)


def _files(base: Mapping[str, str]) -> Iterator[Path]:
    """What was in force: the variables, OpenSSL's default, certifi. A folder counts for the files in it."""
    import ssl  # noqa: PLC0415 - not needed by --unset and the switch

    import certifi  # noqa: PLC0415

    default = ssl.get_default_verify_paths()
    compiled_in = default.openssl_cafile if Path(default.openssl_cafile).exists() else default.openssl_capath
    folders = base.get("SSL_CERT_DIR", "").split(os.pathsep)
    for source in (*(base.get(name, "") for name in CA_VARIABLES), *folders, compiled_in, certifi.where()):
        if source:
            yield from _in_folder(Path(source)) if Path(source).is_dir() else (Path(source),)


def _in_folder(folder: Path) -> Iterable[Path]:
    try:
        # one that is hashed for OpenSSL holds each certificate under several names
        return sorted({file.resolve() for file in folder.iterdir() if _HASHED.fullmatch(file.suffix)})
    except OSError:
        return ()


def _certificates(file: Path) -> list[str]:
    try:
        return _CERTIFICATE.findall(file.read_text(errors="replace"))
    except (OSError, ValueError):
        return []


def _remove_unused(state: State) -> None:
    for file in state.files.glob(f"{_PREFIX}*"):
        if file.stat().st_mtime < real_time() - _UNUSED_SECONDS:
            file.unlink(missing_ok=True)

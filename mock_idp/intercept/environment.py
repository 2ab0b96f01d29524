"""The environment in which a child finds us: which variables are set, and what they replaced.

Design §2: no single CA variable is enough, and some clients know no proxy; so proxy, four CA variables and the two
start-up preloads are set together. What was there before is recorded, so that it can be put back.
"""

import json
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from mock_idp.errors import UserError
from mock_idp.facts.hosts import patterns, role_of
from mock_idp.state import State

CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
PROXY_VARIABLES = ("HTTPS_PROXY", "https_proxy")
NO_PROXY_VARIABLES = ("NO_PROXY", "no_proxy")
REPLACED = "MOCK_IDP_REPLACED"
"""JSON: the value that each variable had before us, ``null`` when it was not set."""

CONNECT = "MOCK_IDP_CONNECT"
HOSTS = "MOCK_IDP_HOSTS"
"""What the preloads read: ``host:port`` of the TLS listener, and the emulated names."""

TARGET = "MOCK_IDP_TARGET"

_BUNDLE = "mock-idp-bundle-"
"""How the file names of our CA bundles begin."""

PRELOAD = Path(__file__).parent / "preload"
_NODE_PRELOAD = PRELOAD / "preload.cjs"

Format = Literal["sh", "powershell", "dotenv", "json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interception:
    """Where a child is sent.

    Attributes:
        proxy_url: of the CONNECT proxy, with its token.
        connect: ``host:port`` where TLS connections to emulated names go.
        authority_pem: our CA's certificate.
    """

    proxy_url: str
    connect: str
    authority_pem: str


def variables(interception: Interception, base: Mapping[str, str], state: State) -> dict[str, str]:
    """The variables to set on top of ``base``.

    Args:
        interception: where to send the child.
        base: the environment that the child would have had; ours from an earlier ``eval`` are taken out first.
        state: where the CA bundle is written.
    """
    before = restored(base)
    bundle = str(write_bundle(before, interception.authority_pem, state))
    found = dict.fromkeys(PROXY_VARIABLES, interception.proxy_url) | dict.fromkeys(CA_VARIABLES, bundle)
    no_proxy = loopback_direct(before.get("no_proxy") or before.get("NO_PROXY") or "")
    found |= dict.fromkeys(NO_PROXY_VARIABLES, no_proxy)
    found["PYTHONPATH"] = _joined(str(PRELOAD), before.get("PYTHONPATH", ""), os.pathsep)
    found["NODE_OPTIONS"] = _joined(f"--require {_node_quoted(_NODE_PRELOAD)}", before.get("NODE_OPTIONS", ""), " ")
    found |= {CONNECT: interception.connect, HOSTS: ",".join(patterns())}
    found[REPLACED] = json.dumps({name: before.get(name) for name in sorted(found)})
    return found


def restored(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment as it was before us: ours are gone, what they replaced is back."""
    found = dict(environment)
    for name, value in leftovers(environment).items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = value
    return found


def leftovers(environment: Mapping[str, str]) -> dict[str, str | None]:
    """What has to change for an environment to be as before us: a value to set, or ``None`` to unset.

    What was replaced is taken from the record; a variable of ours without a record is unset.
    """
    record = _record(environment)
    found = {name: record.get(name) for name, value in environment.items() if is_ours(name, value)}
    found |= {name: value for name, value in record.items() if environment.get(name) != value}
    return dict(sorted(found.items()))


def _record(environment: Mapping[str, str]) -> dict[str, str | None]:
    try:
        record = json.loads(environment.get(REPLACED, "{}"))
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def is_ours(name: str, value: str) -> bool:
    """Whether a variable leads to us."""
    if name in (CONNECT, HOSTS, REPLACED):
        return True
    if name in PROXY_VARIABLES:
        return "://mock-idp:" in value
    if name in CA_VARIABLES:
        return Path(value).name.startswith(_BUNDLE)
    return name in ("PYTHONPATH", "NODE_OPTIONS") and str(PRELOAD) in value


def bypasses(no_proxy: str, host: str) -> bool:
    """Whether NO_PROXY sends a host past the proxy: ``*``, the name itself, or a domain it ends with."""
    host = host.lower().rstrip(".")
    for entry in (part.strip().lower() for part in no_proxy.split(",")):
        domain = entry.removeprefix("*").partition(":")[0].lstrip(".")
        if entry == "*" or (domain and (host == domain or host.endswith("." + domain))):
            return True
    return False


def loopback_direct(no_proxy: str) -> str:
    """NO_PROXY without the entries that would send an emulated host past us, and with loopback always direct."""
    names = [name.removeprefix("*.") for name in patterns()] + ["region.login.microsoft.com"]
    kept = [
        entry
        for entry in (part.strip() for part in no_proxy.split(","))
        if entry and not any(bypasses(entry, name) and role_of(name) for name in names)
    ]
    return ",".join(dict.fromkeys([*kept, "localhost", "127.0.0.1", "::1"]))


def write_bundle(base: Mapping[str, str], authority_pem: str, state: State) -> Path:
    """Write what was trusted before, plus our CA, to a file of the state directory.

    A union, so that package indexes and other services keep working through the tunnel.
    """
    import ssl  # noqa: PLC0415 - not needed by --unset and the switch

    import certifi  # noqa: PLC0415

    default = ssl.get_default_verify_paths()
    sources = [base.get(name, "") for name in CA_VARIABLES]
    sources += [default.openssl_cafile, certifi.where()]
    texts = [authority_pem]
    for source in dict.fromkeys(filter(None, sources)):
        texts += _readable(Path(source))
    if base.get("SSL_CERT_DIR"):
        for directory in base["SSL_CERT_DIR"].split(os.pathsep):
            texts += _from_directory(Path(directory))
    certificates = dict.fromkeys(c for text in texts for c in _certificates(text))
    bundle = "".join(certificates)
    name = f"{_BUNDLE}{sha256(bundle.encode()).hexdigest()[:16]}.pem"
    path = state.files / name
    return path if path.exists() else state.write_text(name, bundle)


def _readable(path: Path) -> list[str]:
    try:
        return [path.read_text(errors="replace")]
    except OSError:
        return []


def _from_directory(path: Path) -> list[str]:
    try:
        # a directory that is hashed for OpenSSL holds each certificate under several names
        files = {file.resolve() for file in path.iterdir() if file.suffix in (".pem", ".crt", ".0")}
    except OSError:
        return []
    return [text for file in sorted(files) for text in _readable(file)]


def _certificates(text: str) -> list[str]:
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    return [f"{begin}{part.partition(end)[0]}{end}\n" for part in text.split(begin)[1:] if end in part]


def _joined(first: str, rest: str, separator: str) -> str:
    return f"{first}{separator}{rest}" if rest else first


def _node_quoted(path: Path) -> str:
    """A path as NODE_OPTIONS takes it."""
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if " " in escaped else escaped


def render(changes: Mapping[str, str | None], style: Format) -> str:
    """Variables to set (or, where the value is ``None``, to unset) in the form that a shell or an editor reads."""
    match style:
        case "json":
            return json.dumps(dict(changes), indent=2)
        case "sh":
            lines = [f"unset {n}" if v is None else f"export {n}={shlex.quote(v)}" for n, v in changes.items()]
        case "powershell":
            lines = [
                f"Remove-Item Env:{n} -ErrorAction SilentlyContinue" if v is None else f"$Env:{n} = '{_doubled(v)}'"
                for n, v in changes.items()
            ]
        case "dotenv":
            lines = [f"{n}={_dotenv_quoted(v)}" for n, v in changes.items() if v is not None]
    return "\n".join(lines)


def _doubled(value: str) -> str:
    return value.replace("'", "''")


def _dotenv_quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def check_dotenv(path: Path) -> None:
    """Refuse an app's ``.env`` that would lead it to us although the real Entra is wanted.

    Raises:
        UserError: naming the line.
    """
    try:
        lines = path.read_text(errors="replace").splitlines()
    except OSError:
        return
    for number, line in enumerate(lines, 1):
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and is_ours(name.strip(), value):
            raise UserError(
                f"{path} would lead this command to the mock.",
                f"{TARGET}=entra asks for the real Entra ID, and line {number} sets {name.strip()}.",
                f"Delete line {number} of {path}. Variables of `mock-idp env` belong in a shell or an editor's own "
                "file, never in the app's .env.",
            )

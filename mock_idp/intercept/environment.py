"""The environment in which a child finds us: which variables are set, and what they replaced.

No single CA variable is enough, and some clients know no proxy; so proxy, four CA variables and the two
start-up preloads are set together. What was there before is recorded, so that it can be put back.
"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from mock_idp.errors import UserError
from mock_idp.facts.hosts import patterns
from mock_idp.intercept.bundle import CA_VARIABLES, is_bundle, write_bundle
from mock_idp.intercept.no_proxy import entries, loopback_direct
from mock_idp.state import State


def _cased(*names: str) -> tuple[str, ...]:
    """Each name in both cases, where the platform tells them apart."""
    return names if os.name == "nt" else (*names, *(name.lower() for name in names))


PROXY_VARIABLES = _cased("HTTPS_PROXY")
NO_PROXY_VARIABLES = _cased("NO_PROXY")
OTHER_PROXY_VARIABLES = _cased("HTTP_PROXY", "ALL_PROXY")

PROXY_USER = "mock-idp"
"""The user name in our proxy's URL, by which it is recognised."""

REPLACED = "MOCK_IDP_REPLACED"
"""JSON: the value that each variable had before us, ``null`` when it was not set."""

CONNECT = "MOCK_IDP_CONNECT"
HOSTS = "MOCK_IDP_HOSTS"
"""What the preloads read: ``host:port`` of the TLS listener, and the emulated names."""

TARGET = "MOCK_IDP_TARGET"

PRELOAD = Path(__file__).parent / "preload"
_NODE_PRELOAD = PRELOAD / "preload.cjs"
_OUR_FOLDER = re.compile(r".*mock_idp[/\\]intercept[/\\]preload[/\\]?")
_OUR_REQUIRE = re.compile(r'--require (?:"[^"]*|[^ ]*)mock_idp[/\\]+intercept[/\\]+preload[/\\]+preload\.cjs"? ?')


class Interception(NamedTuple):
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
    bundle = write_bundle(before, interception.authority_pem, state)
    found = dict.fromkeys(PROXY_VARIABLES, interception.proxy_url) | dict.fromkeys(CA_VARIABLES, str(bundle))
    found |= dict.fromkeys(NO_PROXY_VARIABLES, loopback_direct(no_proxy_of(before)))
    if "*" in entries(no_proxy_of(before)):  # it switched off proxies that would come to life without it
        found |= {name: "" for name in OTHER_PROXY_VARIABLES if name in before}
    found["PYTHONPATH"] = _joined(str(PRELOAD), before.get("PYTHONPATH"), os.pathsep)
    found["NODE_OPTIONS"] = _joined(f"--require {_node_quoted(str(_NODE_PRELOAD))}", before.get("NODE_OPTIONS"), " ")
    found |= {CONNECT: interception.connect, HOSTS: ",".join(patterns())}
    found[REPLACED] = json.dumps({name: before.get(name) for name in sorted(found)})
    return found


def no_proxy_of(environment: Mapping[str, str | None]) -> str:
    """The NO_PROXY in force; curl and Python prefer the lower case."""
    return environment.get("no_proxy") or environment.get("NO_PROXY") or ""


def restored(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment as it was before us: ours are gone, what they replaced is back."""
    changes = leftovers(environment)
    kept = {name: value for name, value in environment.items() if name not in changes}
    return kept | {name: value for name, value in changes.items() if value is not None}


def leftovers(environment: Mapping[str, str]) -> dict[str, str | None]:
    """What has to change for an environment to be as before us: a value to set, or ``None`` to unset.

    A variable that somebody changed after us is theirs, and kept.
    """
    record = _record(environment)
    found: dict[str, str | None] = {
        name: value for name, value in record.items() if value is not None and name not in environment
    }
    for name, value in environment.items():
        if is_ours(name, value) or _is_recorded(name, value, record):
            found[name] = _without_preload(name, value) or record.get(name)
    return dict(sorted(found.items()))


def _record(environment: Mapping[str, str]) -> dict[str, str | None]:
    try:
        record = json.loads(environment.get(REPLACED, "{}"))
    except ValueError:
        return {}
    if not isinstance(record, dict):
        return {}
    return {name: value for name, value in record.items() if value is None or isinstance(value, str)}


def is_ours(name: str, value: str) -> bool:
    """Whether a variable leads to us."""
    if name in (CONNECT, HOSTS, REPLACED):
        return True
    if name in PROXY_VARIABLES:
        return f"://{PROXY_USER}:" in value
    if name in CA_VARIABLES:
        return is_bundle(value)
    return name in ("PYTHONPATH", "NODE_OPTIONS") and _without_preload(name, value) != value


def _is_recorded(name: str, value: str, record: Mapping[str, str | None]) -> bool:
    """Whether a variable that does not lead to us still has the value that we gave it."""
    if name not in record:
        return False
    if name in NO_PROXY_VARIABLES:
        return value == loopback_direct(no_proxy_of(record))
    return name in OTHER_PROXY_VARIABLES and not value


def _without_preload(name: str, value: str) -> str:
    """What is left of a variable that we extended; of another one nothing."""
    if name == "PYTHONPATH":
        return os.pathsep.join(entry for entry in value.split(os.pathsep) if not _OUR_FOLDER.fullmatch(entry))
    return _OUR_REQUIRE.sub("", value) if name == "NODE_OPTIONS" else ""


def _joined(first: str, rest: str | None, separator: str) -> str:
    return f"{first}{separator}{rest}" if rest else first


def _node_quoted(path: str) -> str:
    """A path as NODE_OPTIONS takes it."""
    if not set(path) & set(' "'):
        return path
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def check_nearest_dotenv(directory: Path) -> None:
    """Refuse the ``.env`` that a program in ``directory`` would read: the nearest, from there upwards.

    Raises:
        UserError: see :func:`check_dotenv`.
    """
    for place in (directory, *directory.absolute().parents):
        if (place / ".env").is_file():
            check_dotenv(place / ".env")
            return


def check_dotenv(path: Path) -> None:
    """Refuse an app's ``.env`` that would lead it to us although the real Entra is wanted.

    Raises:
        UserError: naming the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return
    ours = [number for number, line in enumerate(lines, 1) if _leads_to_us(line)]
    if ours:
        first = lines[ours[0] - 1].strip().removeprefix("export ").partition("=")[0].strip()
        which = f"line {ours[0]}" if len(ours) == 1 else f"lines {', '.join(map(str, ours))}"
        raise UserError(
            f"{path} would lead this command to the mock.",
            f"{TARGET}=entra asks for the real Entra ID, and line {ours[0]} sets {first}.",
            f"Delete {which} of {path}. Variables of `mock-idp env` belong in a shell or an editor's own file, never "
            "in the app's .env.",
        )


def _leads_to_us(line: str) -> bool:
    """Whether a line of a ``.env`` sets a variable to what is ours."""
    name, equals, value = line.strip().removeprefix("export ").partition("=")
    return bool(equals) and is_ours(name.strip(), value.strip(" \t'\""))

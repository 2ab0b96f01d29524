"""Measure what a large directory costs: 10,000 users and 500 apps beside a handful, each as a file.

    uv run python benchmarks/scale.py [--json] [--quick]

Both servers are measured in turn, so that the machine's mood is the same for both. The first start with a large file
reads it and keeps what was read in the state directory; the later ones are what counts. Prints medians.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from run import Started, authorization_code, client_credentials, free_port, rate

from mock_idp.directory.default import API, CONTOSO, PASSWORD, WEB_APP
from mock_idp.directory.writing import application_text, table_text

USERS, APPS, GROUPS = 10_000, 500, 100
GOALS = {
    "later start, difference ms": "at most 300",
    "tokens, large to small": "0.9 or more",
    "flows, large to small": "0.9 or more",
}


def small() -> str:
    """The demo's people and apps, as a file."""
    people = "".join(_user(user.user_principal_name, user.display_name, PASSWORD) for user in CONTOSO.users[:4])
    grants = "".join(
        table_text("tenants.grants", [("client", WEB_APP.app_id), ("resource", api), ("scopes", scopes)]) + "\n"
        for api, scopes in ((API.app_id, ["data.read", "data.write"]), ("Microsoft Graph", ["User.Read"]))
    )
    head = [("displayName", CONTOSO.display_name), ("domains", CONTOSO.domains), ("id", CONTOSO.id)]
    apps = "".join(application_text(app, CONTOSO.id) + "\n" for app in (API, WEB_APP))
    return table_text("tenants", head) + f"\n{people}{apps}{grants}"


def large() -> str:
    """The same with many more of each."""
    names = [f"user{n:05}@{CONTOSO.domains[0]}" for n in range(USERS - 4)]
    people = "".join(_user(name, f"User {name[4:9]}", "pw") for name in names)
    apps = "".join(
        table_text(
            "tenants.applications",
            [("displayName", f"App {n}"), ("identifierUris", [f"api://scale/{n}"]), ("scopes", ["read", "write"]),
             ("appRoles", ["Reader", "Writer"]), ("redirectUris", [f"https://app{n}.example/callback"])],
        ) + "\n"
        for n in range(APPS - 2)
    )  # fmt: skip
    size = len(names) // GROUPS
    members = [names[n * size : (n + 1) * size] for n in range(GROUPS)]
    groups = "".join(
        table_text("tenants.groups", [("displayName", f"Group {n}"), ("members", some)]) + "\n"
        for n, some in enumerate(members)
    )
    held = [("principal", names), ("resource", API.app_id), ("role", "Data.Reader")]
    return f"{small()}{people}{apps}{groups}{table_text('tenants.roleAssignments', held)}\n"


def _user(name: str, shown: str, password: str) -> str:
    pairs = [("userPrincipalName", name), ("displayName", shown), ("mail", name), ("password", password)]
    return table_text("tenants.users", pairs) + "\n"


def start(folder: Path, name: str) -> Started:
    """``mock-idp serve`` with a file, up to its first discovery document."""
    port = free_port()
    options = ["--directory", str(folder / name), "--state-dir", str(folder / f"state-{name}")]
    command = [sys.executable, "-m", "mock_idp", "serve", "--quiet", "--port", str(port), *options]
    return Started(command, port, "/common/v2.0/.well-known/openid-configuration")


def measure_start(folder: Path, times: int) -> dict[str, float]:
    """Starts from the second time on, and the first one with the large file."""
    start(folder, "small.toml").stop()  # keys and CA are made once
    first = start(folder, "small.toml")
    first.stop()
    seconds: dict[str, list[float]] = {"small.toml": [], "large.toml": []}
    once = start(folder, "large.toml")
    once.stop()
    for _ in range(times):
        for name, spans in seconds.items():
            server = start(folder, name)
            spans.append(server.seconds)
            server.stop()
    small, many = median(seconds["small.toml"]), median(seconds["large.toml"])
    return {
        "start, small ms": small * 1000,
        "first start, large ms": once.seconds * 1000,
        "later start, large ms": many * 1000,
        "later start, difference ms": (many - small) * 1000,
    }


def measure_throughput(folder: Path, rounds: int, seconds: float) -> dict[str, float]:
    """Tokens and whole flows of both servers, in turn."""
    servers = {name: start(folder, f"{name}.toml") for name in ("small", "large")}
    figures: dict[str, dict[str, list[float]]] = {"tokens": {}, "flows": {}}
    try:
        for server in servers.values():
            asyncio.run(rate(server.port, authorization_code, 0.5))  # warm
        for _ in range(rounds):
            for name, server in servers.items():
                for what, work in (("tokens", client_credentials), ("flows", authorization_code)):
                    figures[what].setdefault(name, []).append(asyncio.run(rate(server.port, work, seconds)))
        memory = {name: server.resident_mib() for name, server in servers.items()}
    finally:
        for server in servers.values():
            server.stop()
    found: dict[str, float] = {}
    for what, by_name in figures.items():
        found |= {f"{what} /s, {name}": median(rates) for name, rates in by_name.items()}
        pairs = zip(by_name["large"], by_name["small"], strict=True)
        found[f"{what}, large to small"] = median(many / few for many, few in pairs)
    return found | {f"memory MiB, {name}": mib for name, mib in memory.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="few and short rounds, to see that it works")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "small.toml").write_text(small())
        (folder / "large.toml").write_text(large())
        figures: dict[str, Any] = measure_start(folder, 3 if chosen.quick else 15)
        figures |= measure_throughput(folder, 1 if chosen.quick else 5, 1 if chosen.quick else 3)
    if chosen.json:
        print(json.dumps({name: round(value, 2) for name, value in figures.items()}))
        return
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores; {USERS:,} users, {APPS} apps; medians\n")
    for name, value in figures.items():
        print(f"{name:32} {value:10.2f}   {GOALS.get(name, '')}".rstrip())


if __name__ == "__main__":
    main()

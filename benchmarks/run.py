"""Measure start-up, memory and throughput, each beside what it is measured against, in one run.

    uv run python benchmarks/run.py [--json] [--quick]

Prints medians. Machines are noisy: quote the ratios, and only from one run.
"""

import argparse
import asyncio
import base64
import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from mock_idp.directory.default import API, CONTOSO, WEB_APP, WEB_APP_SECRET

HERE = Path(__file__).parent
CONNECTIONS = 8
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
TOKEN_PATH = f"/{CONTOSO.id}/oauth2/v2.0/token"
REDIRECT = "http://localhost:5001/callback"
GOALS = {"start ratio": "at most 1.3", "memory MiB": "under 80", "tokens % of signing limit": "60 or more"}


def free_port() -> int:
    """A loopback port that nobody uses now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Started:
    """A server process, timed from its start to its first 200."""

    def __init__(self, command: list[str], port: int, path: str) -> None:
        self.port = port
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
        begun = time.perf_counter()
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=HERE)
        while not self._answers(request):
            if self.process.poll() is not None:
                raise SystemExit(f"{command} ended with {self.process.returncode}")
            time.sleep(0.001)
        self.seconds = time.perf_counter() - begun

    def _answers(self, request: bytes) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                connection.sendall(request)
                return connection.recv(64).startswith(b"HTTP/1.1 200")
        except OSError:
            return False

    def resident_mib(self) -> float:
        """Resident memory now (Linux)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()


def start_mock(state: str) -> Started:
    """``mock-idp serve``, up to its first discovery document."""
    port = free_port()
    command = [sys.executable, "-m", "mock_idp", "serve", "--quiet", "--port", str(port), "--state-dir", state]
    return Started(command, port, "/common/v2.0/.well-known/openid-configuration")


def start_bare() -> Started:
    """The bare application."""
    port = free_port()
    return Started([sys.executable, "-m", "uvicorn", "bare:app", "--port", str(port), "--no-access-log"], port, "/")


def measure_start(state: str, times: int) -> dict[str, float]:
    """Both in turn, so that the machine's mood is the same for both."""
    ours, theirs, memory = [], [], []
    for _ in range(times):
        mock = start_mock(state)
        ours.append(mock.seconds)
        memory.append(mock.resident_mib())
        mock.stop()
        bare = start_bare()
        theirs.append(bare.seconds)
        bare.stop()
    return {
        "start ms": median(ours) * 1000,
        "bare application ms": median(theirs) * 1000,
        "start ratio": median(a / b for a, b in zip(ours, theirs, strict=True)),
        "memory at start MiB": median(memory),
    }


class Connection:
    """A keep-alive HTTP/1.1 connection that does as little as it can."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader, self._writer, self._host = reader, writer, host

    async def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, cookie: str = ""
    ) -> tuple[bytes, bytes]:
        """Head and body of the answer."""
        body = urlencode(form).encode() if form else b""
        head = f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Length: {len(body)}\r\n"
        head += "Content-Type: application/x-www-form-urlencoded\r\n" if form else ""
        head += f"Cookie: {cookie}\r\n" if cookie else ""
        self._writer.write(f"{head}\r\n".encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", answer, re.IGNORECASE)
        return answer, await self._reader.readexactly(int(length[1]) if length else 0)


async def client_credentials(connection: Connection) -> None:
    """One app-only token: one signature."""
    form = {
        "grant_type": "client_credentials",
        "client_id": WEB_APP.app_id,
        "client_secret": WEB_APP_SECRET,
        "scope": f"{API.identifier_uris[0]}/.default",
    }
    head, _ = await connection.ask("POST", TOKEN_PATH, form)
    if not head.startswith(b"HTTP/1.1 200"):
        raise SystemExit(head.decode())


async def authorization_code(connection: Connection) -> None:
    """One whole flow: sign-in page, its post, and the redemption, which signs two tokens."""
    asked = {
        "client_id": WEB_APP.app_id,
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": f"openid profile offline_access {API.identifier_uris[0]}/data.read",
        "state": "s",
        "nonce": "n",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    _, page = await connection.ask("GET", f"/{CONTOSO.id}/oauth2/v2.0/authorize?{urlencode(asked)}")
    ctx = re.findall(rb'name="ctx" value="([^"]+)"', page)[0].decode()
    head, _ = await connection.ask("POST", f"/{CONTOSO.id}/login", {"ctx": ctx, "tile": "rita@contoso.example"})
    code = re.findall(rb"[?&]code=([^&\s]+)", head)[0].decode()
    form = {
        "grant_type": "authorization_code",
        "client_id": WEB_APP.app_id,
        "client_secret": WEB_APP_SECRET,
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    }
    head, body = await connection.ask("POST", TOKEN_PATH, form)
    if not head.startswith(b"HTTP/1.1 200") or b"id_token" not in body:
        raise SystemExit(body.decode())


async def rate(port: int, work: Callable[[Connection], Awaitable[None]], seconds: float) -> float:
    """How often per second ``work`` is done over :data:`CONNECTIONS` keep-alive connections."""
    done = 0
    end = time.perf_counter() + seconds

    async def keep_on() -> None:
        nonlocal done
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        connection = Connection(reader, writer, f"127.0.0.1:{port}")
        while time.perf_counter() < end:
            await work(connection)
            done += 1
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(keep_on() for _ in range(CONNECTIONS)))
    return done / (time.perf_counter() - begun)


def signing_limit(seconds: int) -> float:
    """RSA-2048 signatures per second on one core, by OpenSSL's own measure."""
    command = ["openssl", "speed", "-seconds", str(seconds), "rsa2048"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(printed.strip().splitlines()[-1].split()[5])


def measure_throughput(state: str, rounds: int, seconds: float) -> dict[str, float]:
    """Tokens, flows and the signing limit in turn."""
    mock = start_mock(state)
    tokens, flows, limits = [], [], []
    try:
        asyncio.run(rate(mock.port, client_credentials, 0.5))  # warm
        for _ in range(rounds):
            limits.append(signing_limit(max(1, round(seconds))))
            tokens.append(asyncio.run(rate(mock.port, client_credentials, seconds)))
            flows.append(asyncio.run(rate(mock.port, authorization_code, seconds)))
        memory = mock.resident_mib()
    finally:
        mock.stop()
    return {
        "signing limit /s": median(limits),
        "client-credentials tokens /s": median(tokens),
        "tokens % of signing limit": median(100 * t / limit for t, limit in zip(tokens, limits, strict=True)),
        "authorization-code flows /s": median(flows),
        "flows % of signing limit": median(200 * f / limit for f, limit in zip(flows, limits, strict=True)),
        "memory MiB": memory,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="few and short rounds, to see that it works")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as state:
        start_mock(state).stop()  # keys and CA are made once
        figures: dict[str, Any] = measure_start(state, 3 if chosen.quick else 15)
        figures |= measure_throughput(state, 1 if chosen.quick else 5, 1 if chosen.quick else 3)
    if chosen.json:
        print(json.dumps({name: round(value, 2) for name, value in figures.items()}))
        return
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores; medians\n")
    for name, value in figures.items():
        print(f"{name:32} {value:10.2f}   {GOALS.get(name, '')}".rstrip())


if __name__ == "__main__":
    main()

"""In-process mapping: look-ups of the emulated names are answered with our listener's address and port.

Standard library only, because the start-up preload loads this file in interpreters that know nothing of us. It serves
clients that use no proxy: bare urllib3, http.client, aiohttp without ``trust_env``. uvloop and aiodns look names up by
themselves and get a door of their own, when they are imported.
"""

import socket
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

_HTTPS = (443, "443", "https", b"443", b"https")
_installed: dict[str, Callable[[], None]] = {}


def install(host: str, port: int, patterns: Sequence[str]) -> None:
    """Lead ``patterns`` (exact names, or ``*.`` and one label) to ``host:port``, for port 443 only.

    Any other port of an emulated name is refused as an unknown name: nothing may reach the real host by accident.
    """
    uninstall()
    exact = {name for name in patterns if not name.startswith("*.")}
    suffixes = tuple(name[1:] for name in patterns if name.startswith("*."))

    def is_emulated(name: object) -> bool:
        if isinstance(name, bytes):
            name = name.decode("ascii", "replace")
        if not isinstance(name, str):
            return False
        name = name.lower().rstrip(".")
        return name in exact or (name.endswith(suffixes) and "." not in name[: name.index(".")] and bool(suffixes))

    def mapped(name: object, service: object) -> tuple[str, int] | None:
        if not is_emulated(name):
            return None
        if service in _HTTPS:
            return host, port
        shown = name.decode("ascii", "replace") if isinstance(name, bytes) else name
        raise socket.gaierror(
            socket.EAI_NONAME, f"mock-idp emulates {shown} on port 443 only, and {service!r} was asked"
        )

    _map_getaddrinfo(mapped)
    _map_uvloop(mapped)
    _map_aiohttp(mapped)


def uninstall() -> None:
    """Put everything back."""
    while _installed:
        _installed.popitem()[1]()


Mapped = Callable[[object, object], "tuple[str, int] | None"]


def _replace(owner: Any, name: str, new: Any) -> None:
    old = getattr(owner, name)
    setattr(owner, name, new)
    _installed[f"{owner!r}.{name}"] = lambda: setattr(owner, name, old)


def _map_getaddrinfo(mapped: Mapped) -> None:
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        found = mapped(host, port)
        return real(*found, *args, **kwargs) if found else real(host, port, *args, **kwargs)

    _replace(socket, "getaddrinfo", getaddrinfo)


def _map_uvloop(mapped: Mapped) -> None:
    """Under uvloop names are looked up by libuv."""

    def patch(uvloop: ModuleType) -> None:
        loop = uvloop.Loop
        real_getaddrinfo, real_create = loop.getaddrinfo, loop.create_connection

        async def getaddrinfo(self: Any, host: Any, port: Any, **kwargs: Any) -> Any:
            found = mapped(host, port)
            return await real_getaddrinfo(self, *(found or (host, port)), **kwargs)

        async def create_connection(self: Any, factory: Any, host: Any = None, port: Any = None, **kwargs: Any) -> Any:
            found = mapped(host, port)
            if found:
                if kwargs.get("ssl") and not kwargs.get("server_hostname"):
                    kwargs["server_hostname"] = host
                host, port = found
            return await real_create(self, factory, host, port, **kwargs)

        _replace(loop, "getaddrinfo", getaddrinfo)
        _replace(loop, "create_connection", create_connection)

    _when_imported("uvloop", patch)


def _map_aiohttp(mapped: Mapped) -> None:
    """With aiodns installed, aiohttp asks name servers itself."""

    def patch(resolver: ModuleType) -> None:
        for name in ("AsyncResolver", "ThreadedResolver"):
            _patch_resolver(getattr(resolver, name), mapped)

    _when_imported("aiohttp.resolver", patch)


def _patch_resolver(resolver: Any, mapped: Mapped) -> None:
    real = resolver.resolve

    async def resolve(self: Any, host: str, port: int = 0, *args: Any, **kwargs: Any) -> Any:
        found = mapped(host, port)
        if not found:
            return await real(self, host, port, *args, **kwargs)
        return [
            {
                "hostname": host,
                "host": found[0],
                "port": found[1],
                "family": socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
        ]

    _replace(resolver, "resolve", resolve)


def _when_imported(name: str, patch: Callable[[ModuleType], None]) -> None:
    if name in sys.modules:
        patch(sys.modules[name])
        return
    finder = _Hook(name, patch)
    sys.meta_path.insert(0, finder)
    _installed[f"hook {name}"] = lambda: sys.meta_path.remove(finder) if finder in sys.meta_path else None


class _Hook(MetaPathFinder):
    """Patches one module right after it was imported."""

    def __init__(self, name: str, patch: Callable[[ModuleType], None]) -> None:
        self._name = name
        self._patch = patch

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        if fullname != self._name:
            return None
        sys.meta_path.remove(self)
        spec = find_spec(fullname)
        if spec and spec.loader:
            spec.loader = _Patching(spec.loader, self._patch)
        return spec


class _Patching(Loader):
    def __init__(self, real: Any, patch: Callable[[ModuleType], None]) -> None:
        self._real = real
        self._patch = patch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        made: ModuleType | None = self._real.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        self._real.exec_module(module)
        self._patch(module)

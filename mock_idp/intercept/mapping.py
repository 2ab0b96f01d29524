"""In-process mapping: look-ups of the emulated names are answered with our listener's address and port.

It serves clients that use no proxy: bare urllib3, http.client, aiohttp without ``trust_env``. uvloop and aiodns look up
names by themselves and get a door of their own. Each door is fitted when its module is imported.

The start-up preload loads this file in interpreters that know nothing of us, every Python from 3.7 on, at each start:
nothing but ``sys`` is imported here.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

    Mapped = Callable[[object, object], tuple[str, int] | None]
    """From a name and a service to our address and port, or ``None`` for a name that is not emulated."""

_HTTPS = (443, "443", "https", b"443", b"https")
_undo: list[Callable[[], object]] = []


def install(host: str, port: int, patterns: Sequence[str]) -> None:
    """Lead ``patterns`` (exact names, or ``*.`` and one label) to ``host:port``, for port 443 only.

    Any other port of an emulated name is refused as an unknown name: nothing may reach the real host by accident.
    """
    uninstall()
    in_force = [True]
    _undo.append(in_force.clear)  # for whoever still holds a function of ours

    def mapped(name: object, service: object) -> tuple[str, int] | None:
        text = name.decode("ascii", "replace") if isinstance(name, bytes) else name
        if not in_force or not isinstance(text, str) or not _matches(text.lower().rstrip("."), patterns):
            return None
        if service in _HTTPS:
            return host, port
        from socket import EAI_NONAME, gaierror  # noqa: PLC0415 - imported by whoever asks

        raise gaierror(EAI_NONAME, f"mock-idp emulates {text} on port 443 only, and {service!r} was asked")

    _when_imported("socket", lambda module: _map_socket(module, mapped))
    _when_imported("anyio._core._sockets", lambda module: _map_anyio(module, mapped))
    _when_imported("uvloop", lambda module: _map_uvloop(module, mapped))
    _when_imported("aiohttp.resolver", lambda module: _map_aiohttp(module, mapped))


def uninstall() -> None:
    """Put everything back."""
    while _undo:
        _undo.pop()()


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return name in patterns or "*." + name.partition(".")[2] in patterns


def _replace(owner: Any, name: str, new: Any) -> None:
    old = getattr(owner, name)
    setattr(owner, name, new)
    _undo.append(lambda: setattr(owner, name, old))


def _map_socket(socket: Any, mapped: Mapped) -> None:
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        return real(*(mapped(host, port) or (host, port)), *args, **kwargs)

    _replace(socket, "getaddrinfo", getaddrinfo)
    for name in ("connect", "connect_ex"):
        _map_connect(socket.socket, name, mapped)


def _map_connect(owner: Any, name: str, mapped: Mapped) -> None:
    """A socket that is connected to a name looks it up by itself."""
    real = getattr(owner, name)

    def connect(self: Any, address: Any) -> Any:
        found = mapped(*address) if isinstance(address, tuple) and len(address) == 2 else None  # noqa: PLR2004
        return real(self, found or address)

    _replace(owner, name, connect)


def _map_anyio(sockets: Any, mapped: Mapped) -> None:
    for owner in (sys.modules.get("anyio"), sockets):
        if hasattr(owner, "connect_tcp"):
            _map_connect_tcp(owner, mapped)


def _map_connect_tcp(owner: Any, mapped: Mapped) -> None:
    """Of what is looked up, anyio keeps the address and forgets the port."""
    real = owner.connect_tcp

    async def connect_tcp(remote_host: Any, remote_port: Any, **kwargs: Any) -> Any:
        found = mapped(remote_host, remote_port)
        if found and (kwargs.get("tls") or kwargs.get("ssl_context")) and not kwargs.get("tls_hostname"):
            kwargs["tls_hostname"] = remote_host
        return await real(*(found or (remote_host, remote_port)), **kwargs)

    _replace(owner, "connect_tcp", connect_tcp)


def _map_uvloop(uvloop: Any, mapped: Mapped) -> None:
    """Under uvloop names are looked up by libuv."""
    loop = uvloop.Loop
    real_getaddrinfo, real_create = loop.getaddrinfo, loop.create_connection

    async def getaddrinfo(self: Any, host: Any, port: Any, **kwargs: Any) -> Any:
        return await real_getaddrinfo(self, *(mapped(host, port) or (host, port)), **kwargs)

    async def create_connection(self: Any, factory: Any, host: Any = None, port: Any = None, **kwargs: Any) -> Any:
        found = mapped(host, port)
        if found and kwargs.get("ssl") and not kwargs.get("server_hostname"):
            kwargs["server_hostname"] = host
        return await real_create(self, factory, *(found or (host, port)), **kwargs)

    _replace(loop, "getaddrinfo", getaddrinfo)
    _replace(loop, "create_connection", create_connection)


def _map_aiohttp(resolver: Any, mapped: Mapped) -> None:
    """With aiodns installed, aiohttp asks name servers itself."""
    for name in ("AsyncResolver", "ThreadedResolver"):
        _map_resolver(getattr(resolver, name), mapped)


def _map_resolver(resolver: Any, mapped: Mapped) -> None:
    real = resolver.resolve

    async def resolve(self: Any, host: str, port: int = 0, *args: Any, **kwargs: Any) -> Any:
        found = mapped(host, port)
        if not found:
            return await real(self, host, port, *args, **kwargs)
        from socket import AF_INET, AI_NUMERICHOST  # noqa: PLC0415 - aiohttp has it

        address = {"host": found[0], "port": found[1], "family": AF_INET, "proto": 0, "flags": AI_NUMERICHOST}
        return [{"hostname": host, **address}]

    _replace(resolver, "resolve", resolve)


def _when_imported(name: str, patch: Callable[[ModuleType], None]) -> None:
    if name in sys.modules:
        patch(sys.modules[name])
        return
    finder = _Hook(name, patch)
    sys.meta_path.insert(0, finder)
    _undo.append(finder.remove)


class _Hook:
    """A finder that patches one module right after it was imported."""

    def __init__(self, name: str, patch: Callable[[ModuleType], None]) -> None:
        self._name = name
        self._patch = patch

    def remove(self) -> None:
        """Look out no longer."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> Any:
        """Find the module as the other finders would, with a loader that patches it."""
        if name != self._name:
            return None
        self.remove()
        for finder in sys.meta_path:
            spec = finder.find_spec(name, path, target) if hasattr(finder, "find_spec") else None
            if spec:
                self._patch_when_run(spec)
                return spec
        return None

    def _patch_when_run(self, spec: ModuleSpec) -> None:
        loader: Any = spec.loader
        run = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            run(module)
            if module.__name__ == self._name:
                loader.__dict__.pop("exec_module", None)
                self._patch(module)

        loader.exec_module = exec_module

"""In-process mapping: look-ups of the emulated names are answered with our listener's address and port.

It serves clients that use no proxy: bare urllib3, http.client, aiohttp without ``trust_env``. uvloop and aiodns look up
names by themselves and get a door of their own. Each door is fitted when its module is imported. Others may replace the
same functions before or after us: what is not ours any more is left alone.

The start-up preload loads this file in interpreters that know nothing of us, every Python from 3.7 on, at each start:
nothing but ``sys`` is imported here.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
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
        if not in_force or not isinstance(text, str) or not matches(text.lower().rstrip("."), patterns):
            return None
        if service in _HTTPS:
            return host, port
        from socket import EAI_NONAME, gaierror  # noqa: PLC0415 - imported by whoever asks

        raise gaierror(EAI_NONAME, f"mock-idp emulates {text} on port 443 only, and {service!r} was asked")

    when_imported("socket", lambda module: _map_socket(module, mapped))
    when_imported("anyio._core._sockets", lambda module: _map_anyio(module, mapped))
    when_imported("uvloop", lambda module: _map_uvloop(module, mapped))
    when_imported("aiohttp.resolver", lambda module: _map_aiohttp(module, mapped))


def uninstall() -> None:
    """Put everything back."""
    while _undo:
        _undo.pop()()


def is_intact() -> bool:
    """Whether look-ups of this process still come by here: somebody who put back older ones may have taken ours out."""
    return _is_ours(getattr(sys.modules.get("socket"), "getaddrinfo", None))


def matches(name: str, patterns: Sequence[str]) -> bool:
    """Whether a name, in lower case and without a dot at its end, is one of ``patterns``."""
    return name in patterns or "*." + name.partition(".")[2] in patterns


def replace(owner: Any, name: str, make: Callable[[Any], Any]) -> None:
    """Replace an attribute until :func:`uninstall`.

    Args:
        owner: module or class.
        name: of the attribute.
        make: from what was there, ``None`` for nothing, to what is to be.
    """
    own = name in vars(owner)
    old = vars(owner)[name] if own else getattr(owner, name, None)
    while _is_ours(old):  # somebody put back what they had found, and that was ours
        own, old = _function(old).mock_idp_replaces
    new = make(old)
    _function(new).mock_idp_replaces = own, old
    setattr(owner, name, new)

    def put_back() -> None:
        if vars(owner).get(name) is not new:
            return
        if own:
            setattr(owner, name, old)
        else:
            delattr(owner, name)

    _undo.append(put_back)


def _is_ours(attribute: Any) -> bool:
    return hasattr(_function(attribute), "mock_idp_replaces")


def _function(attribute: Any) -> Any:
    """What can carry a mark: of a class method the function."""
    return getattr(attribute, "__func__", attribute)


def _map_socket(socket: Any, mapped: Mapped) -> None:
    def getaddrinfo_by(real: Any) -> Any:
        def getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
            return real(*(mapped(host, port) or (host, port)), *args, **kwargs)

        return getaddrinfo

    def gethostbyname_by(real: Any) -> Any:
        """It gives an address without a port, so whoever connects to it is refused: better than to be let out."""

        def gethostbyname(hostname: Any) -> Any:
            return real((mapped(hostname, 443) or (hostname,))[0])

        return gethostbyname

    def connect_by(real: Any) -> Any:
        """A socket that is connected to a name looks it up by itself."""

        def connect(self: Any, address: Any) -> Any:
            found = mapped(*address) if isinstance(address, tuple) and len(address) == 2 else None  # noqa: PLR2004
            return real(self, found or address)

        return connect

    replace(socket, "getaddrinfo", getaddrinfo_by)
    for name in ("gethostbyname", "gethostbyname_ex"):
        replace(socket, name, gethostbyname_by)
    for name in ("connect", "connect_ex"):
        replace(socket.socket, name, connect_by)


def _map_anyio(sockets: Any, mapped: Mapped) -> None:
    """Of what is looked up, anyio keeps the address and forgets the port."""

    def connect_tcp_by(real: Any) -> Any:
        async def connect_tcp(remote_host: Any, remote_port: Any, **kwargs: Any) -> Any:
            found = mapped(remote_host, remote_port)
            if found and (kwargs.get("tls") or kwargs.get("ssl_context")) and not kwargs.get("tls_hostname"):
                kwargs["tls_hostname"] = remote_host
            return await real(*(found or (remote_host, remote_port)), **kwargs)

        return connect_tcp

    for owner in (sys.modules.get("anyio"), sockets):
        if hasattr(owner, "connect_tcp"):
            replace(owner, "connect_tcp", connect_tcp_by)


def _map_uvloop(uvloop: Any, mapped: Mapped) -> None:
    """Under uvloop names are looked up by libuv."""

    def getaddrinfo_by(real: Any) -> Any:
        async def getaddrinfo(self: Any, host: Any, port: Any, **kwargs: Any) -> Any:
            return await real(self, *(mapped(host, port) or (host, port)), **kwargs)

        return getaddrinfo

    def create_connection_by(real: Any) -> Any:
        async def create_connection(self: Any, factory: Any, host: Any = None, port: Any = None, **kwargs: Any) -> Any:
            found = mapped(host, port)
            if found and kwargs.get("ssl") and not kwargs.get("server_hostname"):
                kwargs["server_hostname"] = host
            return await real(self, factory, *(found or (host, port)), **kwargs)

        return create_connection

    replace(uvloop.Loop, "getaddrinfo", getaddrinfo_by)
    replace(uvloop.Loop, "create_connection", create_connection_by)


def _map_aiohttp(resolver: Any, mapped: Mapped) -> None:
    """With aiodns installed, aiohttp asks name servers itself."""

    def resolve_by(real: Any) -> Any:
        async def resolve(self: Any, host: str, port: int = 0, *args: Any, **kwargs: Any) -> Any:
            found = mapped(host, port)
            if not found:
                return await real(self, host, port, *args, **kwargs)
            from socket import AF_INET, AI_NUMERICHOST  # noqa: PLC0415 - aiohttp has it

            address = {"host": found[0], "port": found[1], "family": AF_INET, "proto": 0, "flags": AI_NUMERICHOST}
            return [{"hostname": host, **address}]

        return resolve

    for name in ("AsyncResolver", "ThreadedResolver"):
        replace(getattr(resolver, name), "resolve", resolve_by)


def when_imported(name: str, patch: Callable[[ModuleType], None]) -> None:
    """Patch a module now, or as soon as it is imported; never after :func:`uninstall`."""
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
        self._asks_others = False

    def remove(self) -> None:
        """Look out no longer."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> Any:
        """Find the module as the other finders would, with a loader that patches it."""
        if name != self._name or self._asks_others:
            return None
        self._asks_others = True
        try:
            specs = (f.find_spec(name, path, target) for f in list(sys.meta_path) if hasattr(f, "find_spec"))
            spec = next(filter(None, specs), None)
        finally:
            self._asks_others = False
        if spec and spec.loader:
            spec.loader = _Loader(spec.loader, self)  # type: ignore[assignment] # as good as one
        return spec

    def ran(self, module: ModuleType) -> None:
        """Patch the module that was imported, and look out no longer."""
        if self in sys.meta_path:
            self.remove()
            self._patch(module)


class _Loader:
    """Another loader, and the hook that is told when it ran. It stands for nothing else."""

    def __init__(self, loader: Any, hook: _Hook) -> None:
        self._loader = loader
        self._hook = hook

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def exec_module(self, module: Any) -> None:
        """Run the module as its own loader does; the module never sees this one."""
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._hook.ran(module)

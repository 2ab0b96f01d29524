# ruff: noqa: INP001, PTH100, PTH118, PTH120 - a folder on PYTHONPATH, no package; pathlib would cost each child 8 ms
"""Start-up preload of Python children: Microsoft's names lead to the local identity provider.

Put on PYTHONPATH by ``mock-idp run`` and ``mock-idp env``. Runs in the child's own interpreter, any Python from 3.7 on,
at each start: standard library only, and little of it. A ``sitecustomize`` that this one hides is run too.
"""

import os
import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__))


def _loaded(spec: ModuleSpec) -> "Any":
    module: Any = type(sys)(spec.name)
    module.__spec__, module.__loader__, module.__file__ = spec, spec.loader, spec.origin
    if spec.name == __name__:
        sys.modules[__name__] = module
    module.__loader__.exec_module(module)
    return module


def _map_names() -> None:
    connect, hosts = os.environ.get("MOCK_IDP_CONNECT"), os.environ.get("MOCK_IDP_HOSTS")
    if connect and hosts:
        name, path = "_mock_idp_mapping", os.path.join(os.path.dirname(_HERE), "mapping.py")
        host, _, port = connect.rpartition(":")
        mapping = _loaded(ModuleSpec(name, SourceFileLoader(name, path), origin=path))
        mapping.install(host, int(port), hosts.split(","))


def _run_hidden() -> None:
    others = [entry for entry in sys.path if os.path.abspath(entry or os.curdir) != _HERE]
    hidden = PathFinder.find_spec(__name__, others)
    if hidden and hidden.loader:
        _loaded(hidden)


try:
    _map_names()
finally:
    _run_hidden()

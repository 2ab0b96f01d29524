"""Start-up preload of Python children: Microsoft's names lead to the local identity provider.

Put on PYTHONPATH by ``mock-idp run`` and ``mock-idp env``. Runs in the child's own interpreter, so it imports the
standard library only. A ``sitecustomize`` that this one hides is run first.
"""

import os
import sys
from importlib.util import module_from_spec, spec_from_file_location

_HERE = os.path.dirname(os.path.abspath(__file__))


def _run_hidden() -> None:
    for entry in sys.path:
        path = os.path.join(entry or os.curdir, "sitecustomize.py")
        if os.path.abspath(entry or os.curdir) != _HERE and os.path.isfile(path):
            spec = spec_from_file_location("sitecustomize", path)
            if spec and spec.loader:
                spec.loader.exec_module(module_from_spec(spec))
            return


def _map_names() -> None:
    connect, hosts = os.environ.get("MOCK_IDP_CONNECT"), os.environ.get("MOCK_IDP_HOSTS")
    if not connect or not hosts:
        return
    spec = spec_from_file_location("_mock_idp_mapping", os.path.join(os.path.dirname(_HERE), "mapping.py"))
    if spec and spec.loader:
        mapping = module_from_spec(spec)
        spec.loader.exec_module(mapping)
        host, _, port = connect.rpartition(":")
        mapping.install(host, int(port), hosts.split(","))


_run_hidden()
_map_names()

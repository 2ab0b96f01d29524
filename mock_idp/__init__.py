"""mock-idp: a local stand-in for Microsoft Entra ID.

Your code says ``login.microsoftonline.com``; leave it that way. See ``docs/`` for the story and
``docs/architecture.md`` for the map of this package. What a test suite names stands here: the type of the fixture
``entra`` and what goes with it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mock_idp.errors import UserError as UserError
    from mock_idp.testing.entra import MockEntra as MockEntra
    from mock_idp.testing.settings import Settings as Settings
    from mock_idp.testing.token import Token as Token
    from mock_idp.visitor import VisitError as VisitError

__version__ = "0.1.0"

_HOMES = {
    "MockEntra": "mock_idp.testing.entra",
    "Settings": "mock_idp.testing.settings",
    "Token": "mock_idp.testing.token",
    "UserError": "mock_idp.errors",
    "VisitError": "mock_idp.visitor",
}
"""Where a name lives; loaded when it is asked for, since commands and fixtures start often."""

__all__ = ["MockEntra", "Settings", "Token", "UserError", "VisitError", "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - not needed for the version

    return getattr(import_module(_HOMES[name]), name)

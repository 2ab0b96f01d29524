"""What a failing test shows: what the app asked and what it got, and what to change when it never reached us."""

import re
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import mock_idp
from mock_idp.errors import UserError
from mock_idp.facts.hosts import HOSTS
from mock_idp.intercept.neighbours import are_sockets_disabled

if TYPE_CHECKING:
    import pytest

    from mock_idp.testing.entra import MockEntra

Sections = list[tuple[str, str]]

_TITLE = "mock-idp: what was asked and answered"
_ADVICE = "mock-idp: what to do"
_PACKAGE = Path(mock_idp.__file__).parent
_HOST = re.compile("|".join(re.escape(host.name) for host in HOSTS))
_BLOCKED = re.compile(
    r"A test tried to use socket\.(socket|getaddrinfo|gethostbyname)\.(?!connect)"
    r'|A test tried to use socket\.socket\.connect\(\) with host "127\.0\.0\.1"'
)
"""What pytest-socket says."""
_LONGEST = 20_000
"""Characters of a local variable that are searched."""

_LINE = "mock_idp = true"
_WHERE = (
    f"Put `{_LINE}` into the pytest configuration ([tool.pytest.ini_options] in pyproject.toml), or run pytest --entra"
)
_AT_IMPORT = (
    "{host} was asked while the module was imported, and nothing answers for it at that time.\n"
    f"{_WHERE}: Microsoft's hosts are then answered from before collection on."
)
_WENT_ASTRAY = (
    "The app's HTTP client was built before this test, when a proxy was set in the environment, and still uses it.\n"
    f"{_WHERE}: clients built at import then pass the proxy by on the way to Microsoft's hosts."
)
_NOT_REACHED = (
    "The app reached nobody, and not the mock either. If it asked for one of Microsoft's hosts, its HTTP client was "
    f"probably built before this test, and still uses a proxy of then.\n{_WHERE}: clients built at import then pass "
    "the proxy by on the way to Microsoft's hosts."
)
_SOCKETS_BLOCKED = (
    "pytest-socket does not let the app connect to 127.0.0.1, where the mock answers for Microsoft's hosts.\n"
    'Run pytest --allow-hosts=127.0.0.1, or mark the test with @pytest.mark.allow_hosts(["127.0.0.1"]): all the rest '
    "stays blocked."
)
_REFUSED = re.compile(r"\b40[13]\b|unauthori[sz]ed|invalid_token|signature|signing key|kid", re.IGNORECASE)
_NOTHING_ASKED = (
    "The app refused the token and has not asked the mock for keys. If it fetched keys or a discovery document while "
    f"it was imported, they are not the mock's.\n{_WHERE}: they then are."
)


def sections(entra: "MockEntra | None", excinfo: "pytest.ExceptionInfo[BaseException]", *, kept_open: bool) -> Sections:
    """What a failed test's report is to show besides.

    Args:
        entra: what the test used, if it did.
        excinfo: how it failed.
        kept_open: whether interception began before collection.
    """
    if entra is None:
        return []
    found: Sections = []
    if len(entra.journal):
        found.append((_TITLE, entra.journal.text()))
    if isinstance(excinfo.value, UserError):
        return found
    text = _text(excinfo)
    if _BLOCKED.search(text) or (are_sockets_disabled() and not entra.journal.total):
        found.append((_ADVICE, _SOCKETS_BLOCKED))
    elif not kept_open:
        if entra.went_astray:
            found.append((_ADVICE, _WENT_ASTRAY))
        elif entra.journal.total:
            pass
        elif any(map(_is_of_the_network, _chain(excinfo.value))):
            found.append((_ADVICE, _NOT_REACHED))
        elif _REFUSED.search(str(excinfo.value)):
            found.append((_ADVICE, _NOTHING_ASKED))
    return found


def at_import(error: BaseException) -> Sections:
    """What a module's failed import is to show, when it asked one of Microsoft's hosts."""
    host = _host_asked(error) if any(map(_is_of_the_network, _chain(error))) else ""
    return [(_ADVICE, _AT_IMPORT.format(host=host))] if host else []


def without_ours(excinfo: "pytest.ExceptionInfo[BaseException]") -> None:
    """End the traceback of a mistake where the test called us: what is below is of no interest."""
    if not isinstance(excinfo.value, (UserError, AssertionError)):
        return
    last = excinfo.tb
    tb: TracebackType | None = last
    while tb is not None:
        if _PACKAGE not in Path(tb.tb_frame.f_code.co_filename).parents:
            last = tb
        tb = tb.tb_next
    last.tb_next = None


def _text(excinfo: "pytest.ExceptionInfo[BaseException]") -> str:
    return "".join(traceback.format_exception(excinfo.value))


def _is_of_the_network(error: BaseException) -> bool:
    """Whether it may come from a connection; an error that names a file does not."""
    return isinstance(error, OSError) and error.filename is None


def _host_asked(error: BaseException) -> str:
    """The emulated host that the failing code had in hand: in a message, or in a variable on the way."""
    for each in _chain(error):
        if found := _HOST.search(str(each)):
            return found[0]
        for text in _held(each.__traceback__):
            if found := _HOST.search(text):
                return found[0]
    return ""


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or following.__context__


def _held(tb: TracebackType | None) -> Iterator[str]:
    """Texts in the local variables of a traceback's frames."""
    while tb is not None:
        for value in list(tb.tb_frame.f_locals.values()):
            if isinstance(value, (str, bytes)):
                yield (value.decode("latin-1") if isinstance(value, bytes) else value)[:_LONGEST]
        tb = tb.tb_next

"""The pytest plugin: fixtures, the marker ``entra``, and what a failing test shows.

Installed, it only registers; nothing is patched, set or started before a fixture of it is asked for, or
``mock_idp = true`` says so. It imports nothing heavy: each pytest run of each user pays for it.
"""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mock_idp.server import Server
    from mock_idp.testing.declared import DirectoryLike
    from mock_idp.testing.entra import MockEntra
    from mock_idp.testing.session import Session
    from mock_idp.testing.settings import Settings

_MARKER = (
    "entra(user=, at=, directory=): for the fixture entra: who counts where no user is named, what time it is there, "
    "what is declared"
)
_MARKED = ("user", "at", "directory")

_session_key = pytest.StashKey["Session"]()
_entra_key = pytest.StashKey["MockEntra"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """``mock_idp = true`` and ``--entra``."""
    parser.addini(
        "mock_idp", type="bool", default=False,
        help="Answer Microsoft's hosts from before collection on, for apps that ask them while they are imported.",
    )  # fmt: skip
    group = parser.getgroup("mock-idp", "a local stand-in for Microsoft Entra ID")
    group.addoption("--entra", action="store_true", dest="mock_idp", help="As mock_idp = true in the configuration.")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Begin before the first conftest is imported, if the configuration says so."""
    keeps_open = bool(early_config.known_args_namespace.mock_idp or early_config.getini("mock_idp"))
    if keeps_open and not _on_real_entra():
        with _as_usage_error():
            _session(early_config).keep_open()
    try:
        return (yield)
    except Exception as failure:
        cause = getattr(failure, "cause", None)  # pytest's ConftestImportFailure, which it does not export
        if not keeps_open and isinstance(cause, BaseException):
            from mock_idp.testing.report import at_import  # noqa: PLC0415 - failures only

            for title, advice in at_import(cause):
                cause.add_note(f"\n{title}\n{advice}")
        raise


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(scope="session")
def entra_directory() -> "DirectoryLike":
    """What is declared: ``None`` for the project's ``mock-idp.toml``, else the built-in directory.

    Override it with a path, the text of such a file, a dict, or a ``mock_idp`` ``Directory``.
    """
    return None


@pytest.fixture(scope="session")
def entra_settings() -> "Settings | dict[str, Any] | None":
    """How the fixtures behave. Override it with ``mock_idp.Settings(…)`` or a dict."""
    return None


@pytest.fixture(scope="session")
def _mock_idp(
    pytestconfig: pytest.Config, entra_directory: "DirectoryLike", entra_settings: "Settings | dict[str, Any] | None"
) -> "Session":
    """The session's server, serving what the two fixtures say. It outlives them: they may have parameters."""
    if _on_real_entra():
        pytest.skip("MOCK_IDP_TARGET=entra: this test needs the mock")
    session = _session(pytestconfig)
    with _as_failure():
        session.configure(entra_directory, entra_settings)
    return session


@pytest.fixture
def entra(_mock_idp: "Session", request: pytest.FixtureRequest) -> "Iterator[MockEntra]":
    """Entra ID, afresh for this test, with Microsoft's hosts answered in this process as long as the test runs."""
    entra = _mock_idp.entra
    with _as_failure():
        marked = _marked(request.node)
        entra.begin(
            user=marked.get("user"),
            at=marked.get("at"),
            directory=_mock_idp.declared(marked["directory"]) if "directory" in marked else None,
        )
    request.node.stash[_entra_key] = entra
    with entra.intercepting(keep_connections=True):
        yield entra


@pytest.fixture(scope="session")
def entra_server(_mock_idp: "Session") -> "Iterator[Server]":
    """The server itself, with Microsoft's hosts answered in this process until the session ends."""
    with _mock_idp.entra.intercepting():
        yield _mock_idp.server


@pytest.fixture(scope="session")
def entra_environ(_mock_idp: "Session") -> dict[str, str]:
    """The whole environment for a subprocess that is to reach the server: ``Popen(…, env=entra_environ)``."""
    return _mock_idp.entra.environ


@pytest.fixture
def make_entra(
    _mock_idp: "Session", entra_settings: "Settings | dict[str, Any] | None"
) -> "Iterator[Callable[..., MockEntra]]":
    """Start further servers, until the test ends: ``make_entra(directory=…, tenant=…, seed=…)``.

    Such a server is reached by subprocesses through its ``environ``, and by this process in
    ``with other.intercepting():``.
    """
    with ExitStack() as until:

        def make(directory: "DirectoryLike" = None, **settings: Any) -> "MockEntra":
            return _mock_idp.another(directory, entra_settings, settings, until)

        yield make


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    """Before a test: that this process is led to the server, if it is to be; else that nothing leads there."""
    session = item.config.stash.get(_session_key, None)
    if session and _kept_open(item.config):
        session.keep_open()  # another plugin may have put back what it had found
    elif session and "entra" not in getattr(item, "fixturenames", ()):
        session.hang_up()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """See :func:`pytest_runtest_call`."""
    return (yield from _failing_by_faults(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """An exception inside the server fails the test that caused it, with its traceback."""
    return (yield from _failing_by_faults(item))


def _failing_by_faults(item: pytest.Item) -> Generator[None, object, object]:
    try:
        result = yield
    except Exception as error:
        for fault in _faults(item):
            raise fault from error
        raise
    for fault in _faults(item):
        raise fault
    return result


def _faults(item: pytest.Item) -> list[Exception]:
    entra = item.stash.get(_entra_key, None)
    return [fault.error for fault in entra.journal.faults] if entra else []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failing test shows what the app asked and what it got."""
    if call.excinfo is not None and item.stash.get(_entra_key, None):
        from mock_idp.testing.report import without_ours  # noqa: PLC0415 - failures only

        without_ours(call.excinfo)
    report = yield
    if report.failed and call.excinfo is not None:
        from mock_idp.testing.report import sections  # noqa: PLC0415 - failures only

        report.sections += sections(item.stash.get(_entra_key, None), call.excinfo, kept_open=_kept_open(item.config))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A module that asks Microsoft while it is imported is told of ``mock_idp = true``."""
    report = yield
    call = getattr(report, "call", None)
    if report.failed and call is not None and call.excinfo is not None and not _kept_open(collector.config):
        from mock_idp.testing.report import at_import  # noqa: PLC0415 - failures only

        report.sections += at_import(call.excinfo.value)
    return report


def _session(config: pytest.Config) -> "Session":
    if _session_key not in config.stash:
        from mock_idp.testing.session import Session  # noqa: PLC0415 - heavy, first needed here

        config.stash[_session_key] = session = Session(config.rootpath)
        config.add_cleanup(session.close)
    return config.stash[_session_key]


def _kept_open(config: pytest.Config) -> bool:
    """Whether interception began before collection."""
    return bool(config.option.mock_idp or config.getini("mock_idp"))


def _on_real_entra() -> bool:
    return os.environ.get("MOCK_IDP_TARGET", "").strip().lower() == "entra"


@contextmanager
def _as_usage_error() -> Iterator[None]:
    """A mistake that keeps the whole session from starting."""
    from mock_idp.errors import UserError  # noqa: PLC0415 - not needed before it is asked for

    try:
        yield
    except UserError as mistake:
        raise pytest.UsageError(str(mistake)) from None


@contextmanager
def _as_failure() -> Iterator[None]:
    """A mistake in what a fixture or a marker says is shown without our traceback."""
    from mock_idp.errors import UserError  # noqa: PLC0415 - not needed before a test runs

    try:
        yield
    except UserError as mistake:
        raise pytest.fail.Exception(str(mistake), pytrace=False) from None


def _marked(node: pytest.Item) -> dict[str, Any]:
    """What the markers say, the nearest first."""
    from mock_idp.errors import UserError  # noqa: PLC0415 - not needed before a test runs
    from mock_idp.testing.words import check_names  # noqa: PLC0415

    found: dict[str, Any] = {}
    for marker in node.iter_markers("entra"):
        if marker.args:
            raise UserError(
                "The marker entra takes keywords only.",
                f"{', '.join(map(repr, marker.args))} came.",
                f"Write @pytest.mark.entra({', '.join(f'{name}=…' for name in _MARKED)}), each of them if you need it.",
            )
        check_names("keyword of the marker entra", marker.kwargs, _MARKED)
        found = {**marker.kwargs, **found}
    return found

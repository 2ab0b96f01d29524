"""The one server of a test session, started when it is first needed. Under xdist each worker has its own."""

import os
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

from mock_idp.directory.project import Declared, find
from mock_idp.intercept.environment import restored
from mock_idp.intercept.upstream import Upstream
from mock_idp.server import Options, Server, in_thread
from mock_idp.state import ENVIRONMENT_VARIABLE, State, default_path
from mock_idp.testing.declared import DirectoryLike, declared_of
from mock_idp.testing.entra import MockEntra
from mock_idp.testing.settings import Settings, settings_of


class Session:
    """Servers for as long as tests run.

    Args:
        folder: from here upwards the project's directory file is looked for.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()
        self._kept_open = False

    @cached_property
    def state(self) -> State:
        """The state directory, shared by all workers and sessions: keys and CA are made once."""
        return State(Path(os.environ.get(ENVIRONMENT_VARIABLE) or default_path()))

    @cached_property
    def server(self) -> Server:
        """The session's server."""
        return self._start(find(self._folder, self.state), Settings(), self._open)

    @cached_property
    def entra(self) -> MockEntra:
        """What the fixture ``entra`` is."""
        return MockEntra(self.server, self.state, Settings())

    def configure(self, directory: DirectoryLike, settings: Settings | Mapping[str, Any] | None) -> None:
        """Serve what the fixtures ``entra_directory`` and ``entra_settings`` say.

        Raises:
            UserError: they say something that cannot be.
        """
        self.entra.configure(self.declared(directory), settings_of(settings))

    def declared(self, directory: DirectoryLike) -> Declared:
        """See :func:`mock_idp.testing.declared.declared_of`."""
        return declared_of(directory, self._folder, self.state)

    def keep_open(self) -> None:
        """Lead this process to the server until the session ends; said again, see to it that it is so."""
        if not self._kept_open:
            self._open.enter_context(self.entra.intercepting())
            self._kept_open = True
        self.entra.keep_intercepting()

    def hang_up(self) -> None:
        """See :meth:`mock_idp.testing.entra.MockEntra.hang_up`."""
        if "entra" in vars(self):
            self.entra.hang_up()

    def another(
        self,
        directory: DirectoryLike,
        settings: Settings | Mapping[str, Any] | None,
        changes: Mapping[str, Any],
        until: ExitStack,
    ) -> MockEntra:
        """Start another server.

        Args:
            directory: what it declares.
            settings: what the session's tests chose.
            changes: settings that are different in this one.
            until: where its end is noted.

        Raises:
            UserError: it cannot be.
        """
        chosen = settings_of({**asdict(settings_of(settings)), **changes})
        declared = self.declared(directory)
        other = MockEntra(self._start(declared, chosen, until), self.state, chosen)
        other.configure(declared, chosen)
        return other

    def close(self) -> None:
        """Stop everything and put everything back."""
        self._open.close()

    def _start(self, declared: Declared, settings: Settings, until: ExitStack) -> Server:
        upstream = Upstream.of(restored(os.environ), offline=bool(os.environ.get("MOCK_IDP_OFFLINE")))
        options = Options(port=0, declared=declared, seed=settings.seed)
        return until.enter_context(in_thread(Server(self.state, options, upstream)))

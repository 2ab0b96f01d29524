"""WHAT HAPPENS: who was touched, codes, sessions, clock, randomness, journal. All of it goes with one reset."""

from typing import Any

from mock_idp.directory.models import Directory
from mock_idp.runtime.chance import Chance
from mock_idp.runtime.clock import Clock
from mock_idp.runtime.issuers import Issuers
from mock_idp.runtime.journal import Journal
from mock_idp.runtime.live import LiveDirectory
from mock_idp.runtime.settings import Settings
from mock_idp.runtime.store import Store


class Runtime:
    """The mutable half of a running server."""

    def __init__(self, directory: Directory, settings: Settings, journal: Journal | None = None) -> None:
        self.settings = settings
        self.clock = Clock()
        self.chance = Chance(settings.seed)
        self.journal = Journal() if journal is None else journal
        self.store = Store()
        self.issuers = Issuers(offline=settings.offline)
        self.live = LiveDirectory(directory, note=self.journal.note, version=settings.version)

    def configure(self, directory: Directory, **settings: Any) -> Settings:
        """Declare another directory and choose other settings, from now on; everything that happened is forgotten."""
        self.settings = self.settings._replace(**settings)
        self.chance.seed = self.settings.seed
        self.live.declare(directory, version=self.settings.version)
        self.reset()
        return self.settings

    def reset(self) -> None:
        """Forget everything that happened."""
        self.clock.reset()
        self.chance.reset()
        self.store.reset()
        self.issuers.reset()
        self.live.reset()
        self.journal.clear()

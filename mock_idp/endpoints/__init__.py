"""WHAT CLIENTS CALL: one module or room an endpoint, named as the protocol names it.

An endpoint takes a :class:`~mock_idp.exchange.Request` and :class:`Entra`, and returns a plain answer or raises
:class:`~mock_idp.errors.EntraError`.
"""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from mock_idp.runtime import Runtime
from mock_idp.tokens.keys import Keyring

if TYPE_CHECKING:
    from mock_idp.directory.models import Directory
    from mock_idp.runtime.sealing import Seal
    from mock_idp.tokens.issue import Issuer
    from mock_idp.tokens.minting import Mint
    from mock_idp.tokens.verify import Verifier


class Entra:
    """What endpoints work with: the runtime, and the tokens made from its keys.

    What only tokens need is imported with the first token: start-up is felt hundreds of times a day.
    """

    def __init__(self, runtime: Runtime, keys: Keyring) -> None:
        self.runtime = runtime
        self.settings = runtime.settings
        self.clock = runtime.clock
        self.chance = runtime.chance
        self.journal = runtime.journal
        self.store = runtime.store
        self.live = runtime.live
        self.issuers = runtime.issuers
        self.keys = keys

    def configure(self, directory: "Directory", **settings: Any) -> None:
        """Declare another directory and choose other settings, from now on.

        Args:
            directory: what is declared.
            settings: fields of :class:`mock_idp.runtime.settings.Settings`.
        """
        self.settings = self.runtime.configure(directory, **settings)

    def reset(self) -> None:
        """Forget everything that happened, rotated keys too."""
        self.runtime.reset()
        self.keys.reset()

    @cached_property
    def issuer(self) -> "Issuer":
        """Signs tokens."""
        from mock_idp.tokens.issue import Issuer  # noqa: PLC0415 - see the class

        return Issuer(self.keys, self.clock, self.chance, graph_nonce=lambda: self.settings.graph_nonce)

    @cached_property
    def mint(self) -> "Mint":
        """Makes tokens without a flow, for tests."""
        from mock_idp.tokens.minting import Mint  # noqa: PLC0415 - see the class

        return Mint(self.issuer, self.live, self.chance, self.clock)

    @cached_property
    def verifier(self) -> "Verifier":
        """Checks tokens that are presented."""
        from mock_idp.tokens.verify import Verifier  # noqa: PLC0415 - see the class

        return Verifier(self.keys, self.clock)

    @cached_property
    def seal(self) -> "Seal":
        """Makes codes and refresh tokens."""
        from mock_idp.runtime.sealing import Seal  # noqa: PLC0415 - see the class

        return Seal(self.keys.seal_key, self.chance)

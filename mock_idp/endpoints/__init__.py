"""WHAT CLIENTS CALL: one module or room an endpoint, named as the protocol names it.

An endpoint takes a :class:`~mock_idp.exchange.Request` and :class:`Entra`, and returns a plain answer or raises
:class:`~mock_idp.errors.EntraError`.
"""

from mock_idp.runtime import Runtime
from mock_idp.runtime.sealing import Seal
from mock_idp.tokens.issue import Issuer
from mock_idp.tokens.keys import Keyring
from mock_idp.tokens.verify import Verifier


class Entra:
    """What endpoints work with: the runtime, and the tokens made from its keys."""

    def __init__(self, runtime: Runtime, keys: Keyring) -> None:
        self.runtime = runtime
        self.settings = runtime.settings
        self.clock = runtime.clock
        self.chance = runtime.chance
        self.journal = runtime.journal
        self.store = runtime.store
        self.live = runtime.live
        self.keys = keys
        self.issuer = Issuer(keys, runtime.clock, runtime.chance)
        self.verifier = Verifier(keys, runtime.clock)
        self.seal = Seal(keys.seal_key, runtime.chance)

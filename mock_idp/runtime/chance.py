"""The one source of randomness, which a test can seed."""

import random
from base64 import urlsafe_b64encode
from uuid import UUID


class Chance:
    """Random ids in the shapes that Entra uses.

    Args:
        seed: for repeatable ids in tests; ``None`` takes the operating system's randomness.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311 - asked for

    def octets(self, count: int) -> bytes:
        """``count`` random bytes."""
        return self._random.randbytes(count)

    def text(self, count: int) -> str:
        """``count`` random bytes as unpadded base64url."""
        return urlsafe_b64encode(self.octets(count)).rstrip(b"=").decode()

    def guid(self) -> str:
        """A random GUID (version 4)."""
        return str(UUID(bytes=self.octets(16), version=4))

    def session_guid(self) -> str:
        """A GUID that starts with ``00``, as ``sid`` and ``session_state`` do today (facts §3.3)."""
        return "00" + self.guid()[2:]

    def below(self, limit: int) -> int:
        """A whole number from 0 up to, not including, ``limit``."""
        return self._random.randrange(limit)

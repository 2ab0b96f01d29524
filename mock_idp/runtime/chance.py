"""The one source of randomness, which a test can seed."""

import os
import random
from base64 import urlsafe_b64encode


class Chance:
    """Random ids in the shapes that Entra uses.

    Args:
        seed: for repeatable ids in tests; ``None`` takes the operating system's randomness. Counts from a reset on.
    """

    def __init__(self, seed: int | None = None) -> None:
        self.seed = seed
        self.reset()

    def reset(self) -> None:
        """Begin again, with the same ids when there is a seed."""
        self._random = random.SystemRandom() if self.seed is None else random.Random(self.seed)  # noqa: S311
        self._octets = os.urandom if self.seed is None else self._random.randbytes

    def octets(self, count: int) -> bytes:
        """``count`` random bytes."""
        return self._octets(count)

    def text(self, count: int) -> str:
        """``count`` random bytes as unpadded base64url."""
        return urlsafe_b64encode(self.octets(count)).rstrip(b"=").decode()

    def guid(self) -> str:
        """A random GUID (version 4, RFC 9562 §5.4)."""
        digits = self.octets(16).hex()
        variant = "89ab"[int(digits[16], 16) & 3]
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"

    def session_guid(self) -> str:
        """``sid`` and ``session_state``, today a GUID of ``00`` and 15 random bytes, of no version (facts §3.3)."""
        h = self.octets(15).hex()
        return f"00{h[:6]}-{h[6:10]}-{h[10:14]}-{h[14:18]}-{h[18:]}"

    def below(self, limit: int) -> int:
        """A whole number from 0 up to, not including, ``limit``."""
        return self._random.randrange(limit)

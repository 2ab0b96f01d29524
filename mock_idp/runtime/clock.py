"""The one clock: what issues and what verifies, codes, sessions and tokens all read it."""

import time
from datetime import UTC, datetime


class Clock:
    """Seconds since 1970, in UTC."""

    def now(self) -> int:
        """The present in whole seconds."""
        return int(time.time())


def stamp(seconds: int) -> str:
    """``timestamp`` of an error document: ``2026-09-04 01:51:06Z``."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def long_stamp(seconds: int) -> str:
    """A time as the text of a revoked or expired grant shows it: ``2023-01-03T06:29:27.0000000Z``."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.0000000Z")

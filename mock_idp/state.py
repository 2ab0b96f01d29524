"""The state directory: keys and CA once made, and where the running server is found.

Owner-only, versioned, removed by ``mock-idp clean``. Files are made whole under another name and then renamed, so that
nobody reads half of one. Of several processes starting at once one makes what is missing, and the others wait for it.
"""

import json
import os
import re
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from mock_idp.errors import UserError

LAYOUT = 1
"""Version of what is kept; another layout is another sub-directory."""

ENVIRONMENT_VARIABLE = "MOCK_IDP_STATE_DIR"

_OURS = re.compile(r".+\.(json|lock)|mock-idp-bundle-.+\.pem|\..+\.[0-9a-f]{16}")
"""How the files are named that are kept here, drafts included."""


def default_path() -> Path:
    """Where state is kept unless told otherwise: the platform's place for a user's state."""
    from platformdirs import user_state_path  # noqa: PLC0415 - not needed when a path is given

    return user_state_path("mock-idp", appauthor=False)


def real_time() -> float:
    """Seconds since 1970 as the system has them, also while a test has moved the clock of this process.

    What is kept outlives the test: an authority that is valid from 2030 on would be of no use to anybody.
    """
    from tempfile import TemporaryFile  # noqa: PLC0415 - seldom needed

    with TemporaryFile() as file:  # libraries that move the clock do not reach the file system's
        return os.fstat(file.fileno()).st_mtime


class Removed(NamedTuple):
    """What :meth:`State.clean` did.

    Attributes:
        gone: files and directories that were removed.
        kept: the directory, when something in it is not ours.
    """

    gone: list[Path]
    kept: Path | None


class Claim:
    """A lock on a file, which the system releases when its holder ends, however it ends."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def release(self) -> None:
        """Give it up."""
        os.close(self._handle)


class State:
    """A state directory.

    Args:
        path: the directory; made when missing, with its parents.

    Raises:
        UserError: it cannot be made or written, or another user could read it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.files = self.path / f"v{LAYOUT}"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.mkdir(mode=0o700, exist_ok=True)
            self.files.mkdir(mode=0o700, exist_ok=True)
            self._keep_private()
        except OSError as error:
            raise self._unusable(error) from error
        if not os.access(self.files, os.W_OK | os.X_OK):
            raise self._unusable("it is not writable")

    def _keep_private(self) -> None:
        if sys.platform != "win32":
            if os.geteuid() not in (0, self.files.stat().st_uid):
                raise self._unusable("it belongs to another user")
            self.files.chmod(0o700)

    def _unusable(self, reason: OSError | str) -> UserError:
        text = reason if isinstance(reason, str) else f"the system says: {reason.strerror or reason}"
        return UserError(
            f"The state directory {self.path} cannot be used.",
            f"Keys and the certificate authority are kept there, and {text}.",
            f"Name another one: --state-dir DIR or {ENVIRONMENT_VARIABLE}=DIR.",
        )

    def read(self, name: str) -> dict[str, Any] | None:
        """A JSON document kept here, or ``None`` when it is missing or not a JSON object."""
        try:
            document = json.loads((self.files / name).read_bytes())
        except (OSError, ValueError):
            return None
        return document if isinstance(document, dict) else None

    def write(self, name: str, document: dict[str, Any]) -> None:
        """Keep a JSON document, replacing what was there."""
        self.write_text(name, json.dumps(document))

    def write_text(self, name: str, text: str) -> Path:
        """Keep a text file, replacing what was there."""
        draft = self.files / f".{name}.{secrets.token_hex(8)}"
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(text.encode())
            return draft.replace(self.files / name)
        except OSError as error:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise self._unusable(error) from error

    def once(
        self, name: str, make: Callable[[], dict[str, Any]], still_good: Callable[[dict[str, Any]], bool]
    ) -> dict[str, Any]:
        """Read a document, making it first when it is missing or no longer good.

        Args:
            name: file name.
            make: called when it has to be made; may be slow.
            still_good: whether what was read can be used.
        """
        document = self.read(name)
        if document is not None and still_good(document):
            return document
        with self._alone(name):
            document = self.read(name)  # another process may have made it meanwhile
            if document is None or not still_good(document):
                document = make()
                self.write(name, document)
        return document

    def claim(self, name: str) -> Claim | None:
        """Take a lock until it is released or this process ends; ``None`` when somebody has it."""
        handle = self._open_lock(name)
        try:
            _lock(handle, wait=False)
        except (BlockingIOError, PermissionError):
            os.close(handle)
            return None
        except OSError:
            pass  # a file system that knows no locks
        return Claim(handle)

    def is_claimed(self, name: str) -> bool:
        """Whether somebody has a lock."""
        claim = self.claim(name)
        if claim:
            claim.release()
        return claim is None

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        handle = self._open_lock(name)
        try:
            with suppress(OSError):  # a file system that knows no locks
                _lock(handle, wait=True)
            yield
        finally:
            os.close(handle)

    def _open_lock(self, name: str) -> int:
        try:
            return os.open(self.files / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise self._unusable(error) from error

    def clean(self) -> Removed:
        """Remove what is kept here, of every layout, and the directory unless it holds something else.

        Raises:
            UserError: something cannot be removed.
        """
        try:
            layouts = [path for path in self.path.iterdir() if re.fullmatch(r"v\d+", path.name) and path.is_dir()]
            gone = sorted(file for layout in layouts for file in layout.iterdir() if _OURS.fullmatch(file.name))
            for file in gone:
                file.unlink(missing_ok=True)
        except OSError as error:
            raise self._unusable(error) from error
        kept = None
        for directory in (*layouts, self.path):
            try:
                directory.rmdir()
                gone.append(directory)
            except OSError:
                kept = self.path
        return Removed(gone, kept)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int, *, wait: bool) -> None:
        msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int, *, wait: bool) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)

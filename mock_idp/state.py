"""The state directory: keys and CA once made, and where the running server is found.

Owner-only, versioned, removed by ``mock-idp clean``. Files are made whole under another name and then linked, so that of
several processes starting at once one wins and all read the same.
"""

import json
import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mock_idp.errors import UserError

LAYOUT = 1
"""Version of what is kept; another layout is another sub-directory."""

ENVIRONMENT_VARIABLE = "MOCK_IDP_STATE_DIR"


def default_path() -> Path:
    """Where state is kept unless told otherwise: the platform's place for a user's state."""
    from platformdirs import user_state_path  # noqa: PLC0415 - not needed when a path is given

    return user_state_path("mock-idp", appauthor=False)


class State:
    """A state directory.

    Args:
        path: the directory; made when missing, with its parents.

    Raises:
        UserError: it cannot be made or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.files = self.path / f"v{LAYOUT}"
        try:
            self.files.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.name == "posix":
                self.path.chmod(0o700)
            usable = os.access(self.files, os.W_OK | os.X_OK)
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error
        if not usable:
            raise self._unusable("it is not writable")

    def _unusable(self, reason: str) -> UserError:
        return UserError(
            f"The state directory {self.path} cannot be used.",
            f"Keys and the certificate authority are kept there, and {reason[0].lower()}{reason[1:]}.",
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
        self._whole(name, json.dumps(document).encode()).replace(self.files / name)

    def write_text(self, name: str, text: str) -> Path:
        """Keep a text file, replacing what was there."""
        target = self.files / name
        self._whole(name, text.encode()).replace(target)
        return target

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
        outdated = document is not None or (self.files / name).exists()
        draft = self._whole(name, json.dumps(make()).encode())
        if outdated:
            draft.replace(self.files / name)
        else:
            self._first_wins(draft, self.files / name)
        made = self.read(name)
        if made is None:
            raise self._unusable(f"{name} does not hold what was written to it")
        return made

    def remove(self, name: str) -> None:
        """Remove a document, if it is there."""
        (self.files / name).unlink(missing_ok=True)

    def clean(self) -> list[Path]:
        """Remove the whole directory.

        Returns:
            The files that were removed.
        """
        removed = sorted(path for path in self.path.rglob("*") if path.is_file())
        shutil.rmtree(self.path)
        return removed

    def _whole(self, name: str, content: bytes) -> Path:
        draft = self.files / f".{name}.{secrets.token_hex(8)}"
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise self._unusable(error.strerror or str(error)) from error
        return draft

    def _first_wins(self, draft: Path, target: Path) -> None:
        try:
            os.link(draft, target)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            if not target.exists():
                draft.replace(target)
                return
        draft.unlink(missing_ok=True)

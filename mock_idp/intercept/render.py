"""Variables in the form that a shell, an editor or a program reads."""

import json
import re
import shlex
from collections.abc import Mapping
from typing import Literal

Format = Literal["sh", "powershell", "dotenv", "json"]


def render(changes: Mapping[str, str | None], style: Format) -> str:
    """Variables to set or, where the value is ``None``, to unset."""
    match style:
        case "json":
            return json.dumps(dict(changes), indent=2)
        case "sh":
            lines = [f"unset {n}" if v is None else f"export {n}={shlex.quote(v)}" for n, v in changes.items()]
        case "powershell":
            lines = [
                f"Remove-Item Env:{n} -ErrorAction SilentlyContinue" if v is None else f"$Env:{n} = {_powershell(v)}"
                for n, v in changes.items()
            ]
        case "dotenv":
            lines = [f"{n}={_dotenv(v)}" for n, v in changes.items() if v is not None]
    return "\n".join(lines)


def _powershell(value: str) -> str:
    """Quote for PowerShell, which takes typographic quotes for quotes too (about_Quoting_Rules)."""
    return "'" + re.sub("['\u2018\u2019\u201a\u201b]", r"\g<0>\g<0>", value) + "'"


def _dotenv(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

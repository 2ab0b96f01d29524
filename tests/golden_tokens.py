"""A token of each kind, to the letter: what ``tests/golden/`` holds. ``python tests/golden_tokens.py`` writes it anew.

Seed and clock stand still. The key that signs is another in every state directory, so its name is given in words.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent)]

from harness import API, API_URI, CONTOSO, WEB_APP, claims_of, header_of

from mock_idp.endpoints.authorize.tokens import _half_hash
from mock_idp.runtime.chance import Chance
from mock_idp.runtime.clock import Clock
from mock_idp.runtime.tenants import DeclaredTenant, first_party
from mock_idp.state import State
from mock_idp.tokens.authorization import Authorization, Subject
from mock_idp.tokens.issue import Issuer
from mock_idp.tokens.keys import Keyring

FOLDER = Path(__file__).parent / "golden"
SEED = 2026
ISSUED = "2026-11-24T12:00:00Z"
SIGNER = "(the key that signs)"

TENANT = DeclaredTenant(CONTOSO)
RITA = CONTOSO.users[1]
GRAPH = first_party(CONTOSO.id)["https://graph.microsoft.com"]
API_V1 = API._replace(requested_access_token_version=None)


def authorization(resource: Any = API, audience: str = API_URI, *, user: bool = True, **fields: Any) -> Authorization:
    subject = Subject(user=RITA, sid="00a1b2c3-d4e5-4f60-8123-456789abcdef", auth_time=1_795_521_540)
    own = {"scopes": ("data.read", "data.write"), "oidc_scopes": ("openid", "profile", "email"), "subject": subject}
    return Authorization(
        tenant=TENANT, client=WEB_APP, client_proof="1", resource=resource, audience=audience,
        **{**(own if user else {}), **fields},
    )  # fmt: skip


def access(*arguments: Any, **fields: Any) -> Callable[[Issuer], str]:
    return lambda issuer: issuer.access_token(authorization(*arguments, **fields)).text


def identity(version: int, **fields: Any) -> Callable[[Issuer], str]:
    return lambda issuer: issuer.id_token(authorization(nonce="a nonce", **fields), version)


GRAPH_URI = "https://graph.microsoft.com"
TOKENS: dict[str, Callable[[Issuer], str]] = {
    "access-v2-user": access(),
    "access-v1-user": access(API_V1),
    "access-v2-app": access(user=False),
    "access-v1-app": access(API_V1, user=False),
    "graph-user": access(GRAPH, GRAPH.app_id, scopes=("User.Read",)),
    "graph-user-second-factor": access(
        GRAPH, GRAPH.app_id, scopes=("User.Read",), capabilities=("cp1",),
        subject=Subject(user=RITA, sid="00a1b2c3-d4e5-4f60-8123-456789abcdef", auth_time=1, amr=("pwd", "mfa")),
    ),
    "graph-app": access(GRAPH, GRAPH_URI, user=False),
    "id-v2": identity(2),
    "id-v1": identity(1),
    "id-v2-from-authorize": identity(
        2, in_fragment=True, code_hash=_half_hash("a code"), token_hash=_half_hash("a token")
    ),
    "id-v1-from-authorize": identity(1, code_hash=_half_hash("a code")),
}  # fmt: skip


def made(state: State) -> dict[str, str]:
    """The files' texts by name."""
    keys, clock, chance = Keyring.load(state), Clock(), Chance(SEED)
    clock.freeze(ISSUED)
    issuer = Issuer(keys, clock, chance)
    found = {}
    for name, issue in TOKENS.items():
        chance.reset()
        token = issue(issuer)
        text = json.dumps({"header": header_of(token), "payload": claims_of(token)}, indent=2, ensure_ascii=False)
        found[name] = text.replace(keys.kid, SIGNER) + "\n"
    return found


def main() -> None:
    """Write the files."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        for name, text in made(State(Path(folder))).items():
            (FOLDER / f"{name}.json").write_text(text)


if __name__ == "__main__":
    main()

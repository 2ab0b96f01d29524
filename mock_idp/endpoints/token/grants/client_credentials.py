"""``client_credentials``: ED:v2-oauth2-client-creds-grant-flow. A token for the application itself."""

from mock_idp.endpoints.scopes import DEFAULT, Asked, Target, invalid_scope, parse, targets
from mock_idp.endpoints.token.call import Call
from mock_idp.endpoints.token.grants import Grant
from mock_idp.errors import EntraError
from mock_idp.runtime.live import ALIASES
from mock_idp.tokens.authorization import Authorization


def needs_client_auth(call: Call) -> bool:  # noqa: ARG001 - a question that every grant answers
    """Always."""
    return True


def prove(call: Call) -> Authorization:
    """Nothing to prove beyond the secret: only the scope is left to read."""
    if call.request.segment.lower() in ALIASES:
        raise EntraError(
            50059, hint=f"client_credentials names no user who could tell the tenant; use a tenant id instead of "
            f"{call.request.segment}.",
        )  # fmt: skip
    text = call.required("scope", "Add scope={resource}/.default.")
    call.entra.journal.about(scope=text)
    asked = parse(text)
    target = _target(call, asked)
    return Authorization(
        tenant=call.tenant,
        client=call.client,
        client_proof=call.client_proof,
        resource=target.resource,
        audience=target.audience,
    )


def _target(call: Call, asked: Asked) -> Target:
    for item in asked.items:
        if item.name != DEFAULT:
            raise EntraError(
                1002012, scope=asked.text,
                hint=f"'{item}' is a permission of a user; an application asks for {item.prefix or '{resource}'}/.default.",
            )  # fmt: skip
    if len(asked.items) != 1:
        raise invalid_scope(asked.text, f"{len(asked.items)} resources came; one token is for one resource.")
    if not asked.items[0].prefix:
        raise invalid_scope(asked.text, "Write the resource before /.default.", bad_format=True)
    return targets(asked, call.tenant, call.client, call.entra)[0]


GRANT = Grant(
    name="client_credentials",
    about="an application acting for itself",
    source="ED:v2-oauth2-client-creds-grant-flow",
    needs_client_auth=needs_client_auth,
    prove=prove,
)

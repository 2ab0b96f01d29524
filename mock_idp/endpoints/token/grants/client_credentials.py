"""``client_credentials``: ED:v2-oauth2-client-creds-grant-flow. A token for the application itself."""

from mock_idp.directory.models import Application
from mock_idp.endpoints.assignment import check_client_assigned
from mock_idp.endpoints.claims_request import capabilities
from mock_idp.endpoints.scopes import DEFAULT, Asked, invalid_scope, parse
from mock_idp.endpoints.targets import resources
from mock_idp.endpoints.tenants import check_added
from mock_idp.endpoints.token.call import Call
from mock_idp.endpoints.token.client_auth import ClientAuth
from mock_idp.endpoints.token.grants import Grant
from mock_idp.endpoints.token.platform import not_cross_origin
from mock_idp.errors import EntraError
from mock_idp.facts.wellknown import AAD_GRAPH_APP_ID
from mock_idp.runtime.tenants import ALIASES
from mock_idp.tokens.authorization import Authorization


def client_auth(call: Call) -> ClientAuth:  # noqa: ARG001 - a question that every grant answers
    """Always."""
    return "must"


def unproved(call: Call) -> EntraError:  # noqa: ARG001 - likewise
    """It is for confidential clients."""
    return EntraError(
        7000216, hint="client_credentials is for confidential clients: add client_secret or client_assertion."
    )


def prove(call: Call) -> Authorization:
    """Nothing to prove beyond the secret: only the scope is left to read."""
    if call.request.segment.lower() in ALIASES:
        raise EntraError(
            50059, hint=f"client_credentials names no user who could tell the tenant; use a tenant id instead of "
            f"{call.request.segment}.",
        )  # fmt: skip
    if call.origin:
        raise not_cross_origin(call, "A secret has no place in a browser, so client_credentials is refused there.")
    check_added(call.tenant, call.client, call.entra)
    asked = _asked(call)
    resource, audience = _resource(call, asked)
    check_client_assigned(call.tenant, call.client, resource)
    return Authorization(
        request_id=call.request.trace_id,
        tenant=call.tenant,
        client=call.client,
        client_proof=call.client_proof,
        resource=resource,
        audience=audience,
        capabilities=capabilities(call.get("claims")),
    )


def _asked(call: Call) -> Asked:
    resource = call.get("resource")
    if resource and not call.get("scope"):
        raise EntraError(901002, hint=f"resource is '{resource}'; v2.0 takes it from scope: send {resource}/.default.")
    text = call.get("scope")
    if not text.strip():
        raise EntraError(90014, field="scope", hint="Add scope={resource}/.default.")
    call.entra.journal.about(scope=text)
    return parse(text)


def _resource(call: Call, asked: Asked) -> tuple[Application, str]:
    """The API and how it was named."""
    named = [str(item) for item in asked.items if item.name != DEFAULT]
    if named or not asked.items:
        came = " ".join(named) or asked.text
        raise EntraError(
            1002012, scope=asked.text,
            hint=f"'{came}' is for users; an application asks for {{resource}}/.default.",
        )  # fmt: skip
    if len(asked.items) != 1:
        raise invalid_scope(asked.text, f"{len(asked.items)} resources came; one token is for one resource.")
    return resources(asked, call.tenant)[0][0], asked.items[0].identifier


GRANT = Grant(
    name="client_credentials",
    about="an application acting for itself",
    source="ED:v2-oauth2-client-creds-grant-flow",
    clients="with a secret or assertion",
    client_auth=client_auth,
    prove=prove,
    unproved=unproved,
    usual_resource=AAD_GRAPH_APP_ID,  # facts §4.2
)

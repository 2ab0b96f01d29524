"""``/{tenant}/v2.0/adminconsent`` and its v1.0 twin: an administrator consents for the whole tenant.

Follows ED:v2-admin-consent and facts §3.7. The sign-in is that of authorize; permissions of applications (app roles)
are granted too, as far as they stand in the app registration. What was granted lasts until a restart.
"""

from collections.abc import Callable
from urllib.parse import urlencode

from mock_idp.directory.models import AppRole, AppRoleAssignment, User
from mock_idp.endpoints import Entra
from mock_idp.endpoints.authorize import posted
from mock_idp.endpoints.authorize.client import check_path, load_client, load_redirect_uri
from mock_idp.endpoints.authorize.consent_page import approval_needed, consent_page
from mock_idp.endpoints.authorize.flow import Flow, Step, unpack, walk
from mock_idp.endpoints.authorize.parameters import load_scopes, load_targets
from mock_idp.endpoints.authorize.second_factor import ask_second_factor
from mock_idp.endpoints.authorize.sign_in import ask_sign_in, load_session, load_user
from mock_idp.endpoints.consent import Wish, grant_for_all, may_consent_for_all
from mock_idp.endpoints.redirect_uris import with_query
from mock_idp.endpoints.refusals import description
from mock_idp.endpoints.scopes import DEFAULT, Asked, Item
from mock_idp.endpoints.targets import Target
from mock_idp.errors import EntraError
from mock_idp.exchange import Answer, Redirect, Request
from mock_idp.runtime.tenants import home_name


def adminconsent_v2(request: Request, entra: Entra) -> Answer:
    """Consent to what ``scope`` names."""
    return _run(_flow(request, entra), (check_authority, *_BEFORE, load_scopes, *_AFTER), _granted_scope)


def adminconsent_v1(request: Request, entra: Entra) -> Answer:
    """Consent to everything in the app registration."""
    return _run(_flow(request, entra), (*_BEFORE, load_registered, *_AFTER), lambda _: "")


def check_authority(flow: Flow) -> None:
    """Not one where people with personal accounts may sign in too, who have no tenant to consent for."""
    if flow.segment.lower() in ("common", "consumers"):
        raise EntraError(9002328, hint=f"/{flow.segment} was asked; name the tenant, or ask /organizations.")


def load_registered(flow: Flow) -> None:
    """All that the app registration lists."""
    listed = (each.resource_app_id for each in flow.client.required_resources)
    flow.asked = Asked("", (), tuple(Item(app_id, DEFAULT) for app_id in listed))
    load_targets(flow)


def ask_admin_consent(flow: Flow) -> Answer | None:
    """The page, for administrators; it comes again however much was granted before."""
    user, attempt = flow.user, flow.attempt
    try:
        _check_administrator(flow, user)
    except EntraError as refusal:
        if attempt and attempt.declined:
            raise
        return approval_needed(flow, refusal)
    if attempt and attempt.declined:
        raise EntraError(65004, hint=f"{home_name(user)} pressed Cancel where {flow.client.display_name} asked.")
    if attempt and attempt.accepted:
        return None
    roles = [f"{role.value} of {each.resource.display_name}" for each in flow.targets for role in _roles(flow, each)]
    return consent_page(flow, _wishes(flow), for_all=True, roles=roles)


_BEFORE: tuple[Step, ...] = (check_path, load_client, load_redirect_uri)
_AFTER: tuple[Step, ...] = (
    load_session,
    ask_sign_in,
    load_user,
    ask_second_factor,
    ask_admin_consent,
)


def _flow(request: Request, entra: Entra) -> Flow:
    form = request.form
    returned = request.method == "POST" and "ctx" in form
    return Flow(
        request=request, entra=entra, parameters=unpack(form["ctx"]) if returned else {**request.query, **form},
        segment=request.segment, attempt=posted(form) if returned else None, action=request.path, for_tenant=True,
    )  # fmt: skip


def _run(flow: Flow, steps: tuple[Step, ...], scope: Callable[[Flow], str]) -> Answer:
    try:
        answer = walk(flow, steps)
    except EntraError as error:
        declined = flow.attempt is not None and flow.attempt.declined
        if not flow.redirect_uri or (error.row.page and not declined):
            raise
        flow.entra.journal.refused(error, error.redirect_error)
        told = description(error, flow.request, flow.entra.clock.now())
        return _answer(flow, {"error": error.redirect_error, "error_description": told, "admin_consent": "True"})
    if answer is not None:
        return answer
    _grant(flow)
    granted = scope(flow)
    members = {"admin_consent": "True", "tenant": flow.tenant.id}
    return _answer(flow, {**members, **({"scope": granted} if granted else {})})


def _answer(flow: Flow, members: dict[str, str]) -> Redirect:
    if "state" in flow.parameters:
        members["state"] = flow.parameters["state"]
    return Redirect(url=with_query(flow.redirect_uri, urlencode(members)))


def _check_administrator(flow: Flow, user: User) -> None:
    """In an undeclared tenant nobody has a role, and anybody may."""
    if flow.tenant.strict and not may_consent_for_all(user):
        raise EntraError(
            90094, hint=f"{home_name(user)} is no administrator of {flow.tenant.display_name}. Sign in as somebody "
            "with the directory role Global Administrator.",
        )  # fmt: skip


def _grant(flow: Flow) -> None:
    wishes = _wishes(flow)
    for wish in wishes:
        flow.entra.journal.note(f"{wish.resource.display_name}: {' '.join(wish.names)} granted to everybody")
    assignments = [
        AppRoleAssignment(principal_id=flow.client.id, resource_id=target.resource.app_id, value=role.value)
        for target in flow.targets
        for role in _roles(flow, target)
    ]
    if assignments:
        values = " ".join(each.value for each in assignments)
        flow.entra.journal.note(f"{flow.client.display_name} now holds the app roles {values}")
    flow.entra.store.add(flow.tenant.id, flow.client.app_id)
    if flow.tenant.strict:
        flow.tenant = grant_for_all(flow.entra, flow.tenant, wishes, assignments)


def _wishes(flow: Flow) -> list[Wish]:
    return [Wish(flow.client, target.resource, target.names) for target in flow.targets if target.names]


def _roles(flow: Flow, target: Target) -> list[AppRole]:
    """App roles for applications that the registration lists and that ``.default`` therefore stands for."""
    listed = [each for each in flow.client.required_resources if each.resource_app_id == target.resource.app_id]
    ids = {role for each in listed for role in each.roles}
    return [
        role
        for role in target.resource.app_roles
        if target.default and role.enabled and role.id in ids and "Application" in role.allowed_member_types
    ]


def _granted_scope(flow: Flow) -> str:
    """Each permission with its API in front, as the answer at v2.0 has it."""
    names = [
        f"{target.audience}/{name}"
        for target in flow.targets
        for name in (*target.names, *(role.value for role in _roles(flow, target)))
    ]
    return " ".join(names)

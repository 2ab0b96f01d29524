"""The step for users who have to prove a second factor, and before that perhaps to register one.

The password alone is remembered in the browser's session, without ``mfa``: the page that asks for more needs to carry
nothing, and a later silent request is refused as Entra does.
"""

from mock_idp.directory.models import User
from mock_idp.endpoints.authorize.flow import Flow
from mock_idp.endpoints.authorize.pages import more_information_page, registration_page, second_factor_page
from mock_idp.endpoints.second_factor import FACTOR, is_registered, needs_second_factor
from mock_idp.exchange import Page
from mock_idp.facts.wellknown import GRAPH_APP_ID


def ask_second_factor(flow: Flow) -> Page | None:
    """Once a session; a click is enough. Who has none registers one, with two, and has thereby proved it."""
    user, account, session = flow.user, flow.account, flow.session
    if session is None:
        raise RuntimeError("the sign-in steps come first")
    if not user.mfa_required or FACTOR in account.amr:
        return None
    registered = is_registered(flow.entra, flow.tenant.id, user)
    page = _approval(flow, user) if registered else _registration(flow, user)
    if page is None:
        flow.account = account._replace(amr=(*account.amr, FACTOR))
        session.sign_in(flow.account)
        return None
    if flow.prompt == "none":
        resource = flow.targets[0].resource.app_id if flow.targets else GRAPH_APP_ID
        raise needs_second_factor(resource, user.user_principal_name, registered=registered)
    return page


def _approval(flow: Flow, user: User) -> Page | None:
    return None if flow.attempt and flow.attempt.approved else second_factor_page(flow, user)


def _registration(flow: Flow, user: User) -> Page | None:
    attempt = flow.attempt
    if attempt and attempt.registered:
        flow.entra.store.register_second_factor(flow.tenant.id, user.id)
        flow.entra.journal.note(f"{user.user_principal_name} registered a second factor, until a restart")
        return None
    return registration_page(flow, user) if attempt and attempt.informed else more_information_page(flow, user)

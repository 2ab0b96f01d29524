"""The step for users who have to prove a second factor.

The password alone is remembered in the browser's session, without ``mfa``: the page that asks for more needs to carry
nothing, and a later silent request is refused as Entra does.
"""

from mock_idp.endpoints.authorize.flow import Flow
from mock_idp.endpoints.authorize.pages import second_factor_page
from mock_idp.endpoints.second_factor import FACTOR, needs_second_factor
from mock_idp.exchange import Page
from mock_idp.facts.wellknown import GRAPH_APP_ID


def ask_second_factor(flow: Flow) -> Page | None:
    """Once a session; a click is enough."""
    user, account, session = flow.user, flow.account, flow.session
    if user is None or account is None or session is None:
        raise RuntimeError("the sign-in steps come first")
    if not user.mfa_required or FACTOR in account.amr:
        return None
    if flow.attempt and flow.attempt.approved:
        flow.account = account._replace(amr=(*account.amr, FACTOR))
        session.sign_in(flow.account)
        return None
    if flow.prompt == "none":
        resource = flow.targets[0].resource.app_id if flow.targets else GRAPH_APP_ID
        raise needs_second_factor(resource, user.user_principal_name)
    return second_factor_page(flow, user)

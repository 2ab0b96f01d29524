"""Steps between the user and the answer: who was assigned to the app, and what was consented to. Facts §3.8, §4.8."""

from mock_idp.directory.models import User
from mock_idp.endpoints.assignment import check_assigned
from mock_idp.endpoints.authorize.flow import Flow
from mock_idp.endpoints.consent import Consents, check_may_consent, nobody_consented


def check_assignment(flow: Flow) -> None:
    """The user is assigned to the app and to each API asked for, where that is required."""
    check_assigned(flow.tenant, _user(flow), (flow.client, *(target.resource for target in flow.targets)))


def check_consent(flow: Flow) -> None:
    """In a declared tenant, what nobody consented to yet the user has to be able to, on a page."""
    if not flow.tenant.strict:
        return
    user = _user(flow)
    consents = Consents(flow.entra, flow.tenant, flow.client, user)
    for target in flow.targets:
        fresh = consents.lacking(target, again=flow.prompt == "consent")
        if fresh and flow.prompt == "none":
            raise nobody_consented(flow.client, target.resource, fresh)
        check_may_consent(user, target.resource, fresh, flow.client)


def record_consent(flow: Flow) -> None:
    """Remember what was asked for as consented.

    There is no consent page yet: whoever signs in is taken to have agreed, also with ``prompt=consent``.
    """
    consents = Consents(flow.entra, flow.tenant, flow.client, _user(flow))
    for target in flow.targets:
        if fresh := consents.lacking(target, again=flow.prompt == "consent"):
            flow.entra.journal.note(f"{target.resource.display_name}: {' '.join(fresh)} taken as consented by the user")
            consents.record(target.resource.app_id, fresh)


def _user(flow: Flow) -> User:
    if flow.user is None:
        raise RuntimeError("load_user comes first")
    return flow.user

"""The step between the user and what was consented to: who was assigned to the app. Facts §4.8."""

from mock_idp.endpoints.assignment import check_assigned
from mock_idp.endpoints.authorize.flow import Flow


def check_assignment(flow: Flow) -> None:
    """The user is assigned to the app and to each API asked for, where that is required."""
    check_assigned(flow.tenant, flow.user, (flow.client, *(target.resource for target in flow.targets)))

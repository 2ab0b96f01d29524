"""When a claim is there: named predicates, each with a sentence. The claims table names them."""

from collections.abc import Callable
from typing import NamedTuple

from mock_idp.directory.models import Application
from mock_idp.tokens import group_claims
from mock_idp.tokens.drafts import ID, Draft, Kind


class Condition(NamedTuple):
    """When a row of the table counts.

    Attributes:
        about: for people.
        holds: whether it does; ``None`` when there is nothing to ask of a single token.
        registered: what the registration of the app that the token is for has to say; asked once for each app.
        optional: only for apps whose ``optionalClaims`` name the claim.
    """

    about: str
    holds: Callable[[Draft], bool] | None = None
    registered: Callable[[Application], bool] | None = None
    optional: bool = False


def is_guest(draft: Draft) -> bool:
    """Whether the user has a home elsewhere."""
    return draft.user.user_type == "Guest"


def _has_scope(scope: str) -> Callable[[Draft], bool]:
    return lambda draft: scope in draft.authorization.oidc_scopes


def _may_name_the_user(draft: Draft) -> bool:
    # documented for access tokens too, but clients that never ask for it get names there: it was consented to before
    return draft.kind is not Kind.ID_V2 or "profile" in draft.authorization.oidc_scopes


def _is_europe(draft: Draft) -> bool:
    return draft.authorization.tenant.region == "EU"


def _asks_for_directory_roles(app: Application) -> bool:
    return any(asked in ("DirectoryRole", "All") for asked in app.group_membership_claims)


def _is_first_party(app: Application) -> bool:
    return app.first_party


def _contexts(draft: Draft) -> tuple[str, ...]:
    return draft.authorization.id_contexts if draft.kind in ID else draft.authorization.contexts


ALWAYS = Condition("always")
KNOWN = Condition("if it is known")
OPTIONAL = Condition("an optional claim of the app", optional=True)
OPTIONAL_NAME = Condition(
    "an optional claim of the app; in a v2.0 id token with the scope `profile` too",
    _may_name_the_user,
    optional=True,
)
OPTIONAL_FOR_USERS = Condition(
    "an optional claim of the app, with `include_user_token`",
    lambda draft: "include_user_token" in draft.properties("idtyp"),
    optional=True,
)
PROFILE = Condition("in a v2.0 id token: the client has the scope `profile`", _may_name_the_user)
EMAIL = Condition("the client has the scope `email`", _has_scope("email"))
GUEST = Condition("the user is a guest", is_guest)
MEMBER = Condition("the user is no guest", lambda draft: not is_guest(draft))
NONCE = Condition("authorize was sent a `nonce`")
WITH_CODE = Condition("it comes from authorize, beside a code")
WITH_TOKEN = Condition("it comes from authorize, beside an access token")
MAX_AGE = Condition("authorize was sent `max_age`", lambda draft: draft.authorization.wants_auth_time)
ROLES = Condition("the user or application holds app roles of the app that the token is for")
GROUPS = Condition(
    f"the app's `groupMembershipClaims` ask for groups; {group_claims.MOST_IN_A_JWT} at most, and "
    f"{group_claims.MOST_IN_A_FRAGMENT} in a fragment",
    group_claims.are_asked,
)
OVERAGE = Condition(
    f"in place of more than {group_claims.MOST_IN_A_JWT} groups, unless it travels in a fragment",
    lambda draft: group_claims.are_too_many(draft) and not draft.authorization.in_fragment,
)
HAS_GROUPS = Condition(
    f"in place of more than {group_claims.MOST_IN_A_FRAGMENT} groups, if it travels in a fragment",
    lambda draft: draft.authorization.in_fragment and group_claims.are_too_many(draft),
)
DIRECTORY_ROLES = Condition(
    "the app's `groupMembershipClaims` are `DirectoryRole` or `All`", registered=_asks_for_directory_roles
)
CONTEXT = Condition(
    "the client asked for authentication contexts in the parameter `claims`", lambda draft: bool(_contexts(draft))
)
SECOND_FACTOR = Condition(
    "the API is Microsoft's own, and the sign-in had a second factor",
    lambda draft: "mfa" in draft.subject.amr,
    _is_first_party,
)
CAPABLE = Condition(
    "an optional claim of the app, and the client declared capabilities in the parameter `claims`",
    lambda draft: bool(draft.authorization.capabilities),
    optional=True,
)
FIRST_PARTY = Condition("the API is Microsoft's own", registered=_is_first_party)
FIRST_PARTY_CAPABLE = Condition(
    "the API is Microsoft's own, and the client declared capabilities in the parameter `claims`",
    lambda draft: bool(draft.authorization.capabilities),
    _is_first_party,
)
EUROPE = Condition("the tenant's region is `EU`", _is_europe)
EXTENSION = Condition("`extension_{client id}_{name}` is an optional claim of the app")
MAPPED = Condition("the app has `claimsMapping`, and `acceptMappedClaims`")
OF_USER = Condition("the user has `claims` or `withoutClaims`")
OF_APP = Condition("the app that the token is for has `claims` or `withoutClaims`")
WISHED = Condition("a test or `mock-idp token` asks for it")

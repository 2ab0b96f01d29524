"""Scopes and app roles: what a token allows, and why it does not allow more. Follows facts §3.8 and §4.3."""

from collections.abc import Iterator

from mock_idp.directory.models import Application
from mock_idp.directory.words import nearest
from mock_idp.tokens.explain.case import Case, Finding


def check_scopes(case: Case) -> Iterator[Finding]:
    """Every scope that is needed is in ``scp``."""
    held = case.words("scp")
    for wanted in case.expected.scopes:
        name = wanted.rpartition("/")[2]
        if wanted in held:
            yield Finding("scope", "ok", wanted)
        elif name in held:
            yield Finding(
                "scope",
                "refused",
                f"scp has '{name}'; the API compares with '{wanted}'.",
                f"Compare with the short name: scp never holds the API, only '{name}'.",
            )
        else:
            yield _lacking(case, name, held)
    if not case.expected.scopes and held:
        yield Finding("scope", "note", f"scp is '{' '.join(held)}'.")


def _lacking(case: Case, name: str, held: list[str]) -> Finding:
    app = case.app(case.api)
    if name in case.words("roles"):
        return Finding(
            "scope", "refused", f"'{name}' is in roles, not in scp: it is an app role.", "Check the claim roles for it."
        )
    if case.is_app_only and case.is_access_token:
        return Finding(
            "scope",
            "refused",
            "There is no scp: an application acts for itself (client_credentials), and scopes are for users.",
            f"Check roles for such callers, and give the client an app role; or let "
            f"the client get a token for a user, with scope={case.prefix}/{name}.",
        )
    came = f"scp is '{' '.join(held)}'" if held else "there is no scp"
    folded = next((each for each in held if each.lower() == name.lower()), "")
    if folded:
        return Finding(
            "scope", "refused", f"{came}; the API compares with '{name}', in another case.", f"Compare with '{folded}'."
        )
    return Finding(
        "scope", "refused", f"'{name}' is not in the token: {came}.{_why(case, app, name)}", _fix(case, app, name)
    )


def _why(case: Case, app: Application | None, name: str) -> str:
    """What the directory knows of the scope."""
    if app is None or app.is_graph:
        return ""
    if not app.exposes(name):
        near = nearest(name, [scope.value for scope in app.scopes])
        return f" {app.display_name} exposes no such scope.{f' Nearest: {near}.' if near else ''}"
    if _is_consented(case, app, name):
        return f" It is consented to for {case.called(case.client)}, but this token was not asked for with it."
    return f" {app.display_name} exposes it, and {case.called(case.client)} did not ask for it, or nobody consented."


def _is_consented(case: Case, app: Application, name: str) -> bool:
    tenant = case.tenant(str(case.claims.get("tid", "")))
    return tenant is not None and any(
        (grant.client_id, grant.resource_id) == (case.client, app.app_id)
        and name in grant.scopes
        and grant.user_id in (None, case.claims.get("oid"))
        for grant in tenant.grants
    )


def _fix(case: Case, app: Application | None, name: str) -> str:
    if app and not app.is_graph and not app.exposes(name):
        return f"Expose '{name}' in the API's registration (oauth2PermissionScopes), or check for one that it exposes."
    return f"Let the client ask for scope={case.prefix}/{name}; a token in its cache keeps the scopes that it has."


def check_roles(case: Case) -> Iterator[Finding]:
    """Every app role that is needed is in ``roles``."""
    held = case.words("roles")
    for wanted in case.expected.roles:
        if wanted in held:
            yield Finding("role", "ok", wanted)
        elif wanted in case.words("scp"):
            yield Finding(
                "role", "refused", f"'{wanted}' is in scp, not in roles: it is a scope.", "Check the claim scp for it."
            )
        else:
            came = f"roles is {', '.join(held)}" if held else "there is no claim roles"
            yield Finding(
                "role",
                "refused",
                f"'{wanted}' is not in the token: {came}.{_why_role(case, wanted)}",
                _fix_role(case, wanted),
            )


def _why_role(case: Case, wanted: str) -> str:
    app = case.app(case.api)
    if app is None or app.is_graph:
        return ""
    role = next((each for each in app.app_roles if each.value == wanted), None)
    kind = "Application" if case.is_app_only else "User"
    if role is None:
        near = nearest(wanted, [each.value for each in app.app_roles])
        return f" {app.display_name} has no such app role.{f' Nearest: {near}.' if near else ''}"
    if not role.enabled:
        return " The app role is disabled."
    if kind not in role.allowed_member_types:
        return f" Only {' and '.join(role.allowed_member_types)} may hold it (allowedMemberTypes), and not {kind}."
    return ""


def _fix_role(case: Case, wanted: str) -> str:
    if case.api != case.audience:
        return f"Get a token for {case.called(case.api)}: the roles in it are those held there."
    if case.is_app_only:
        return f"Give the client the app role '{wanted}' of the API, and let an administrator consent."
    return f"Assign the user, or a group, to the app role '{wanted}' of the API's enterprise application."

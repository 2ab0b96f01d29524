"""The AADSTS errors raised here, as Entra words them.

Sources: ED:reference-error-codes for the D rows; the O rows were seen in logs, fixtures and issues (facts §4E).
A message is a ``str.format`` template; its fields are the keyword arguments of :class:`mock_idp.errors.EntraError`.
"""

from typing import NamedTuple


class ErrorRow(NamedTuple):
    """One AADSTS number.

    Attributes:
        number: the digits after ``AADSTS``.
        error: the OAuth ``error`` in a JSON answer and, unless ``redirect_error`` says otherwise, in a redirect.
        status: HTTP status of the JSON answer.
        message: template of Microsoft's text, without the number.
        evidence: O, D, K or I, see :mod:`mock_idp.facts`.
        redirect_error: the OAuth ``error`` when the authorization endpoint sends it to the redirect URI.
        suberror: member ``suberror`` of the JSON answer, or empty.
        lookup: whether the answer carries ``error_uri``.
        page: whether the authorization endpoint shows it on a page although it knows where to send it (facts §3.5);
            with ``prompt=none``, where nothing may be shown, it goes to the redirect URI all the same.
        provoke: the request that earns it here.
    """

    number: int
    error: str
    status: int
    message: str
    evidence: str
    provoke: str
    redirect_error: str = ""
    suberror: str = ""
    lookup: bool = True
    page: bool = False


_ROWS = (
    ErrorRow(
        16000, "interaction_required", 400,
        "Either multiple user identities are available for the current request or selected account is not supported "
        "for the scenario.",
        "D", "authorize with prompt=none while several users are signed in",
    ),
    ErrorRow(
        160021, "interaction_required", 400,
        "Application requested a user session which does not exist.",
        "D", "authorize with prompt=none and a login_hint or sid of somebody who is not among those signed in",
    ),
    ErrorRow(
        28000, "invalid_request", 400,
        "Provided value for the input parameter scope is not valid because it contains more than one resource. "
        "Scope {scope} is not valid.",
        "O", "redeem a code for scopes that name two resources",
    ),
    ErrorRow(
        28002, "invalid_scope", 400,
        "Provided value for the input parameter scope '{scope}' is not valid when requesting an access token. "
        "Please specify a valid scope.",
        "O", "redeem a code that was asked for several resources with OIDC scopes alone",
    ),
    ErrorRow(
        28003, "invalid_request", 400,
        "Provided value for the input parameter scope cannot be empty when requesting an access token using the "
        "provided authorization code. Please specify a valid scope.",
        "O", "redeem a code that was asked for several resources without scope",
    ),
    ErrorRow(
        28004, "invalid_scope", 400,
        "Provided value for the input parameter scope is not valid because it has too many scopes.",
        "D", "ask for more than 100 scopes",
    ),
    ErrorRow(
        50011, "invalid_client", 400,
        "The redirect URI '{uri}' specified in the request does not match the redirect URIs configured for the "
        "application '{app_id}'. Make sure the redirect URI sent in the request matches one added to your application "
        "in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to fix this.",
        "O", "authorize with a redirect_uri that is not registered",
    ),
    ErrorRow(
        500011, "invalid_resource", 400,
        "The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the "
        "application has not been installed by the administrator of the tenant or consented to by any user in the "
        "tenant. You might have sent your authentication request to the wrong tenant.",
        "O", "ask for a scope of an API that the tenant does not know",
    ),
    ErrorRow(
        500014, "invalid_resource", 400,
        "The service principal for resource '{resource}' is disabled. This indicate that a subscription within the "
        "tenant has lapsed, or that the administrator for this tenant has disabled the application, preventing tokens "
        "from being issued for it.",
        "O", "ask for a scope of an API whose service principal has accountEnabled = false",
    ),
    ErrorRow(
        500112, "invalid_client", 400,
        "The reply address '{uri}' does not match the reply address '{expected}' provided when requesting "
        "Authorization code.",
        "O", "redeem a code with another redirect_uri than it was asked with", lookup=False,
    ),
    ErrorRow(
        50020, "invalid_grant", 400,
        "User account '{{EmailHidden}}' from identity provider '{idp}' does not exist in tenant '{tenant}' and cannot "
        "access the application '{app_id}'({name}) in that tenant. The account needs to be added as an external user "
        "in the tenant first. Sign out and sign in again with a different Azure Active Directory user account.",
        "O", "sign in or refresh at another tenant than those where the user has an account",
        redirect_error="access_denied", page=True,
    ),
    ErrorRow(
        50034, "invalid_grant", 400,
        "The user account {{EmailHidden}} does not exist in the {tenant} directory. To sign into this application, "
        "the account must be added to the directory.",
        "O", "sign in as somebody whom the tenant does not know",
    ),
    ErrorRow(
        50049, "invalid_instance", 400,
        "Unknown or invalid instance.",
        "O", "instance discovery for a host that is not Microsoft's",
    ),
    ErrorRow(
        50053, "invalid_grant", 400,
        "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
        "O", "sign in as a user who is declared locked",
    ),
    ErrorRow(
        50055, "invalid_grant", 400,
        "The password is expired.",
        "O", "sign in as a user whose password is declared expired", suberror="user_password_expired",
    ),
    ErrorRow(
        50057, "invalid_grant", 400,
        "The user account is disabled.",
        "O", "sign in as a disabled user, or refresh after the user was disabled",
        redirect_error="interaction_required",
    ),
    ErrorRow(
        50058, "login_required", 400,
        "A silent sign-in request was sent but no user is signed in.",
        "O", "authorize with prompt=none and no session",
    ),
    ErrorRow(
        50059, "invalid_request", 400,
        "No tenant-identifying information found in either the request or implied by any provided credentials.",
        "D", "client_credentials on /common",
    ),
    ErrorRow(
        50076, "invalid_grant", 400,
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must "
        "use multi-factor authentication to access '{resource}'.",
        "O", "authorize with prompt=none, or refresh, for a user who has to prove a second factor and did not",
        suberror="basic_action", redirect_error="interaction_required",
    ),
    ErrorRow(
        50105, "invalid_grant", 400,
        "Your administrator has configured the application {name} ('{app_id}') to block users unless they are "
        "specifically granted ('assigned') access to the application. The signed in user '{user}' is blocked because "
        "they are not a direct member of a group with access, nor had access directly assigned by an administrator. "
        "Please contact your administrator to assign access to this application.",
        "O", "sign in to an app with appRoleAssignmentRequired, or ask for a scope of such an API, as a user who is "
        "not assigned to it",
        redirect_error="access_denied", page=True,
    ),
    ErrorRow(
        501051, "invalid_grant", 400,
        "Application '{app_id}'({name}) is not assigned to a role for the application '{resource_id}'({resource}).",
        "O", "client_credentials for an API with appRoleAssignmentRequired to which the client is not assigned",
    ),
    ErrorRow(
        50126, "invalid_grant", 400,
        "Error validating credentials due to invalid username or password.",
        "O", "sign in with a wrong password",
    ),
    ErrorRow(
        50147, "invalid_request", 400,
        "The size or charset of the code_challenge parameter is not valid.",
        "D", "authorize with a code_challenge that has other than 43 to 128 unreserved characters",
    ),
    ErrorRow(
        50148, "invalid_grant", 400,
        "The code_verifier does not match the code_challenge supplied in the authorization request for PKCE.",
        "O", "redeem without code_verifier a code that was asked with a code_challenge",
    ),
    ErrorRow(
        501481, "invalid_grant", 400,
        "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
        "O", "redeem with a wrong code_verifier", lookup=False,
    ),
    ErrorRow(
        50149, "invalid_request", 400,
        "The code_challenge_method '{method}' is not valid.",
        "D", "authorize with a code_challenge_method other than S256 and plain",
    ),
    ErrorRow(
        501491, "invalid_request", 400,
        "The size of the Code_Challenge parameter is not valid.",
        "D", "authorize with method S256 and a code_challenge that is not 43 characters long",
    ),
    ErrorRow(
        50173, "invalid_grant", 400,
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have "
        "changed or reset their password. The grant was issued on '{issued}' and the TokensValidFrom date (before "
        "which tokens are not valid) for this user is '{valid_from}'.",
        "O", "refresh after the user's sign-ins were revoked (in a test: entra.revoke)", suberror="bad_token",
    ),
    ErrorRow(
        50194, "invalid_request", 400,
        "Application '{app_id}'({name}) is not configured as a multi-tenant application. Usage of the /common endpoint "
        "is not supported for such applications created after '10/15/2018'. Use a tenant-specific endpoint or "
        "configure the application to be multi-tenant.",
        "O", "use a single-tenant app on /common or /organizations",
    ),
    ErrorRow(
        51000, "invalid_request", 404,
        "The required feature is not enabled.",
        "D", "ask for something that Entra's discovery names and this stand-in does not serve",
    ),
    ErrorRow(
        54005, "invalid_grant", 400,
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing "
        "refresh token.",
        "O", "redeem a code twice",
    ),
    ErrorRow(
        65001, "invalid_grant", 400,
        "The user or administrator has not consented to use the application with ID '{app_id}' named '{name}'. "
        "Send an interactive authorization request for this user and resource.",
        "O", "ask for a scope that nobody has consented to", suberror="consent_required",
        redirect_error="interaction_required",
    ),
    ErrorRow(
        650053, "invalid_client", 400,
        "The application '{name}' asked for scope '{scope}' that doesn't exist on the resource '{resource_id}'. "
        "Contact the app vendor.",
        "O", "authorize with a scope that the API does not expose",
    ),
    ErrorRow(
        650057, "invalid_resource", 400,
        "Invalid resource. The client has requested access to a resource which is not listed in the requested "
        "permissions in the client's application registration. Client app ID: {app_id}({name}). Resource value from "
        "request: {resource}. Resource app ID: {resource_id}. List of valid resources from app registration: {known}.",
        "O", "ask for {resource}/.default of an API on which the client has no permission",
    ),
    ErrorRow(
        70000, "invalid_grant", 400,
        "Provided grant is invalid or malformed.",
        "O", "present a code or refresh token that another client was given",
    ),
    ErrorRow(
        700005, "invalid_grant", 400,
        "Provided Authorization Code is intended to use against other tenant, thus rejected.",
        "D", "redeem a code at another tenant's endpoint",
    ),
    ErrorRow(
        70003, "unsupported_grant_type", 400,
        "The app requested an unsupported grant type '{grant_type}'.",
        "O", "token with a grant_type that is not served", lookup=False,
    ),
    ErrorRow(
        70005, "unsupported_response_type", 400,
        "The app returned an unsupported response type '{response_type}'.",
        "D", "authorize with a response_type that is not served",
    ),
    ErrorRow(
        70007, "invalid_request", 400,
        "The application requested an unsupported mode '{response_mode}' when requesting a token.",
        "O", "authorize with a response_mode other than query, fragment and form_post",
        redirect_error="unsupported_response_mode",
    ),
    ErrorRow(
        70008, "invalid_grant", 400,
        "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive "
        "authorization request for this user and resource.",
        "O", "redeem a code more than ten minutes after it was issued",
    ),
    ErrorRow(
        700016, "unauthorized_client", 400,
        "Application with identifier '{app_id}' was not found in the directory '{tenant}'. This can happen if the "
        "application has not been installed by the administrator of the tenant or consented to by any user in the "
        "tenant. You may have sent your authentication request to the wrong tenant.",
        "O", "use a client_id that the tenant does not know",
    ),
    ErrorRow(
        700025, "invalid_client", 401,
        "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
        "O", "send a secret for a code that a public client or SPA was given",
    ),
    ErrorRow(
        700027, "invalid_client", 401,
        "Client assertion contains an invalid signature. [Reason - The key was not found.]",
        "O", "send a client_assertion: no application here has a certificate yet",
    ),
    ErrorRow(
        700038, "unauthorized_client", 400,
        "{app_id} is not a valid application identifier.",
        "O", "use the nil GUID as client_id", lookup=False,
    ),
    ErrorRow(
        70011, "invalid_scope", 400,
        "The provided request must include a 'scope' input parameter. The provided value for the input parameter "
        "'scope' is not valid. The scope {scope} is not valid.{note}",
        "O", "send a scope that cannot be parsed, or to the token endpoint one that the API does not expose",
    ),
    ErrorRow(
        700051, "unsupported_response_type", 400,
        "response_type 'token' is not enabled for the application.",
        "O", "authorize with response_type=token for an app without implicit grant",
    ),
    ErrorRow(
        700054, "unsupported_response_type", 400,
        "response_type 'id_token' is not enabled for the application.",
        "O", "authorize with response_type=id_token for an app without implicit grant",
    ),
    ErrorRow(
        700082, "invalid_grant", 400,
        "The refresh token has expired due to inactivity. The token was issued on {issued} and was inactive for "
        "{inactive}.",
        "K", "refresh with a token that is older than 90 days", suberror="bad_token",
    ),
    ErrorRow(
        700084, "invalid_grant", 400,
        "The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of "
        "1.00:00:00, which cannot be extended. It is now expired and a new sign in request must be sent by the SPA to "
        "the sign in page. The token was issued on {issued}.",
        "O", "refresh with a single-page app's token that is older than 24 hours", suberror="bad_token",
    ),
    ErrorRow(
        7000112, "unauthorized_client", 400,
        "Application '{app_id}'({name}) is disabled.",
        "K", "use a client whose service principal has accountEnabled = false",
    ),
    ErrorRow(
        7000215, "invalid_client", 401,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not "
        "the client secret ID, for a secret added to app '{app_id}'.",
        "O", "send a wrong client_secret",
    ),
    ErrorRow(
        7000216, "invalid_client", 401,
        "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
        "O", "client_credentials without a secret",
    ),
    ErrorRow(
        7000218, "invalid_client", 401,
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        "O", "redeem a web app's code without a secret",
    ),
    ErrorRow(
        7000222, "invalid_client", 401,
        "The provided client secret keys for app '{app_id}' are expired. Visit the Azure portal to create new keys for "
        "your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: "
        "https://aka.ms/certCreds.",
        "O", "a secret whose endDateTime has passed",
    ),
    ErrorRow(
        90002, "invalid_tenant", 400,
        "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the "
        "correct cloud. Check with your subscription administrator, this may happen if there are no active "
        "subscriptions for the tenant.",
        "O", "v1.0 discovery for organizations or consumers",
    ),
    ErrorRow(
        90004, "invalid_request", 400,
        "The request isn't properly formatted.",
        "D", "broken percent-encoding, control characters, a body that is too large",
    ),
    ErrorRow(
        90009, "invalid_request", 400,
        "Application '{app_id}'({name}) is requesting a token for itself. This scenario is supported only if resource "
        "is specified using the GUID based App Identifier.",
        "O", "ask for api://{own client id}/.default in a user flow",
    ),
    ErrorRow(
        90015, "invalid_request", 414,
        "Requested query string is too long.",
        "D", "a query string of more than 32 KiB",
    ),
    ErrorRow(
        90023, "invalid_request", 400,
        "Invalid STS request.",
        "O", "authorize with an unknown prompt",
    ),
    ErrorRow(
        900023, "invalid_request", 400,
        "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.",
        "O", "a tenant in the path that is neither a GUID nor a domain",
    ),
    ErrorRow(
        9000411, "invalid_request", 400,
        "The request is not properly formatted. The parameter '{parameter}' is duplicated.",
        "O", "send the same parameter twice",
    ),
    ErrorRow(
        900144, "invalid_request", 400,
        "The request body must contain the following parameter: '{parameter}'.",
        "O", "leave out a required parameter",
    ),
    ErrorRow(
        900561, "invalid_request", 400,
        "The endpoint only accepts {methods} requests. Received a {method} request.",
        "O", "GET the token endpoint, or any other wrong HTTP method",
    ),
    ErrorRow(
        9002313, "invalid_grant", 400,
        "Invalid request. Request is malformed or invalid.",
        "O", "present a code or refresh token that is not one",
    ),
    ErrorRow(
        9002325, "invalid_request", 400,
        "Proof Key for Code Exchange is required for cross-origin authorization code redemption.",
        "O", "authorize without code_challenge for a single-page app's redirect URI",
    ),
    ErrorRow(
        9002326, "invalid_request", 400,
        "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. "
        "Request origin: '{origin}'.",
        "O", "send Origin to the token endpoint for another platform's redirect URI",
    ),
    ErrorRow(
        9002327, "invalid_request", 400,
        "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.",
        "O", "redeem a single-page app's code without Origin",
    ),
    ErrorRow(
        9002332, "invalid_request", 400,
        "Application '{app_id}'({name}) is configured for use by Azure Active Directory users only. Please do not use "
        "the /consumers endpoint to serve this request.",
        "K", "authorize or token on /consumers: personal accounts are not emulated",
    ),
    ErrorRow(
        9002346, "invalid_request", 400,
        "Application '{app_id}'({name}) is configured for use by Microsoft Account users only. Please use the "
        "/consumers endpoint to serve this request.",
        "O", "use an app whose signInAudience is PersonalMicrosoftAccount",
    ),
    ErrorRow(
        90094, "invalid_grant", 400,
        "The grant requires admin permission.",
        "O", "authorize, as somebody who is no administrator, with a scope of type Admin that nobody consented to",
        redirect_error="access_denied", page=True,
    ),
    ErrorRow(
        901002, "invalid_request", 400,
        "The 'resource' request parameter isn't supported.",
        "D", "send resource instead of scope to a v2.0 endpoint",
    ),
    ErrorRow(
        9010010, "invalid_target", 400,
        "The resource parameter provided in the request doesn't match with the requested scopes.",
        "O", "send to a v2.0 endpoint a resource that is not the one of the scopes",
    ),
    ErrorRow(
        1002012, "invalid_scope", 400,
        "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with "
        "/.default suffixed to the resource identifier (application ID URI).",
        "O", "client_credentials with a named scope",
    ),
)  # fmt: skip

ERRORS = {row.number: row for row in _ROWS}
"""The rows by number."""

"""The AADSTS errors raised here, as Entra words them.

Sources: ED:reference-error-codes for the D rows; the O rows were seen in logs, fixtures and issues (facts §4E).
A message is a ``str.format`` template; its fields are the keyword arguments of :class:`mock_idp.errors.EntraError`.
What Entra has besides is in :mod:`mock_idp.facts.errors_elsewhere`.
"""

from typing import NamedTuple

PLACES = {
    "json": "JSON",
    "redirect": "sent to the redirect URI",
    "page": "a page of its own",
    "sign-in": "told on the sign-in page",
}
"""Where an error appears."""


class ErrorRow(NamedTuple):
    """One AADSTS number.

    Attributes:
        number: the digits after ``AADSTS``.
        error: the OAuth ``error`` in a JSON answer and, unless ``redirect_error`` says otherwise, in a redirect.
        status: HTTP status of the JSON answer.
        message: template of Microsoft's text, without the number.
        evidence: O, D, K or I, see :mod:`mock_idp.facts`.
        redirect_error: the OAuth ``error`` when the authorization endpoint sends it to the redirect URI.
        v1_error: the OAuth ``error`` at the v1.0 token endpoint, if it is another one (facts §4E).
        suberror: member ``suberror`` of the JSON answer, or empty.
        lookup: whether the answer carries ``error_uri``.
        page: whether the authorization endpoint shows it on a page although it knows where to send it (facts §3.5);
            with ``prompt=none``, where nothing may be shown, it goes to the redirect URI all the same.
        unreadable: whether the request is none that can be read; a page that says so has the row's status, any other
            one 200 (facts §3.5).
        provoke: the request that earns it here; where nothing here does, what earns it at Entra.
        where: the places where it appears here, words of :data:`PLACES`.
        fix: what to change, in the app or in its registration.
        unearned: why nothing here earns it, of a row in :mod:`mock_idp.facts.errors_elsewhere`; else empty.
    """

    number: int
    error: str
    status: int
    message: str
    evidence: str
    provoke: str
    redirect_error: str = ""
    v1_error: str = ""
    suberror: str = ""
    lookup: bool = True
    page: bool = False
    unreadable: bool = False
    where: str = ""
    fix: str = ""
    unearned: str = ""


_ROWS = (
    ErrorRow(
        16000, "interaction_required", 400,
        "Either multiple user identities are available for the current request or selected account is not supported "
        "for the scenario.",
        "O", "authorize with prompt=none while several users are signed in",
        fix="Add login_hint (or sid) to say which of the signed-in users is meant, or go without prompt=none "
        "and let the user choose. When Entra's text goes on that the user account does not exist in the "
        "tenant, sign in with another account, or invite this one as a guest.",
        where="redirect",
    ),
    ErrorRow(
        160021, "interaction_required", 400,
        "Application requested a user session which does not exist.",
        "O", "authorize with prompt=none and a login_hint or sid of somebody who is not among those signed in",
        fix="Sign in without prompt=none first, or send the login_hint of somebody who is signed in.",
        where="redirect",
    ),
    ErrorRow(
        240002, "invalid_request", 400,
        "Input id_token cannot be used as 'urn:ietf:params:oauth:grant-type:jwt-bearer' grant.",
        "O", "on-behalf-of with an id token", where="json",
        fix="Send the access token with which the API was called. An id token is for the app that signed the user in.",
    ),
    ErrorRow(
        28000, "invalid_request", 400,
        "Provided value for the input parameter scope is not valid because it contains more than one resource. "
        "Scope {scope} is not valid.",
        "O", "redeem a code for scopes that name two resources",
        fix="Redeem the code for one resource's scopes, and get the other resource's token with the refresh "
        "token. In MSAL: pass scopes= with one resource to the redemption, then acquire_token_silent for "
        "the other.",
        where="json",
    ),
    ErrorRow(
        28002, "invalid_scope", 400,
        "Provided value for the input parameter scope '{scope}' is not valid when requesting an access token. "
        "Please specify a valid scope.",
        "O", "redeem a code that was asked for several resources with OIDC scopes alone",
        fix="Name in scope a permission of one of the resources that the code was asked for.",
        where="json",
    ),
    ErrorRow(
        28003, "invalid_request", 400,
        "Provided value for the input parameter scope cannot be empty when requesting an access token using the "
        "provided authorization code. Please specify a valid scope.",
        "O", "redeem a code that was asked for several resources without scope",
        fix="Send scope with the redemption, naming permissions of one resource.",
        where="json",
    ),
    ErrorRow(
        28004, "invalid_scope", 400,
        "Provided value for the input parameter scope is not valid because it has too many scopes.",
        "D", "ask for more than 100 scopes",
        fix="Ask for fewer scopes, or for {resource}/.default.",
        where="redirect json",
    ),
    ErrorRow(
        50011, "invalid_client", 400,
        "The redirect URI '{uri}' specified in the request does not match the redirect URIs configured for the "
        "application '{app_id}'. Make sure the redirect URI sent in the request matches one added to your application "
        "in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to fix this.",
        "O", "authorize with a redirect_uri that is not registered",
        fix="Register exactly the redirect URI that the app sends: scheme, host, port, path, trailing slash "
        "and letter case count. Only the port of http://localhost and http://127.0.0.1 is free.",
        where="page json",
    ),
    ErrorRow(
        50013, "invalid_grant", 400,
        "Assertion failed signature validation. [Reason - {reason}, Thumbprint of key used by client: '{thumbprint}', "
        "Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id "
        "'00000000-0000-0000-0000-000000000000'. Review the documentation at "
        "https://docs.microsoft.com/en-us/graph/deployments to determine the corresponding service endpoint "
        "and https://docs.microsoft.com/en-us/graph/api/application-get?view=graph-rest-1.0&tabs=http to build a query "
        "request URL, such as 'https://graph.microsoft.com/beta/applications/00000000-0000-0000-0000-000000000000'].",
        "O", "on-behalf-of with an assertion that another key signed, or that was changed", where="json",
        fix="Send the access token as it came to the API, unchanged; it has to be of this tenant's Entra, not of a "
        "custom signing key.",
    ),
    ErrorRow(
        500131, "invalid_grant", 400,
        "Assertion audience does not match the Client app presenting the assertion. The audience in the assertion was "
        "'{audience}' and the expected audience is '{app_id}' or one of the Application Uris of this application with "
        "App ID '{app_id}'({name}). The downstream client must request a token for the expected audience (the "
        "application that made the OBO request) and this application should use that token as the assertion.",
        "O", "on-behalf-of with a token that is for another API, Microsoft Graph included", where="json",
        fix="Let the caller ask for a scope of the API that exchanges the token, not of the API behind it.",
    ),
    ErrorRow(
        500133, "invalid_grant", 400,
        "Assertion is not within its valid time range. Ensure that the access token is not expired before using it for "
        "user assertion, or request a new token. Current time: {now}, expiry time of assertion {expires}.",
        "O", "on-behalf-of with an expired token", where="json",
        fix="Refuse expired tokens at the door of the API, and let the caller get a new one.",
    ),
    ErrorRow(
        50014, "access_denied", 400,
        "The user's redemption is in a pending state. The guest user account is not fully created yet.",
        "D", 'sign in as a guest who is declared with attributes = { externalUserState = "PendingAcceptance" }',
        page=True,
        fix="Let the guest accept the invitation first.",
        where="page redirect",
    ),
    ErrorRow(
        500011, "invalid_resource", 400,
        "The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the "
        "application has not been installed by the administrator of the tenant or consented to by any user in the "
        "tenant. You might have sent your authentication request to the wrong tenant.",
        "O", "ask for a scope of an API that the tenant does not know",
        fix="Check the part of the scope before the last slash: it has to be an Application ID URI "
        "(identifierUris) or the client id of an API in this tenant. A multi-tenant API must be in the "
        "tenant too.",
        where="redirect json",
    ),
    ErrorRow(
        500013, "invalid_resource", 400,
        "Resource identifier is not provided.",
        "O", "at v1.0 redeem a code, or ask authorize for an access token, without a resource anywhere",
        fix="Add the parameter resource with the Application ID URI of the API, to authorize or to the token endpoint.",
        where="redirect json",
    ),
    ErrorRow(
        500014, "invalid_resource", 400,
        "The service principal for resource '{resource}' is disabled. This indicate that a subscription within the "
        "tenant has lapsed, or that the administrator for this tenant has disabled the application, preventing tokens "
        "from being issued for it.",
        "O", "ask for a scope of an API whose service principal has accountEnabled = false",
        fix="Enable the API's enterprise application again (accountEnabled = true).",
        where="redirect json",
    ),
    ErrorRow(
        500021, "access_denied", 400,
        "Access to '{tenant}' tenant is denied.",
        "D", "send, as a company's proxy does, Restrict-Access-To-Tenants without this tenant",
        page=True,
        fix="Have the tenant added to the proxy's tenant restrictions, or use another network.",
        where="page json",
    ),
    ErrorRow(
        500112, "invalid_client", 400,
        "The reply address '{uri}' does not match the reply address '{expected}' provided when requesting "
        "Authorization code.",
        "O", "redeem a code with another redirect_uri than it was asked with", lookup=False,
        fix="Send to the token endpoint the very redirect_uri that was sent to authorize.",
        where="json",
    ),
    ErrorRow(
        500117, "invalid_client", 400,
        "The reply uri specified in the request isn't using a secure scheme.",
        "O", "authorize with a redirect_uri of http:// at another host than localhost and 127.0.0.1, such as "
        "http://app.example/callback, that is not declared for the app",
        fix="Use https, or http://localhost while developing. Behind a proxy that ends TLS, let the app believe "
        "X-Forwarded-Proto.",
        where="page json",
    ),
    ErrorRow(
        50020, "invalid_grant", 400,
        "User account '{{EUII Hidden}}' from identity provider '{idp}' does not exist in tenant '{tenant}' and cannot "
        "access the application '{app_id}'({name}) in that tenant. The account needs to be added as an external user "
        "in the tenant first. Sign out and sign in again with a different Azure Active Directory user account.",
        "O", "sign in or refresh at another tenant than those where the user has an account",
        redirect_error="access_denied", page=True,
        fix="Invite the user as a guest, sign in with an account of this tenant, or make the app multi-tenant "
        "and use /common or /organizations.",
        where="page json",
    ),
    ErrorRow(
        500200, "invalid_request", 400,
        "User account '{{EUII Hidden}}' is a personal Microsoft account. Personal Microsoft accounts are not supported "
        "for this application unless explicitly invited to an organization. Try signing out and signing back in with "
        "an organizational account.",
        "O", "sign in to a declared tenant with an address at outlook.com, hotmail.com, live.com or msn.com that is no "
        "guest of it",
        page=True,
        fix="Sign in with a work account, or invite the address as a guest.",
        where="page",
    ),
    ErrorRow(
        50027, "invalid_request", 400,
        "JWT token is invalid or malformed.",
        "O", "on-behalf-of with an assertion that is no JWT", where="json",
        fix="Send the token itself: three parts between dots, without 'Bearer' and without quotes.",
    ),
    ErrorRow(
        5002723, "invalid_client", 401,
        "Invalid JWT token. No certificate SHA-1 thumbprint, certificate SHA-256 thumbprint, nor keyId specified in "
        "token header.",
        "O", "send a client_assertion whose header has neither x5t#S256 nor x5t nor kid",
        fix="Name the key in the assertion's header: x5t#S256 (or x5t) of the certificate; another issuer's token has "
        "kid.",
        where="json",
    ),
    ErrorRow(
        5002727, "invalid_request", 400,
        "Invalid JWT header type specified. Allowed types: 'JWT','http://openid.net/specs/jwt/1.0'.",
        "O", "send a client_assertion whose header has the typ at+jwt",
        fix="Write typ: JWT into the assertion's header. A token of another issuer that says at+jwt is no assertion: "
        "take its id token, or change its token type.",
        where="json",
    ),
    ErrorRow(
        5002730, "invalid_request", 400,
        "Invalid JWT token. Unsupported key for the signing algorithm.",
        "O", "sign a client_assertion with a registered certificate whose key is no RSA key",
        fix="Make a certificate with an RSA key, and register it.",
        where="json",
    ),
    ErrorRow(
        5002738, "invalid_client", 401,
        "Invalid JWT token. '{algorithm}' is not a supported signature algorithm. Supported signing algorithms are: "
        "'{supported}'.",
        "O", "send a client_assertion with alg none or HS256. Of another issuer (iss is a URL) anything but RS256, "
        "and that is 400 invalid_request",
        fix="Sign the assertion with PS256 or RS256; a token of another issuer with RS256.",
        where="json",
    ),
    ErrorRow(
        50034, "invalid_grant", 400,
        "The user account {{EUII Hidden}} does not exist in the {tenant} directory. To sign into this application, "
        "the account must be added to the directory.",
        "O", "sign in as somebody whom the tenant does not know",
        fix="Check the user name and the tenant: the account has to be in the tenant that the authority "
        "names.",
        where="sign-in json",
    ),
    ErrorRow(
        500341, "invalid_grant", 400,
        "The user account {{EUII Hidden}} has been deleted from the {tenant} directory. To sign into this application, "
        "the account must be added to the directory.",
        "O", "refresh after the user was taken out of the directory file",
        fix="Restore the user within 30 days, or let somebody else sign in. Here: declare the user again.",
        where="json",
    ),
    ErrorRow(
        50048, "invalid_client", 401,
        "Subject must match the issuer claim in the client assertion.",
        "O", "send a client_assertion whose iss and sub are not the same",
        fix="Write the client id into both iss and sub.",
        where="json",
    ),
    ErrorRow(
        50049, "invalid_instance", 400,
        "Unknown or invalid instance.",
        "O", "instance discovery for a host that is not Microsoft's",
        fix="Use an authority on a host of Microsoft's, such as https://login.microsoftonline.com; for any "
        "other, switch instance discovery off in the client.",
        where="json",
    ),
    ErrorRow(
        50053, "invalid_grant", 400,
        "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
        "O", "sign in as a user who is declared locked",
        fix="Wait, or let an administrator unlock the account. Here: take `locked` off the declared user.",
        where="sign-in json",
    ),
    ErrorRow(
        50055, "invalid_grant", 400,
        "The password is expired.",
        "O", "sign in as a user whose password is declared expired", suberror="user_password_expired",
        fix="Let the user change the password on the sign-in page. Here: take `passwordExpired` off the "
        "declared user.",
        where="sign-in json",
    ),
    ErrorRow(
        50057, "invalid_grant", 400,
        "The user account is disabled.",
        "O", "sign in as a disabled member of the tenant, or refresh after the user was disabled",
        redirect_error="interaction_required",
        fix="Enable the user, or sign in as somebody else. Here: `accountEnabled` of the declared user.",
        where="sign-in redirect json",
    ),
    ErrorRow(
        500571, "invalid_grant", 400,
        "The guest user account is disabled.",
        "O", "sign in as a guest whose accountEnabled is false in this tenant, or refresh after it was set so",
        redirect_error="interaction_required", page=True,
        fix="Enable the guest in the tenant that is asked, or name the authority of another tenant: at /organizations "
        "tools may choose one where the account was disabled.",
        where="page redirect json",
    ),
    ErrorRow(
        50058, "login_required", 400,
        "A silent sign-in request was sent but no user is signed in.",
        "O", "authorize with prompt=none and no session",
        fix="Treat it as login_required: send the user to authorize without prompt=none.",
        where="redirect",
    ),
    ErrorRow(
        50059, "invalid_request", 400,
        "No tenant-identifying information found in either the request or implied by any provided credentials.",
        "O", "client_credentials on /common or /organizations with a multi-tenant or undeclared app; or a device code "
        "(/devicecode) there for a declared app of one tenant (signInAudience = AzureADMyOrg)",
        fix="Put the tenant's id or domain into the authority in place of common, organizations or consumers; for "
        "device code also: make the app multi-tenant.",
        where="json",
    ),
    ErrorRow(
        50076, "invalid_grant", 400,
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must "
        "use multi-factor authentication to access '{resource}'.",
        "O", "authorize with prompt=none, or refresh, for a user who has to prove a second factor and did not",
        suberror="basic_action", redirect_error="interaction_required", v1_error="interaction_required",
        fix="Send the user through authorize again; in an API pass the claims challenge on to the client. "
        "ROPC and silent calls cannot show a second factor.",
        where="redirect json",
    ),
    ErrorRow(
        50079, "invalid_grant", 400,
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must "
        "enroll in multi-factor authentication to access '{resource}'.",
        "O", "authorize with prompt=none, refresh, ROPC or on-behalf-of, for a user who has to prove a second factor "
        "(mfaRequired = true) and never registered one (mfaRegistered = false)",
        suberror="basic_action", redirect_error="interaction_required", v1_error="interaction_required",
        fix="Send the user through authorize again, where the pages register a method; in an API pass the claims "
        "challenge on to the client. ROPC and silent calls cannot show these pages.",
        where="redirect json",
    ),
    ErrorRow(
        50105, "invalid_grant", 400,
        "Your administrator has configured the application {name} ('{app_id}') to block users unless they are "
        "specifically granted ('assigned') access to the application. The signed in user '{{EUII Hidden}}' is blocked "
        "because they are not a direct member of a group with access, nor had access directly assigned by an "
        "administrator. Please contact your administrator to assign access to this application.",
        "O", "sign in to an app with appRoleAssignmentRequired, or ask for a scope of such an API, as a user who is "
        "not assigned to it",
        redirect_error="access_denied", page=True,
        fix="Assign the user, or a group that the user is a direct member of, to the enterprise application; "
        "or set appRoleAssignmentRequired to false.",
        where="page redirect json",
    ),
    ErrorRow(
        501051, "invalid_grant", 400,
        "Application '{app_id}'({name}) is not assigned to a role for the application '{resource_id}'({resource}).",
        "O", "client_credentials for an API with appRoleAssignmentRequired to which the client is not assigned",
        fix="Give the client an app role of the API and let an administrator consent; or set "
        "appRoleAssignmentRequired of the API to false.",
        where="json",
    ),
    ErrorRow(
        50126, "invalid_grant", 400,
        "Error validating credentials due to invalid username or password.",
        "O", "sign in with a wrong password",
        fix="Check user name and password; Entra does not say which of them is wrong.",
        where="sign-in json",
    ),
    ErrorRow(
        50146, "invalid_request", 400,
        "This application is required to be configured with an application-specific signing key. It is either not "
        "configured with one, or the key has expired or is not yet valid.",
        "O", "get a token for an API (or an id token for a client) that has claimsMapping and not acceptMappedClaims "
        "= true",
        fix="Set acceptMappedClaims of the app to true, or give it a signing key of its own.",
        where="redirect json",
    ),
    ErrorRow(
        501461, "invalid_request", 400,
        "AcceptMappedClaims is only supported for a token audience matching the application GUID or an audience within "
        "the tenant's verified domains. Either change the resource identifier, or use an application-specific signing "
        "key.",
        "O", "in a declared tenant, ask by a name outside the tenant's domains, such as api://{client id}/.default, "
        "for a token for an API that has claimsMapping and acceptMappedClaims = true",
        fix="Ask by the API's bare client id, {client id}/.default; or give it an identifierUris within a domain of "
        "the tenant, such as https://contoso.example/orders.",
        where="redirect json",
    ),
    ErrorRow(
        50147, "invalid_request", 400,
        "The size or charset of the code_challenge parameter is not valid.",
        "D", "authorize with code_challenge_method=plain, or none, and a code_challenge of other than 43 to 128 "
        "characters; with either method, one with other characters than A-Z a-z 0-9 - . _ ~",
        fix="Make code_challenge of 43 to 128 unreserved characters; with S256 it is base64url of the SHA-256 "
        "without padding.",
        where="redirect",
    ),
    ErrorRow(
        50148, "invalid_grant", 400,
        "The code_verifier does not match the code_challenge supplied in the authorization request for PKCE.",
        "O", "redeem without code_verifier a code that was asked with a code_challenge",
        fix="Send the code_verifier from which the challenge of this very sign-in was made; keep it in the "
        "session between the two requests.",
        where="json",
    ),
    ErrorRow(
        501481, "invalid_grant", 400,
        "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
        "O", "redeem with a wrong code_verifier", lookup=False,
        fix="Send the code_verifier of the same sign-in as the code. Two sign-ins in two tabs, or a session "
        "that was replaced, mix them up.",
        where="json",
    ),
    ErrorRow(
        50149, "invalid_request", 400,
        "The code_challenge_method '{method}' is not valid.",
        "D", "authorize with a code_challenge_method other than S256 and plain",
        fix="Use code_challenge_method=S256.",
        where="redirect",
    ),
    ErrorRow(
        501491, "invalid_request", 400,
        "Invalid size of Code_Challenge parameter.",
        "O", "authorize with code_challenge_method=S256 and a code_challenge that is not 43 characters long",
        page=True,
        fix="With S256 the challenge has 43 characters: base64url of the SHA-256, without padding (=).",
        where="page",
    ),
    ErrorRow(
        50166, "invalid_request", 400,
        "Request to External OIDC endpoint failed.",
        "O", "send an assertion of a federated credential's issuer whose keys cannot be fetched", lookup=False,
        fix="Let {issuer}/.well-known/openid-configuration and its jwks_uri be reachable; here, without a network, "
        "declare the issuer's keys with the federated credential.",
        where="json",
    ),
    ErrorRow(
        50173, "invalid_grant", 400,
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have "
        "changed or reset their password. The grant was issued on '{issued}' and the TokensValidFrom date (before "
        "which tokens are not valid) for this user is '{valid_from}'.",
        "O", "refresh after the user's sign-ins were revoked (in a test: entra.revoke)", suberror="bad_token",
        fix="Let the user sign in again: the refresh token was revoked, for instance by a new password.",
        where="json",
    ),
    ErrorRow(
        50194, "invalid_request", 400,
        "Application '{app_id}'({name}) is not configured as a multi-tenant application. Usage of the /common endpoint "
        "is not supported for such applications created after '10/15/2018'. Use a tenant-specific endpoint or "
        "configure the application to be multi-tenant.",
        "O", "authorize, or ask for a token, at /common or /organizations with a declared app of one tenant "
        "(signInAudience = AzureADMyOrg)",
        fix="Use the authority of the app's own tenant, or set signInAudience to AzureADMultipleOrgs.",
        where="page json",
    ),
    ErrorRow(
        51000, "invalid_request", 404,
        "The required feature is not enabled.",
        "D", "ask for something that Entra's discovery names and this stand-in does not serve",
        fix="Nothing in the app: the address is Entra's, and this stand-in does not serve it. See "
        "docs/not-served.md.",
        where="page json",
    ),
    ErrorRow(
        54005, "invalid_grant", 400,
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing "
        "refresh token.",
        "O", "redeem a code twice",
        fix="Redeem each code once. Look for a callback that runs twice: a reload, a retry, two workers.",
        where="json",
    ),
    ErrorRow(
        65001, "invalid_grant", 400,
        "The user or administrator has not consented to use the application with ID '{app_id}' named '{name}'. "
        "Send an interactive authorization request for this user and resource.",
        "O", "ask for a scope that nobody has consented to", suberror="consent_required",
        redirect_error="interaction_required",
        fix="Ask for the scope interactively, so that the user can consent, or let an administrator consent "
        "for the tenant; an API in between also needs the permission in its own registration.",
        where="redirect json",
    ),
    ErrorRow(
        65004, "access_denied", 400,
        "User declined to consent to access the app.",
        "O", "press Cancel on the page that asks for consent (access_denied); or decline on the page of a device "
        "code, then poll (authorization_declined)",
        where="redirect json",
        fix="Treat it as the user's answer: say so, and let the user begin anew.",
    ),
    ErrorRow(
        65005, "invalid_resource", 400,
        "The application required resource access list does not contain applications discoverable by the resource or "
        "the client application has requested access to resource, which was not specified in its required resource "
        "access list or Graph service returned bad request or resource not found.",
        "D", "authorize with .default of an API, for which the client's registration lists the id of a permission that "
        "the API does not have",
        page=True,
        fix="Remove the permission from the client's requiredResourceAccess and add it again.",
        where="page",
    ),
    ErrorRow(
        650052, "invalid_client", 400,
        "The app is trying to access a service '{resource_id}'({resource}) that your organization '{tenant}' lacks a "
        "service principal for. Contact your IT Admin to review the configuration of your service subscriptions or "
        "consent to the application in order to create the required service principal.",
        "O", "authorize with .default of an API that the client's registration lists and that only another tenant has",
        fix="Make the API multi-tenant and let an administrator of this tenant consent to it.",
        where="redirect",
    ),
    ErrorRow(
        650053, "invalid_client", 400,
        "The application '{name}' asked for scope '{scope}' that doesn't exist on the resource '{resource_id}'. "
        "Contact the app vendor.",
        "O", "authorize with a scope that the API does not expose",
        fix="Ask only for scopes that the API exposes, and write the API before them: a name without prefix "
        "is Microsoft Graph's.",
        where="redirect",
    ),
    ErrorRow(
        650054, "invalid_request", 400,
        "The application '{name}' asked for permissions to access a resource that has been removed or is no longer "
        "available. Contact the app vendor.",
        "D", "authorize with {client id}/.default of an API that the client's registration lists and no tenant has",
        fix="Remove the API from the client's requiredResourceAccess, or register it again.",
        where="redirect",
    ),
    ErrorRow(
        650056, "invalid_client", 400,
        "Misconfigured application. This could be due to one of the following: the client has not listed any "
        "permissions for '{resource}' in the requested permissions in the client's application registration. Or, the "
        "admin has not consented in the tenant. Or, check the application identifier in the request to ensure it "
        "matches the configured client application identifier. Or, check the certificate in the request to ensure it's "
        "valid. Please contact your admin to fix the configuration or consent on behalf of the tenant. Client app ID: "
        "{app_id}.",
        "O", "authorize with .default of an API for which the client's registration lists app roles alone",
        page=True,
        fix="Add a delegated permission of the API to the client's registration.",
        where="page",
    ),
    ErrorRow(
        650057, "invalid_resource", 400,
        "Invalid resource. The client has requested access to a resource which is not listed in the requested "
        "permissions in the client's application registration. Client app ID: {app_id}({name}). Resource value from "
        "request: {resource}. Resource app ID: {resource_id}. List of valid resources from app registration: {known}.",
        "O", "authorize with scope={resource}/.default of an API that the client's registration does not list and on "
        "which nobody granted it anything; or send that scope with refresh_token or on-behalf-of",
        redirect_error="invalid_client",
        fix="Add a permission of that API to the client's registration (API permissions, "
        "requiredResourceAccess).",
        where="redirect json",
    ),
    ErrorRow(
        70000, "invalid_grant", 400,
        "Provided grant is invalid or malformed.",
        "O", "present a code or refresh token that another client was given",
        fix="Use a code or refresh token with the client that it was given to, and only once it is complete "
        "and unchanged.",
        where="json",
    ),
    ErrorRow(
        7000014, "invalid_grant", 400,
        "The provided value for the input parameter 'device_code' is not valid.",
        "O", "poll with a device code that is none", lookup=False, where="json",
        fix="Poll with the device_code (not the user_code) that the devicecode endpoint gave, at the same tenant.",
    ),
    ErrorRow(
        700005, "invalid_grant", 400,
        "Provided Authorization Code is intended to use against other tenant, thus rejected.",
        "D", "redeem a code at another tenant's endpoint",
        fix="Redeem the code at the endpoint of the tenant (or the same alias) that issued it.",
        where="json",
    ),
    ErrorRow(
        700009, "invalid_grant", 400,
        "Reply address must be provided when presenting an authorization code requested with an explicit reply "
        "address.",
        "O", "redeem without redirect_uri a code that was asked with one",
        fix="Send to the token endpoint the very redirect_uri that was sent to authorize; look for a misspelt name, "
        "such as redirect_url.",
        where="json",
    ),
    ErrorRow(
        7000114, "unauthorized_client", 400,
        "Application '{app_id}' is not allowed to make application on-behalf-of calls.",
        "O", "on-behalf-of with an application's own token", where="json",
        fix="There is no user in an app-only token: call the API behind with client_credentials.",
    ),
    ErrorRow(
        70003, "unsupported_grant_type", 400,
        "The app requested an unsupported grant type '{grant_type}'.",
        "O", "token with a grant_type that is not served", lookup=False,
        fix="Check the spelling of grant_type.",
        where="json",
    ),
    ErrorRow(
        70005, "unsupported_response_type", 400,
        "The app returned an unsupported response type '{response_type}'.",
        "D", "authorize with a response_type that is not served",
        fix="Use response_type=code.",
        where="redirect",
    ),
    ErrorRow(
        70007, "invalid_request", 400,
        "The application requested an unsupported mode '{response_mode}' when requesting a token.",
        "O", "authorize with a response_mode other than query, fragment and form_post",
        redirect_error="unsupported_response_mode",
        fix="Use response_mode fragment or form_post for tokens; query is for codes alone.",
        where="redirect",
    ),
    ErrorRow(
        70008, "invalid_grant", 400,
        "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive "
        "authorization request for this user and resource.",
        "O", "redeem a code more than ten minutes after it was issued",
        fix="Redeem the code within ten minutes; else send the user to authorize again.",
        where="json",
    ),
    ErrorRow(
        700016, "unauthorized_client", 400,
        "Application with identifier '{app_id}' was not found in the directory '{tenant}'. This can happen if the "
        "application has not been installed by the administrator of the tenant or consented to by any user in the "
        "tenant. You may have sent your authentication request to the wrong tenant.",
        "O", "use a client_id that the tenant does not know",
        fix="Check the client id and the tenant in the authority: the app has to be registered in this "
        "tenant, or be multi-tenant and consented to here.",
        where="page json",
    ),
    ErrorRow(
        700021, "invalid_client", 401,
        "Client assertion application identifier doesn't match 'client_id' parameter. Review the documentation at "
        "https://learn.microsoft.com/entra/identity-platform/certificate-credentials .",
        "O", "send a client_assertion whose iss and sub are another client id",
        fix="Write the client id of the request into iss and sub of the assertion.",
        where="json",
    ),
    ErrorRow(
        700022, "invalid_request", 400,
        "Provided value for the input parameter scope is not valid because it contains more than one resource. "
        "Scope {scope} is not valid.",
        "O", "authorize with response_type=token and scopes of several APIs, with multi_resource_code = strict",
        fix="Ask for one API at a time; each has its own access token.",
        where="redirect",
    ),
    ErrorRow(
        700023, "invalid_client", 401,
        "Client assertion audience claim does not match Realm issuer. Review the documentation at "
        "https://learn.microsoft.com/entra/identity-platform/certificate-credentials .",
        "O", "send a client_assertion whose aud is not the token endpoint",
        fix="Write the address of the token endpoint that is asked into aud, with the same tenant.",
        where="json",
    ),
    ErrorRow(
        700024, "invalid_client", 401,
        "Client assertion is not within its valid time range. Current time: {now}, assertion valid from {starts}, "
        "expiry time of assertion {ends}. Review the documentation at "
        "https://learn.microsoft.com/entra/identity-platform/certificate-credentials .",
        "O", "send a client_assertion whose exp has passed or whose nbf is to come",
        fix="Make a new assertion, and look at the client's clock. A token of another issuer that was stored may have "
        "ended meanwhile: ask for a new one.",
        where="json",
    ),
    ErrorRow(
        700025, "invalid_client", 401,
        "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
        "O", "send a secret for a code that a public client or SPA was given",
        fix="Leave client_secret and client_assertion out: the redirect URI is registered as single-page or "
        "native. For a confidential client register it under the platform Web.",
        where="json",
    ),
    ErrorRow(
        700027, "invalid_client", 401,
        "{what} [Reason - {reason}, Thumbprint of key used by client: '{thumbprint}', {found}Please visit the Azure "
        "Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '{app_id}'. Review the "
        "documentation at https://docs.microsoft.com/en-us/graph/deployments to determine the corresponding service "
        "endpoint and https://docs.microsoft.com/en-us/graph/api/application-get?view=graph-rest-1.0&tabs=http to "
        "build a query request URL, such as 'https://graph.microsoft.com/beta/applications/{app_id}'].",
        "O", "send a client_assertion that is signed with a certificate that is not registered, or is expired, or with "
        "another key than its certificate's",
        fix="Upload the certificate whose key signs the assertion to the app registration, and send its "
        "thumbprint in the header (x5t#S256 or x5t).",
        where="json",
    ),
    ErrorRow(
        700038, "unauthorized_client", 400,
        "{app_id} is not a valid application identifier.",
        "O", "use the nil GUID as client_id", lookup=False,
        fix="Set the app's real client id: a placeholder was left in the configuration.",
        where="page json",
    ),
    ErrorRow(
        70011, "invalid_scope", 400,
        "The provided request must include a 'scope' input parameter. The provided value for the input parameter "
        "'scope' is not valid. The scope {scope} is not valid.{note}",
        "O", "send a scope that cannot be parsed, or to the token endpoint one that the API does not expose",
        page=True,
        fix="Check the scope: {resource}/{permission}, or {resource}/.default alone; the permission has to be "
        "exposed by the API.",
        where="page redirect json",
    ),
    ErrorRow(
        700051, "unsupported_response_type", 400,
        "response_type 'token' is not enabled for the application.",
        "O", "authorize with response_type=token for an app without implicit grant",
        fix="Use response_type=code with PKCE; or enable access tokens under Implicit grant "
        "(enableAccessTokenIssuance).",
        where="redirect",
    ),
    ErrorRow(
        700053, "unsupported_response_type", 400,
        "response_type 'id_token' requires the 'openid' scope.",
        "D", "authorize with an id_token in response_type and a scope without openid, for an app with "
        "enableIdTokenIssuance = true",
        fix="Add openid to scope.",
        where="redirect",
    ),
    ErrorRow(
        700054, "unsupported_response_type", 400,
        "response_type 'id_token' is not enabled for the application.",
        "O", "authorize with response_type=id_token for an app without implicit grant",
        fix="Use response_type=code; or enable ID tokens under Implicit grant (enableIdTokenIssuance).",
        where="redirect",
    ),
    ErrorRow(
        700082, "invalid_grant", 400,
        "The refresh token has expired due to inactivity. The token was issued on {issued} and was inactive for "
        "{inactive}.",
        "O", "refresh with a token that is older than 90 days", suberror="bad_token",
        fix="Let the user sign in again: the refresh token was unused for 90 days.",
        where="json",
    ),
    ErrorRow(
        700084, "invalid_grant", 400,
        "The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of "
        "1.00:00:00, which cannot be extended. It is now expired and a new sign in request must be sent by the SPA to "
        "the sign in page. The token was issued on {issued}.",
        "O", "refresh with a single-page app's token that is older than 24 hours", suberror="bad_token",
        fix="Let the user sign in again: a single-page app's refresh tokens end after 24 hours. Try silently "
        "in a frame or a redirect first.",
        where="json",
    ),
    ErrorRow(
        700211, "invalid_client", 401,
        "No matching federated identity record found for presented assertion issuer '{issuer}'. Check your federated "
        "identity credential Subject, Audience and Issuer against the presented assertion. "
        "https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
        "O", "send an assertion of an issuer that no federated credential of the client names",
        fix="Compare iss of the token with the issuer of the federated credential: a trailing slash counts.",
        where="json",
    ),
    ErrorRow(
        700212, "invalid_client", 401,
        "No matching federated identity record found for presented assertion audience '{audience}'. Check your "
        "federated identity credential Subject, Audience and Issuer against the presented assertion. "
        "https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
        "O", "send another issuer's assertion with an aud that the federated credential does not name",
        fix="Ask the issuer for a token with the audience of the federated credential, as a rule "
        "api://AzureADTokenExchange.",
        where="json",
    ),
    ErrorRow(
        700213, "invalid_client", 401,
        "No matching federated identity record found for presented assertion subject '{subject}'. Check your federated "
        "identity credential Subject, Audience and Issuer against the presented assertion. "
        "https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
        "O", "send another issuer's assertion with a sub that no federated credential of the client names",
        fix="Copy sub of the token into the subject of the federated credential. GitHub's names the branch, tag or "
        "environment of the run.",
        where="json",
    ),
    ErrorRow(
        7002137, "invalid_client", 401,
        "No matching federated identity record found for presented assertion issuer '{issuer}'. The issuer matches "
        "with case-insensitive comparison, but not with case-sensitive comparison. Check your federated identity "
        "credential Subject, Audience and Issuer against the presented assertion. See documentation at: "
        "https://learn.microsoft.com/entra/workload-id/workload-identity-federation.",
        "I", "send an assertion whose iss differs from the federated credential's issuer by upper and lower case",
        fix="Write the issuer of the federated credential exactly as iss of the token has it.",
        where="json",
    ),
    ErrorRow(
        7002138, "invalid_client", 401,
        "No matching federated identity record found for presented assertion subject '{subject}'. The subject matches "
        "with case-insensitive comparison, but not with case-sensitive comparison. Check your federated identity "
        "credential Subject, Audience and Issuer against the presented assertion. See documentation at: "
        "https://learn.microsoft.com/entra/workload-id/workload-identity-federation. See breaking change notification "
        "and remediation at: "
        "https://learn.microsoft.com/en-us/entra/identity-platform/reference-breaking-changes#august-2024.",
        "O", "send an assertion whose sub differs from the federated credential's subject by upper and lower case",
        fix="Write the subject of the federated credential exactly as sub of the token has it.",
        where="json",
    ),
    ErrorRow(
        700229, "invalid_client", 401,
        "Forbidden token type. Only app-only tokens may be used as Federated Identity Credentials for AAD issuer.",
        "O", "send, as a client_assertion, a user's access token of this server (iss and sub as a federated credential "
        "of the client names them)",
        fix="Take the token that a managed identity got for itself; or a certificate, or another issuer's token.",
        where="json",
    ),
    ErrorRow(
        7000112, "unauthorized_client", 400,
        "Application '{app_id}'({name}) is disabled.",
        "O", "use a client whose service principal has accountEnabled = false",
        fix="Enable the enterprise application again (accountEnabled = true).",
        where="page json",
    ),
    ErrorRow(
        7000215, "invalid_client", 401,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not "
        "the client secret ID, for a secret added to app '{app_id}'.",
        "O", "send a wrong client_secret",
        fix="Send the secret's value, not its id. A new secret's value is shown once, when it is made.",
        where="json",
    ),
    ErrorRow(
        7000216, "invalid_client", 401,
        "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
        "O", "client_credentials without a secret",
        fix="Send client_secret or a client_assertion with client_credentials.",
        where="json",
    ),
    ErrorRow(
        7000218, "invalid_client", 401,
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        "O", "redeem a web app's code without a secret",
        fix="Send client_secret or a client_assertion; or, if the app cannot keep a secret, register the "
        "redirect URI as native or single-page, and allow public client flows (isFallbackPublicClient) "
        "for device code and ROPC.",
        where="json",
    ),
    ErrorRow(
        7000222, "invalid_client", 401,
        "The provided client secret keys for app '{app_id}' are expired. Visit the Azure portal to create new keys for "
        "your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: "
        "https://aka.ms/certCreds.",
        "O", "a secret whose endDateTime has passed",
        fix="Make a new secret, or use a certificate.",
        where="json",
    ),
    ErrorRow(
        7000229, "invalid_client", 401,
        "The client application {app_id} is missing service principal in the tenant {tenant}. See instructions here: "
        "https://go.microsoft.com/fwlink/?linkid=2225119",
        "O", "client_credentials at a declared tenant, with a multi-tenant app that another declared tenant "
        "registered and that was not added to this one",
        fix="Add the app to the tenant: let an administrator open /{tenant}/v2.0/adminconsent, or let somebody sign "
        "in to the app there and consent. Here a consent grant or role assignment for it, declared in that tenant, "
        "does too.",
        where="json",
    ),
    ErrorRow(
        7000272, "invalid_client", 401,
        "The certificate with identifier {kid} used to sign the federated credential could not be found in the "
        "metadata of identity provider {issuer}. Please validate that your Identity Provider's metadata exposes the "
        "key used to sign the incoming token.",
        "O", "send another issuer's assertion whose kid is not among the issuer's keys",
        fix="Publish the key at the issuer's jwks_uri, under the kid that the token's header has.",
        where="json",
    ),
    ErrorRow(
        70016, "authorization_pending", 400,
        "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
        "O", "poll with a device code before anybody signed in", where="json",
        fix="Nothing: wait for the interval and ask again.",
    ),
    ErrorRow(
        70018, "invalid_request", 400,
        "Invalid verification code due to user typing in wrong user code for device code flow. Authorization isn't "
        "approved.",
        "D", "type a code that no device shows", where="sign-in",
        fix="Type the code that the device shows now; it is good for 15 minutes.",
    ),
    ErrorRow(
        70019, "invalid_request", 400,
        "Verification code expired. Have the user retry the sign-in.",
        "D", "type a device's code after 15 minutes", where="sign-in",
        fix="Begin anew on the device, and type the new code.",
    ),
    ErrorRow(
        70020, "expired_token", 400,
        "The provided value for the input parameter 'device_code' is not valid. This device code has expired.",
        "O", "poll with a device code after 15 minutes", where="json",
        fix="Ask for a new device code, and show the new message to the user.",
    ),
    ErrorRow(
        70023, "invalid_client", 401,
        "External OIDC Provider token must have a lifetime of less than or equal to 1.01:00:00. Token issued at "
        "{issued}. Token expires on {expires}.",
        "O", "send another issuer's assertion without iat, or with an exp that is more than 25 hours after it",
        fix="Let the issuer make tokens that live a day at most and say when they were issued (iat); a Kubernetes "
        "volume has expirationSeconds for it.",
        where="json",
    ),
    ErrorRow(
        70025, "invalid_client", 401,
        "The client '{app_id}'({name}) has no configured federated identity credentials.",
        "O", "send a client_assertion whose iss is another issuer's URL, such as GitHub's, for a declared client that "
        "has no federatedIdentityCredentials",
        fix="Add a federated credential to the app registration, with issuer, subject and audience of the token.",
        where="json",
    ),
    ErrorRow(
        90002, "invalid_tenant", 400,
        "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the "
        "correct cloud. Check with your subscription administrator, this may happen if there are no active "
        "subscriptions for the tenant.",
        "O", "a tenant that nobody can have, here a name below .invalid, such as /nobody.invalid/oauth2/v2.0/token; "
        "v1.0 at /organizations. error is invalid_tenant in discovery, else invalid_request",
        fix="Check the tenant in the authority, and that it is in this cloud.",
        where="page json",
    ),
    ErrorRow(
        90004, "invalid_request", 400,
        "The request isn't properly formatted.",
        "D", "broken percent-encoding, control characters, a body that is too large",
        fix="Send parameters properly encoded, as application/x-www-form-urlencoded.",
        where="page json", unreadable=True,
    ),
    ErrorRow(
        90005, "invalid_request", 400,
        "Unable to complete the request. The request isn't valid because the identifier and login hint can't be used "
        "together.",
        "D", "authorize with both sid and login_hint",
        fix="Send sid or login_hint, not both.",
        where="redirect",
    ),
    ErrorRow(
        90009, "invalid_request", 400,
        "Application '{app_id}'({app_id}) is requesting a token for itself. This scenario is supported only if "
        "resource is specified using the GUID based App Identifier.",
        "O", "sign in with scope=openid offline_access api://{own client id}/{permission}, and refresh without scope "
        "or with OIDC scopes alone; or ask for api://{own client id}/.default for a user",
        fix="Ask with the client id as the resource, {client id}/{permission} or {client id}/.default; or send with "
        "each refresh the scope by name.",
        where="json", lookup=False,
    ),
    ErrorRow(
        9001023, "invalid_request", 400,
        "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or "
        "tenant-specific endpoint.",
        "O", "the password grant on /common or /consumers", where="json",
        fix="Use the authority of the tenant, or /organizations.",
    ),
    ErrorRow(
        90014, "invalid_request", 400,
        "The required field '{field}' is missing from the credential. Ensure that you have all the necessary "
        "parameters for the login request.",
        "O", "client_credentials without scope; response_type=id_token without nonce, for an app with "
        "enableIdTokenIssuance = true; a client_assertion without iss, sub or jti",
        fix="Add the field that the message names: scope={resource}/.default with client_credentials, nonce (a random "
        "value) when authorize is asked for an id token, the claim in an assertion.",
        where="redirect json",
    ),
    ErrorRow(
        90015, "invalid_request", 414,
        "Requested query string is too long.",
        "D", "a query string of more than 32 KiB",
        fix="Shorten the request; long state or claims are the usual cause. Send it by POST.",
        where="page json",
    ),
    ErrorRow(
        900021, "invalid_request", 400,
        "Requested tenant identifier '{tenant}' is not valid. Tenant identifiers may not be an empty GUID.",
        "O", "put the nil GUID, 00000000-0000-0000-0000-000000000000, into the path as the tenant",
        fix="Set the real tenant id: the setting was empty, or a placeholder was left in it.",
        where="page json",
    ),
    ErrorRow(
        90023, "invalid_request", 400,
        "Unsupported 'prompt' value.",
        "O", "authorize with another prompt than login, none, consent, select_account or create, or with two of them, "
        "such as prompt=consent select_account",
        page=True,
        fix="Send one documented value of prompt (login, none, consent, select_account, create), or leave it out. "
        "Other providers take several; Entra takes one. When the text is that public clients can't send a client "
        "secret, it is what 700025 is here.",
        where="page",
    ),
    ErrorRow(
        900023, "invalid_request", 400,
        "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.",
        "O", "a tenant in the path that is neither a GUID nor a domain",
        fix="Put a tenant id, a verified domain, common or organizations into the authority.",
        where="page json",
    ),
    ErrorRow(
        9000411, "invalid_request", 400,
        "The request is not properly formatted. The parameter '{parameter}' is duplicated.",
        "O", "send the same parameter twice",
        fix="Send each parameter once; look for one in the URL and in the body.",
        where="page json", unreadable=True,
    ),
    ErrorRow(
        90010, "invalid_request", 400,
        "JWT tokens cannot be used with the UserInfo endpoint.",
        "K", "present a JWT at the v1.0 userinfo endpoint, /{tenant}/openid/userinfo",
        fix="Send the opaque token of a sign-in at v1.0 with openid in scope and without resource, or read the id "
        "token. With v2.0 ask https://graph.microsoft.com/oidc/userinfo.",
        where="json",
    ),
    ErrorRow(
        90011, "invalid_request", 400,
        "Unexpected client assertion type.",
        "O", "send a client_assertion with another client_assertion_type than jwt-bearer",
        fix="Send client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer.",
        where="json",
    ),
    ErrorRow(
        900144, "invalid_request", 400,
        "The request body must contain the following parameter: '{parameter}'.",
        "O", "leave out a required parameter",
        page=True,
        fix="Add the parameter, in the body of a form (application/x-www-form-urlencoded) at the token "
        "endpoint.",
        where="page redirect json",
    ),
    ErrorRow(
        900561, "invalid_request", 400,
        "The endpoint only accepts {methods} requests. Received a {method} request.",
        "O", "GET the token endpoint, or any other wrong HTTP method",
        fix="Send the request by POST. Opening the token endpoint in a browser does this too.",
        where="page json",
    ),
    ErrorRow(
        9002313, "invalid_grant", 400,
        "Invalid request. Request is malformed or invalid.",
        "O", "present a code or refresh token that is not one; a broken HTTP Basic header at the token endpoint "
        "(invalid_request)",
        fix="Send the code or refresh token complete and unchanged, URL-encoded once; check the HTTP Basic "
        "header.",
        where="json",
    ),
    ErrorRow(
        9002324, "invalid_request", 400,
        "Request should not contain more than one client credential parameters, this includes 'client_secret', "
        "'client_assertion' and 'request' parameters.",
        "O", "a token request with client_secret and client_assertion",
        fix="Send one of them. Libraries send both when they have a secret and the program adds an assertion.",
        where="json",
    ),
    ErrorRow(
        9002325, "invalid_request", 400,
        "Proof Key for Code Exchange is required for cross-origin authorization code redemption.",
        "O", "authorize without code_challenge for a single-page app's redirect URI",
        fix="Use PKCE: code_challenge at authorize and code_verifier at the token endpoint. MSAL.js 2 and "
        "later do.",
        where="redirect",
    ),
    ErrorRow(
        9002326, "invalid_request", 400,
        "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. "
        "Request origin: '{origin}'.",
        "O", "send Origin to the token endpoint for another platform's redirect URI",
        fix="Register the redirect URI under the platform Single-page application; or redeem on the server, "
        "without an Origin header.",
        where="json",
    ),
    ErrorRow(
        9002327, "invalid_request", 400,
        "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.",
        "O", "redeem a single-page app's code without Origin",
        fix="Redeem it in the browser, by fetch; or register the redirect URI under the platform Web and "
        "redeem on the server.",
        where="json",
    ),
    ErrorRow(
        9002328, "invalid_request", 400,
        "Invalid request. Cannot use /common or /consumers on admin-consent. Please specify the tenant in GUID or "
        "friendly name format OR generically reference it with /organizations.",
        "D", "ask for admin consent at /common/v2.0/adminconsent or /consumers/v2.0/adminconsent",
        page=True,
        fix="Name the tenant, or use /organizations. Personal accounts cannot consent for a tenant.",
        where="page",
    ),
    ErrorRow(
        9002331, "invalid_request", 400,
        "Application '{app_id}'({name}) is configured for use by Microsoft Account users only. Please use the "
        "/consumers endpoint to serve this request.",
        "O", "use an app whose signInAudience is PersonalMicrosoftAccount on /common",
        fix="Use the /consumers authority; or let the app take work accounts (signInAudience).",
        where="page json",
    ),
    ErrorRow(
        9002332, "invalid_request", 400,
        "Application '{app_id}'({name}) is configured for use by Azure Active Directory users only. Please do not use "
        "the /consumers endpoint to serve this request.",
        "K", "authorize or token on /consumers: personal accounts are not emulated",
        fix="Use /organizations or the tenant's own authority; or let the app take personal accounts "
        "(signInAudience).",
        where="page json",
    ),
    ErrorRow(
        9002346, "invalid_request", 400,
        "Application '{app_id}'({name}) is configured for use by Microsoft Account users only. Please use the "
        "/consumers endpoint to serve this request.",
        "O", "use an app whose signInAudience is PersonalMicrosoftAccount on /organizations or at a tenant",
        fix="Use the /consumers authority; or let the app take work accounts (signInAudience).",
        where="page json",
    ),
    ErrorRow(
        90094, "invalid_grant", 400,
        "The grant requires admin permission.",
        "O", "authorize, as somebody who is no administrator, with a scope of type Admin that nobody consented to",
        redirect_error="access_denied", page=True,
        fix="Let an administrator consent for the tenant (/adminconsent), or ask for permissions to which "
        "users may consent.",
        where="page redirect",
    ),
    ErrorRow(
        900971, "invalid_request", 400,
        "No reply address provided.",
        "O", "authorize, with redirect_uri or without, for a declared app that has no redirect URI registered; or for "
        "any app at v2.0 with response_type=code and an empty redirect_uri or none",
        fix="Send redirect_uri (an empty setting leaves it out), and register that URI for the app.",
        where="page",
    ),
    ErrorRow(
        90100, "invalid_request", 400,
        "{parameter} parameter is empty or not valid.",
        "D", "authorize, or ask for a token, with claims that are no JSON object",
        fix="Send the parameter as it is documented; claims is a JSON object, URL-encoded once.",
        where="redirect json",
    ),
    ErrorRow(
        901001, "invalid_request", 400,
        "Invalid request. The prompt request parameter value '{prompt}' is invalid.",
        "O", "authorize at v2.0 with prompt=admin_consent, which is v1.0's",
        page=True,
        fix="Send an administrator to /{{tenant}}/v2.0/adminconsent instead.",
        where="page",
    ),
    ErrorRow(
        901002, "invalid_request", 400,
        "The 'resource' request parameter is not supported.",
        "O", "ask for client_credentials with resource instead of scope at v2.0",
        fix="Use scope={resource}/.default in place of resource; resource is for the v1.0 endpoints.",
        where="json",
    ),
    ErrorRow(
        9010010, "invalid_target", 400,
        "The resource parameter provided in the request doesn't match with the requested scopes.",
        "O", "send resource beside scope, and another API's, to authorize at v2.0, or with a code or refresh_token to "
        "its token endpoint",
        fix="Leave resource out, or make it the Application ID URI that the scopes begin with. An MCP client "
        "takes resource from the server's protected-resource metadata and the scopes from "
        "scopes_supported: both have to name the same API.",
        where="redirect json",
    ),
    ErrorRow(
        90119, "invalid_request", 400,
        "The user code is null or empty.",
        "D", "send the page of a device code without one", where="sign-in",
        fix="Type the code that the device shows.",
    ),
    ErrorRow(
        90120, "invalid_request", 400,
        "The device flow request was already authorized or declined.",
        "D", "type a device's code a second time", where="sign-in",
        fix="Nothing, when the device is signed in; else begin anew on it.",
    ),
    ErrorRow(
        1000502, "invalid_client", 401,
        "The provided certificate is not within its specified validity window.",
        "K", "send a client_assertion with x5c for a registered certificate that has expired",
        fix="Make another certificate and register it.",
        where="json",
    ),
    ErrorRow(
        1002012, "invalid_scope", 400,
        "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with "
        "/.default suffixed to the resource identifier (application ID URI).",
        "O", "client_credentials with a named scope",
        fix="Use scope={resource}/.default; an application's permissions are app roles, consented to by an "
        "administrator, and cannot be asked for by name.",
        where="json",
    ),
)  # fmt: skip

ERRORS = {row.number: row for row in _ROWS}
"""The rows by number."""

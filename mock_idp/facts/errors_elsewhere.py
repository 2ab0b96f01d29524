"""The AADSTS errors that Entra has and nothing here earns, each with the reason. Loaded only to explain them.

Sources as in :mod:`mock_idp.facts.errors`; most are D rows, whose texts are paraphrased from ED:reference-error-codes
and whose OAuth errors are inferred. A row that something here begins to raise moves to that module.
"""

from collections.abc import Iterator

from mock_idp.facts.errors import ERRORS, ErrorRow

_CONDITIONAL_ACCESS = "needs Conditional Access policies"
_DEVICES = "needs registered devices"
_FACTORS = "needs a choice of second factors; here a user either has to give one (50076) or not"
_FEDERATION = "needs federated domains"
_SAML = "needs SAML"
_AGENT = "needs pass-through authentication with an agent on premises"
_PASSWORD_RESET = "needs self-service password change"  # noqa: S105 - a reason
_PHONE = "needs passwordless sign-in by phone"
_HELLO = "needs Windows Hello for Business keys"
_PERSONAL = "needs personal accounts"
_LOAD = "needs a service in trouble"
_NEWER = "an older twin; Entra raises {} today"
_UNKNOWN = "which request earns it is not known"

_ROWS = (
    # federation, SAML
    ErrorRow(
        20012, "invalid_request", 400,
        "An error occurred while processing a WS-Federation message.",
        "D", "a WS-Federation message that cannot be read",
        where="page", fix="Check the message that the federated identity provider sends.", unearned=_FEDERATION,
    ),
    ErrorRow(
        20033, "invalid_request", 400,
        "There is a problem with the tenant name in the federation metadata.",
        "D", "federation metadata of another tenant",
        where="page", fix="Check the tenant in the metadata address.", unearned=_FEDERATION,
    ),
    ErrorRow(
        50107, "invalid_request", 400,
        "The requested federation realm object '{realm}' does not exist.",
        "D", "a sign-in by way of a federated domain that is not set up",
        where="page", fix="Check the federation settings of the domain.", unearned=_FEDERATION,
    ),
    ErrorRow(
        50161, "invalid_grant", 400,
        "Claims sent by the external provider are not sufficient, or the claim requested of it is missing.",
        "D", "an external provider that leaves out a claim",
        where="page", fix="Let the external provider send the claim.", unearned=_FEDERATION,
    ),
    ErrorRow(
        700020, "interaction_required", 400,
        "Interaction is required for the external grant.",
        "D", "a token request while an external provider wants to ask the user",
        where="json", fix="Send the user through authorize.", unearned=_FEDERATION,
    ),
    ErrorRow(
        75001, "invalid_request", 400, "An error occurred during SAML message binding.",
        "D", "a SAML message that cannot be bound", where="page", fix="Check the SAML binding.", unearned=_SAML,
    ),
    ErrorRow(
        75003, "invalid_request", 400, "The app returned an error related to an unsupported SAML binding.",
        "D", "a SAML answer by another binding than HTTP POST", where="page", fix="Use HTTP POST.", unearned=_SAML,
    ),
    ErrorRow(
        75005, "invalid_request", 400, "The SAML request is not valid, or not supported for single sign-on.",
        "D", "a SAML request with something that Entra does not support",
        where="page", fix="Check the SAML request against Entra's documentation.", unearned=_SAML,
    ),
    ErrorRow(
        750054, "invalid_request", 400,
        "SAMLRequest or SAMLResponse must be present as query string parameters in HTTP request for SAML Redirect "
        "binding.",
        "D", "the SAML address without a message", where="page", fix="Start at the app, which makes the message.",
        unearned=_SAML,
    ),
    ErrorRow(
        75008, "invalid_request", 400, "The SAML request has an unexpected destination, so it was denied.",
        "D", "a SAML request with another Destination", where="page", fix="Set Destination to Entra's sign-on URL.",
        unearned=_SAML,
    ),
    ErrorRow(
        75011, "invalid_request", 400,
        "The authentication method by which the user authenticated with the service does not match the requested one.",
        "D", "a SAML request with RequestedAuthnContext", where="page", fix="Leave RequestedAuthnContext out.",
        unearned=_SAML,
    ),
    ErrorRow(
        75016, "invalid_request", 400, "The SAML authentication request has an invalid NameIDPolicy.",
        "D", "a SAML request with an unknown NameID format", where="page", fix="Use a NameID format that Entra has.",
        unearned=_SAML,
    ),
    ErrorRow(
        50061, "invalid_request", 400, "Unable to complete sign out. The request was invalid.",
        "D", "a sign-out message that cannot be read", where="page", fix="Check the sign-out request.",
        unearned="needs SAML; logout by OpenID Connect ignores what it cannot use",
    ),
    ErrorRow(
        50068, "invalid_request", 400,
        "Sign-out failed: the app that began it is not a participant in the current session.",
        "D", "a SAML sign-out by an app that nobody signed in to", where="page",
        fix="Sign out at an app that is part of the session.", unearned=_SAML,
    ),
    # the service itself
    ErrorRow(
        50000, "server_error", 500, "There was an error issuing a token or an issue with our sign-in service.",
        "D", "a fault of the service", where="json page", fix="Try again; see whether the service has an incident.",
        unearned=_LOAD,
    ),
    ErrorRow(
        90033, "temporarily_unavailable", 503,
        "A transient error has occurred. Please try again.",
        "D", "a directory service that does not answer", where="json page", fix="Try again, a little later each time.",
        unearned=_LOAD,
    ),
    ErrorRow(
        90055, "temporarily_unavailable", 429, "There are too many incoming requests for the tenant.",
        "D", "more requests than the tenant may send", where="json",
        fix="Wait as long as Retry-After says; cache tokens.",
        unearned=_LOAD,
    ),
    ErrorRow(
        50196, "invalid_grant", 400,
        "The server terminated an operation because it encountered a client request loop. Please contact your app "
        "vendor.",
        "D", "the same token request again and again within minutes", where="json",
        fix="Cache tokens, and do not ask again for what was refused.",
        unearned="would stop test suites, whose requests are alike",
    ),
    ErrorRow(
        100007, "server_error", 400,
        "The regional service supports only managed identities, or first-party apps that use subject name and issuer.",
        "D", "a regional endpoint asked by any other app", where="json", fix="Ask the global endpoint.",
        unearned="a regional name is answered here like the global one",
    ),
    # Conditional Access, devices, second factors
    ErrorRow(
        50072, "invalid_grant", 400, "The user needs to enroll for second factor authentication (interactive).",
        "D", "a user who has no second factor yet", suberror="basic_action", redirect_error="interaction_required",
        where="json redirect", fix="Send the user through authorize to enroll.", unearned=_FACTORS,
    ),
    ErrorRow(
        50074, "invalid_grant", 400, "Strong Authentication is required.",
        "D", "a second factor that was asked for and not passed", suberror="basic_action",
        redirect_error="interaction_required",
        where="json redirect", fix="Send the user through authorize.", unearned=_FACTORS,
    ),
    ErrorRow(
        50078, "invalid_grant", 400,
        "Presented multi-factor authentication has expired due to policies configured by your administrator, you must "
        "refresh your multi-factor authentication to access '{resource}'.",
        "D", "a second factor that was given too long ago", suberror="basic_action",
        redirect_error="interaction_required",
        where="json redirect", fix="Send the user through authorize.", unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        50079, "invalid_grant", 400,
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must "
        "enroll in multi-factor authentication to access '{resource}'.",
        "O", "a user who has no second factor yet, and needs one", suberror="basic_action",
        redirect_error="interaction_required",
        where="json redirect", fix="Send the user through authorize to enroll.", unearned=_FACTORS,
    ),
    ErrorRow(
        50097, "interaction_required", 400, "Device authentication is required.",
        "D", "a policy that wants a known device", where="json redirect", fix="Sign in from a registered device.",
        unearned=_DEVICES,
    ),
    ErrorRow(
        50129, "interaction_required", 400, "The device is not joined to the workplace: it has to be registered.",
        "D", "a policy that wants a registered device", where="page", fix="Register the device.", unearned=_DEVICES,
    ),
    ErrorRow(
        50131, "interaction_required", 400, "A Conditional Access policy asks for something else than what was done.",
        "D", "a sign-in that a policy stops", where="page", fix="See the sign-in log for the policy.",
        unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        50132, "invalid_grant", 400, "The SSO artifact is not valid or expired: password or session changed.",
        "D", "a single sign-on after a new password", where="json page", fix="Let the user sign in again.",
        unearned="revoked sign-ins are 50173 here",
    ),
    ErrorRow(
        50133, "invalid_grant", 400, "The session is not valid due to password expiration or recent password change.",
        "D", "a session from before a new password", where="json page", fix="Let the user sign in again.",
        unearned="revoked sign-ins are 50173 here",
    ),
    ErrorRow(
        50140, "interaction_required", 400,
        "This error occurred due to 'Keep me signed in' interrupt when the user was signing-in.",
        "D", "the question 'Stay signed in?'", where="page", fix="None: it is a step of signing in, seen in logs.",
        unearned="the page does not ask 'Stay signed in?'",
    ),
    ErrorRow(
        50143, "invalid_request", 400,
        "Session mismatch: the user's tenant does not match the domain hint, because of different resource.",
        "D", "a domain_hint of another tenant", where="page", fix="Leave domain_hint out.",
        unearned="domain_hint is not compared with the user here",
    ),
    ErrorRow(
        50144, "invalid_grant", 400, "The user's Active Directory password has expired.",
        "D", "an expired password on premises", where="json page", fix="Let the user change it.",
        unearned="an expired password is 50055 here; there is no directory on premises",
    ),
    ErrorRow(
        50158, "interaction_required", 400, "External security challenge was not satisfied.",
        "D", "a policy that sends the user to another provider", where="json page",
        fix="Let the user finish the other provider's step.", unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        50187, "interaction_required", 400, "The service failed to perform device authentication.",
        "D", "a device that could not prove itself", where="page", fix="Try again.", unearned=_DEVICES,
    ),
    ErrorRow(
        50192, "invalid_request", 400, "Invalid request.",
        "D", "not known", where="page", fix="See the sign-in log.", unearned=_UNKNOWN,
    ),
    ErrorRow(
        50197, "invalid_request", 400, "Conflicting identities: the user could not be found.",
        "D", "two identities in one sign-in", where="page", fix="Sign in again.", unearned=_UNKNOWN,
    ),
    ErrorRow(
        50199, "interaction_required", 400,
        "For security reasons, user confirmation is required for this request. Please repeat the request allowing user "
        "interaction.",
        "D", "a native app's sign-in that asks 'Are you trying to sign in to …?'", where="json page",
        fix="Ask without prompt=none.", unearned="the page does not ask 'Are you trying to sign in to …?'",
    ),
    ErrorRow(
        53000, "invalid_grant", 400,
        "The device does not comply with the policy: Conditional Access requires a compliant device.",
        "D", "a device that is not compliant", redirect_error="access_denied", suberror="message_only",
        where="page json", fix="Enroll the device.", unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        53001, "invalid_grant", 400,
        "The device is not domain joined, which Conditional Access requires.",
        "D", "a device that is not joined", redirect_error="access_denied", suberror="message_only",
        where="page json", fix="Use a joined device.", unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        53002, "invalid_grant", 400,
        "The app used is not an approved app for Conditional Access.",
        "D", "an app that is not on the list", redirect_error="access_denied", suberror="message_only",
        where="page json", fix="Use an approved app.", unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        53003, "invalid_grant", 400,
        "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
        "O", "a policy that blocks", redirect_error="access_denied", suberror="message_only",
        where="page json", fix="See the sign-in log for the policy; in an API pass `claims` on to the client.",
        unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        53004, "invalid_grant", 400,
        "The user needs to complete the multi-factor registration process, which is blocked because of risk.",
        "D", "an enrolment that looks risky", redirect_error="access_denied",
        where="page json", fix="Enroll from a known place.", unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        530032, "invalid_grant", 400, "Blocked by security policy.",
        "D", "a security policy of the tenant", redirect_error="access_denied",
        where="page json", fix="Ask the tenant's administrator.", unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        530034, "invalid_grant", 400, "A delegated administrator was blocked from the tenant due to account risk.",
        "D", "a risky account of a partner", redirect_error="access_denied",
        where="page json", fix="Ask the tenant's administrator.", unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        530035, "invalid_grant", 400, "Access has been blocked by security defaults.",
        "D", "legacy authentication in a tenant with security defaults", redirect_error="access_denied",
        where="page json", fix="Use modern authentication.", unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        54000, "access_denied", 400, "The user is not allowed to use the app due to Legal Age Group Rule.",
        "D", "a minor without consent of a parent", where="page", fix="Set ageGroup and consentProvidedForMinor.",
        unearned="needs age groups",
    ),
    ErrorRow(
        70043, "invalid_grant", 400,
        "The refresh token has expired or is invalid due to sign-in frequency checks by conditional access. The token "
        "was issued on {issued} and the maximum allowed lifetime for this request is {seconds}.",
        "O", "a refresh after the sign-in frequency of a policy", suberror="bad_token", where="json",
        fix="Let the user sign in again.", unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        700003, "invalid_grant", 400, "Device object was not found in the tenant directory.",
        "D", "a device that was removed", where="json", fix="Register the device again.", unearned=_DEVICES,
    ),
    ErrorRow(
        135010, "invalid_grant", 400, "The key of the device was not found.",
        "D", "a key that was removed", where="json", fix="Register the device again.", unearned=_DEVICES,
    ),
    ErrorRow(
        135011, "invalid_grant", 400, "Device used during the authentication is disabled.",
        "D", "a disabled device", where="json", fix="Enable the device.", unearned=_DEVICES,
    ),
    ErrorRow(
        221000, "interaction_required", 400, "Device only tokens are not supported by this resource.",
        "D", "a token for a device and no user", where="json", fix="Sign a user in.", unearned=_DEVICES,
    ),
    ErrorRow(
        165900, "invalid_request", 400, "Invalid API request.",
        "D", "not known", where="json", fix="See the sign-in log.", unearned=_UNKNOWN,
    ),
    # tenants and accounts
    ErrorRow(
        50042, "server_error", 400, "The salt required to generate a pairwise identifier is missing.",
        "D", "a principal without salt", where="page", fix="Ask Microsoft.",
        unearned="pairwise ids need no stored salt here",
    ),
    ErrorRow(
        50064, "invalid_grant", 400, "Credential validation on username or password has failed.",
        "D", "a wrong password", where="json", fix="Check user name and password.", unearned=_NEWER.format(50126),
    ),
    ErrorRow(
        50085, "invalid_grant", 400, "The refresh token needs social IDP login. Have the user try signing-in again.",
        "D", "a refresh for a user of a social provider", where="json", fix="Let the user sign in again.",
        unearned="needs social identity providers",
    ),
    ErrorRow(
        50089, "invalid_grant", 400, "Authentication failed due to flow token expired.",
        "D", "a sign-in page that stood open too long", where="page", fix="Start again from the app.",
        unearned="the sign-in page here does not age",
    ),
    ErrorRow(
        50128, "invalid_request", 400,
        "Invalid domain name - No tenant-identifying information found in either the request or implied by any "
        "provided "
        "credentials.",
        "D", "a user of an unknown domain on an alias", where="page json", fix="Check the domain of the user name.",
        unearned="a domain that nobody declared is an undeclared tenant's",
    ),
    ErrorRow(
        51004, "invalid_grant", 400,
        "The user account {{EmailHidden}} does not exist in the {tenant} directory. To sign into this application, the "
        "account must be added to the directory.",
        "D", "a user who is not in the directory", where="json page", fix="Check the user name and the tenant.",
        unearned=_NEWER.format(50034),
    ),
    ErrorRow(
        500201, "invalid_request", 400,
        "We are unable to issue tokens from this API version for a Microsoft account. Please contact the application "
        "vendor as they need to use version 2.0 of the protocol to support this.",
        "D", "a personal account at a v1.0 endpoint", where="page", fix="Use the v2.0 endpoints.", unearned=_PERSONAL,
    ),
    ErrorRow(
        500208, "invalid_request", 400, "The domain is not a valid login domain for the account type.",
        "D", "a user of another domain in an external tenant", where="page", fix="Check the domain of the user name.",
        unearned="needs external (CIAM) tenants",
    ),
    ErrorRow(
        70012, "server_error", 500, "A server error occurred while authenticating a personal Microsoft account.",
        "D", "a personal account and a fault", where="page", fix="Try again.", unearned=_PERSONAL,
    ),
    ErrorRow(
        90019, "invalid_request", 400,
        "No tenant-identifying information found in either the request or implied by any provided credentials.",
        "D", "a request that does not tell the tenant", where="json", fix="Put the tenant's id into the authority.",
        unearned=_NEWER.format(50059),
    ),
    ErrorRow(
        90027, "invalid_request", 400,
        "We are unable to issue tokens from this API version on the MSA tenant. Please contact the application vendor "
        "as they need to use version 2.0 of the protocol to support this.",
        "D", "a v1.0 endpoint on /consumers", where="page json", fix="Use the v2.0 endpoints.", unearned=_PERSONAL,
    ),
    ErrorRow(
        90072, "access_denied", 400,
        "User account '{{EmailHidden}}' from identity provider '{idp}' does not exist in tenant '{tenant}' and cannot "
        "access the application '{app_id}'({name}) in that tenant. The account needs to be added as an external "
        "user in "
        "the tenant first. Sign out and sign in again with a different Azure Active Directory user account.",
        "K", "somebody who is no guest of the tenant", where="page", fix="Invite the user as a guest.",
        unearned=_NEWER.format(50020),
    ),
    ErrorRow(
        9002341, "interaction_required", 400, "The user is required to permit single sign-on.",
        "D", "a session of the operating system that wants a confirmation", where="redirect", fix="Ask interactively.",
        unearned="needs single sign-on by the operating system",
    ),
    # apps, consent, resources
    ErrorRow(
        65002, "invalid_grant", 400,
        "Consent between first party application '{app_id}' and first party resource '{resource_id}' must be "
        "configured "
        "via preauthorization - applications owned and operated by Microsoft must get approval from the API owner "
        "before requesting tokens for that API.",
        "K", "Microsoft's own client for an API of Microsoft's that does not know it", where="json page",
        fix="Use an app registration of your own.", unearned="needs the table of Microsoft's own approvals",
    ),
    ErrorRow(
        70001, "unauthorized_client", 400,
        "The application named {app_id} was not found in the tenant named {tenant}. This can happen if the application "
        "has not been installed by the administrator of the tenant or consented to by any user in the tenant.",
        "D", "an unknown client id", where="page json", fix="Check client id and tenant.",
        unearned=_NEWER.format(700016),
    ),
    ErrorRow(
        700011, "unauthorized_client", 400,
        "Application with identifier {app_id} was not found in any of the directories configured by {organization}.",
        "D", "an unknown client id on an alias", where="page json", fix="Check the client id.",
        unearned="on an alias an unknown client is served by the documented undeclared tenant",
    ),
    ErrorRow(
        70002, "invalid_client", 401, "Error validating the credentials.",
        "D", "credentials that are wrong", where="json", fix="Check the credentials.",
        unearned="an older wrapper; Entra raises the number that stood inside",
    ),
    ErrorRow(
        70004, "invalid_request", 400, "The app returned an invalid redirect URI.",
        "D", "a redirect URI that is not registered", where="page", fix="Register the redirect URI.",
        unearned=_NEWER.format(50011),
    ),
    ErrorRow(
        700081, "invalid_grant", 400,
        "The refresh token has expired due to maximum lifetime. The token was issued on {issued} and the maximum "
        "allowed "
        "lifetime for this application is {lifetime}.",
        "K", "a refresh after the lifetime that a policy gave", suberror="bad_token", where="json",
        fix="Let the user sign in again.", unearned="refresh tokens' lifetimes can no longer be configured",
    ),
    ErrorRow(
        90008, "invalid_request", 400,
        "The user or administrator has not consented to use the application, which is requesting a token for "
        "itself; it "
        "must require access to Microsoft Graph by specifying at least the 'Sign in and read user profile' permission.",
        "D", "a token for the app itself without a permission of Graph's", where="page json",
        fix="Add User.Read to the app's permissions.", unearned="that rule was not seen any more; see 65001 and 90009",
    ),
    ErrorRow(
        90013, "invalid_request", 400, "Invalid input received from the user.",
        "D", "not known", where="page", fix="Type it again.", unearned=_UNKNOWN,
    ),
    ErrorRow(
        90124, "invalid_request", 400,
        "The resource '{resource}' isn't supported over the /common or /consumers endpoints. Please use the "
        "/organizations or tenant-specific endpoint instead.",
        "D", "not known", where="page json", fix="Use the tenant's own authority.", unearned=_UNKNOWN,
    ),
    ErrorRow(
        90130, "invalid_request", 400,
        "The application isn't supported over the /common or /consumers endpoints. Please use the /organizations or "
        "tenant-specific endpoint instead.",
        "D", "not known", where="page json", fix="Use the tenant's own authority.",
        unearned="single-tenant apps are 50194 there",
    ),
    ErrorRow(
        50001, "invalid_resource", 400,
        "The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the "
        "application has not been installed by the administrator of the tenant or consented to by any user in the "
        "tenant.",
        "D", "an unknown resource", where="json redirect", fix="Check the Application ID URI and the tenant.",
        unearned=_NEWER.format(500011),
    ),
    ErrorRow(
        50012, "invalid_client", 401, "Authentication failed.",
        "D", "a client assertion that is wrong", where="json", fix="Check the assertion.",
        unearned="an older wrapper; Entra raises a number of 700021 to 700027 that says more",
    ),
    ErrorRow(
        50056, "invalid_grant", 400,
        "Invalid or null password: password does not exist in the directory for this user.",
        "D", "a user who has no password", where="json page", fix="Sign in with the credentials that the user has.",
        unearned="a declared user without password takes any",
    ),
    ErrorRow(
        70021, "invalid_request", 400,
        "No matching federated identity record found for presented assertion. Assertion Issuer: '{issuer}'. Assertion "
        "Subject: '{subject}'. Assertion Audience: '{audience}'.",
        "O", "a federated credential that does not match", where="json",
        fix="Compare issuer, subject and audience with the federated credential, letter by letter.",
        unearned="an older twin; since 2024 Entra raises 700211, 700212 or 700213",
    ),
    ErrorRow(
        90095, "invalid_grant", 400, "Admin consent is required; the user has sent a request to an administrator.",
        "D", "a click on 'Request approval'", where="page redirect", redirect_error="access_denied",
        fix="Let an administrator decide on the request.", unearned="needs the admin consent workflow",
    ),
    ErrorRow(
        700030, "invalid_client", 401,
        "Invalid certificate - subject name in certificate isn't authorized.",
        "D", "an assertion with x5c whose subject name is not trusted", where="json",
        fix="Register the certificate, or its subject name and issuer.",
        unearned="needs authentication by subject name and issuer, which is Microsoft's own",
    ),
    ErrorRow(
        7000229, "unauthorized_client", 400,
        "The client application {app_id} is missing service principal in the tenant {tenant}. See instructions here: "
        "https://go.microsoft.com/fwlink/?linkid=2225119",
        "K", "client_credentials in a tenant where nobody consented to the app", where="json",
        fix="Let an administrator of that tenant consent, which makes the service principal.",
        unearned="a multi-tenant app has a service principal in every declared tenant",
    ),
    # pass-through authentication, password change, phones, keys
    ErrorRow(
        80001, "server_error", 400, "The Authentication Agent is unable to connect to Active Directory.",
        "D", "an agent without its domain controller", where="page", fix="Check the agent.", unearned=_AGENT,
    ),
    ErrorRow(
        80002, "server_error", 400, "Password validation request timed out.",
        "D", "an agent that does not answer", where="page", fix="Check the agent.", unearned=_AGENT,
    ),
    ErrorRow(
        80005, "server_error", 400,
        "An unknown error occurred while processing the response from the Authentication Agent.",
        "D", "an agent's answer that cannot be read", where="page", fix="Try again.", unearned=_AGENT,
    ),
    ErrorRow(
        80007, "server_error", 400, "The Authentication Agent is unable to validate the user's password.",
        "D", "an agent that cannot ask", where="page", fix="Check the agent.", unearned=_AGENT,
    ),
    ErrorRow(
        80010, "server_error", 400, "The Authentication Agent is unable to decrypt the password.",
        "D", "an agent with an old key", where="page", fix="Install the agent again.", unearned=_AGENT,
    ),
    ErrorRow(
        80012, "invalid_grant", 400, "The user attempted to log on outside of the allowed hours.",
        "D", "logon hours in Active Directory", where="page", fix="Try within the allowed hours.", unearned=_AGENT,
    ),
    ErrorRow(
        80013, "server_error", 400,
        "The authentication attempt could not be completed due to time skew between the agent's machine and Active "
        "Directory.",
        "D", "clocks that differ", where="page", fix="Set the clocks.", unearned=_AGENT,
    ),
    ErrorRow(
        80014, "server_error", 400, "The validation request was answered after the maximum elapsed time.",
        "D", "an agent that is slow", where="page", fix="Try again.", unearned=_AGENT,
    ),
    ErrorRow(
        120000, "invalid_request", 400, "Password change: the current password is incorrect.",
        "D", "the page for a new password", where="page", fix="Type the current password.", unearned=_PASSWORD_RESET,
    ),
    ErrorRow(
        120002, "invalid_request", 400, "Password change: the new password is too weak.",
        "D", "the page for a new password", where="page", fix="Choose a stronger one.", unearned=_PASSWORD_RESET,
    ),
    ErrorRow(
        120003, "invalid_request", 400, "Password change: the new password contains the member name.",
        "D", "the page for a new password", where="page", fix="Choose another one.", unearned=_PASSWORD_RESET,
    ),
    ErrorRow(
        120004, "invalid_request", 400, "Password change: the password does not meet the rules on premises.",
        "D", "the page for a new password", where="page", fix="Choose another one.", unearned=_PASSWORD_RESET,
    ),
    ErrorRow(
        120005, "server_error", 400, "Password change: it worked on premises and failed in the cloud.",
        "D", "the page for a new password", where="page", fix="Sign in with the new one.", unearned=_PASSWORD_RESET,
    ),
    ErrorRow(
        120008, "server_error", 400, "Password change: the job ended.",
        "D", "the page for a new password", where="page", fix="Try again.", unearned=_PASSWORD_RESET,
    ),
    ErrorRow(
        120011, "server_error", 400, "Password change: the user principal name could not be found out.",
        "D", "the page for a new password", where="page", fix="Ask an administrator.", unearned=_PASSWORD_RESET,
    ),
    ErrorRow(
        120012, "invalid_request", 400, "Password change: it has to happen on premises.",
        "D", "the page for a new password", where="page", fix="Change it on premises.", unearned=_PASSWORD_RESET,
    ),
    ErrorRow(
        120013, "server_error", 400, "Password change: the directory on premises cannot be reached.",
        "D", "the page for a new password", where="page", fix="Try again.", unearned=_PASSWORD_RESET,
    ),
    ErrorRow(
        120014, "invalid_request", 400, "Password change: the account on premises is locked or disabled.",
        "D", "the page for a new password", where="page", fix="Ask an administrator.", unearned=_PASSWORD_RESET,
    ),
    ErrorRow(
        120015, "server_error", 400, "Password change: an administrator of Active Directory has to act.",
        "D", "the page for a new password", where="page", fix="Ask an administrator.", unearned=_PASSWORD_RESET,
    ),
    ErrorRow(
        120016, "invalid_request", 400, "Password change: the user was not found by self-service password reset.",
        "D", "the page for a new password", where="page", fix="Ask an administrator.", unearned=_PASSWORD_RESET,
    ),
    ErrorRow(
        120018, "invalid_request", 400, "Password change: the password does not comply with the fuzzy policy.",
        "D", "the page for a new password", where="page", fix="Choose another one.", unearned=_PASSWORD_RESET,
    ),
    ErrorRow(
        120020, "server_error", 400, "Password change: it failed.",
        "D", "the page for a new password", where="page", fix="Try again.", unearned=_PASSWORD_RESET,
    ),
    ErrorRow(
        120021, "server_error", 400, "Password change: a partner service had an internal error.",
        "D", "the page for a new password", where="page", fix="Try again.", unearned=_PASSWORD_RESET,
    ),
    ErrorRow(
        130004, "invalid_grant", 400, "The user's Windows Hello for Business key was not found.",
        "D", "a sign-in with a key that is not registered", where="page", fix="Set it up again.", unearned=_HELLO,
    ),
    ErrorRow(
        130005, "invalid_grant", 400, "The signature of the Windows Hello for Business key failed verification.",
        "D", "a sign-in with a wrong signature", where="page", fix="Set it up again.", unearned=_HELLO,
    ),
    ErrorRow(
        130006, "invalid_grant", 400,
        "The transport key of Windows Hello for Business is not configured on the device.",
        "D", "a device without transport key", where="page", fix="Join the device again.", unearned=_HELLO,
    ),
    ErrorRow(
        130007, "invalid_grant", 400, "The device of the Windows Hello for Business key is disabled.",
        "D", "a disabled device", where="page", fix="Enable the device.", unearned=_HELLO,
    ),
    ErrorRow(
        130008, "invalid_grant", 400, "The device that the Windows Hello for Business key refers to was not found.",
        "D", "a device that was removed", where="page", fix="Join the device again.", unearned=_HELLO,
    ),
    ErrorRow(
        130500, "invalid_grant", 400, "Sign-in by phone was blocked by a policy.",
        "D", "a sign-in by phone", where="page", fix="Sign in with the password.", unearned=_PHONE,
    ),
)  # fmt: skip

_B2C = "needs Azure AD B2C"

B2C = {
    row.number: row
    for row in (
        ErrorRow(
            90080, "invalid_grant", 400, "The provided grant has expired. Please re-authenticate and try again.",
            "D", "an expired code or refresh token", where="json", fix="Let the user sign in again.", unearned=_B2C,
        ),
        ErrorRow(
            90091, "access_denied", 400, "The user has cancelled entering self-asserted information.",
            "D", "a click on Cancel", where="redirect", fix="Let the user try again.", unearned=_B2C,
        ),
        ErrorRow(
            90117, "invalid_request", 400, "The scope provided in the request is not supported.",
            "D", "a scope that is not exposed", where="redirect json", fix="Check the scope.", unearned=_B2C,
        ),
        ErrorRow(
            90118, "access_denied", 400, "The user has forgotten their password.",
            "D", "a click on the link for a new password", where="redirect", fix="Start the password reset user flow.",
            unearned=_B2C,
        ),
        ErrorRow(
            90146, "invalid_request", 400, "The scope provided in the request specifies more than one resource.",
            "D", "scopes of two APIs", where="redirect json", fix="Ask for one API's scopes.", unearned=_B2C,
        ),
    )
}  # fmt: skip
"""Errors of Azure AD B2C by number, which begin with ``AADB2C`` instead."""

ELSEWHERE = {row.number: row for row in _ROWS}
"""The rows by number."""


def every_row() -> Iterator[ErrorRow]:
    """Every AADSTS number that is known, whether something here earns it or not, by number."""
    yield from sorted((*ERRORS.values(), *ELSEWHERE.values()), key=lambda row: row.number)

"""The AADSTS errors that Entra has and nothing here earns, each with the reason. Loaded only to explain them.

Sources as in :mod:`mock_idp.facts.errors`; most are D rows, whose texts are paraphrased from ED:reference-error-codes
and whose OAuth errors are inferred. A row that something here begins to raise moves to that module.
"""

from collections.abc import Iterator

from mock_idp.facts.errors import ERRORS, ErrorRow

_CONDITIONAL_ACCESS = "needs Conditional Access policies"
_DEVICES = "needs registered devices"
_LOGGED = "the sign-in log's number while the page {}; here as there that page is shown, and an app is told {}"
_FEDERATION = "needs federated domains"
_SAML = "needs SAML"
_AGENT = "needs pass-through authentication with an agent on premises"
_PASSWORD_RESET = "needs self-service password change"  # noqa: S105 - a reason
_PHONE = "needs passwordless sign-in by phone"
_HELLO = "needs Windows Hello for Business keys"
_PERSONAL = "needs personal accounts"
_LOAD = "needs a service in trouble"
_KERBEROS = "needs Seamless single sign-on by Kerberos"
_CROSS_TENANT = "needs cross-tenant access settings"
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
    ErrorRow(
        50003, "invalid_request", 400,
        "Sign-in failed because of a missing signing key or certificate.",
        "D", "a sign-in by SAML to an app without a signing certificate",
        where="page",
        fix="Make a signing certificate for the enterprise application.",
        unearned=_SAML,
    ),
    ErrorRow(
        50008, "invalid_request", 400,
        "The SAML assertion is missing or misconfigured in the token.",
        "D", "a federation provider's assertion that is missing or wrong",
        where="page",
        fix="Ask whoever runs the federation provider.",
        unearned=_FEDERATION,
    ),
    ErrorRow(
        7500514, "invalid_request", 400,
        "A supported type of SAML response was not found.",
        "D", "a SAML message that is neither Response nor Assertion",
        where="page",
        fix="Send a SAML 2.0 Response or Assertion.",
        unearned=_SAML,
    ),
    ErrorRow(
        501241, "invalid_request", 400,
        "Mandatory Input '{name}' missing from transformation ID '{transformation}'.",
        "D", "a user without the attribute that NameID is made of", where="page",
        fix="Fill that attribute, or choose another one for the Unique User Identifier.", unearned=_SAML,
    ),
    ErrorRow(
        7500529, "invalid_request", 400,
        "The value '{id}' is not a valid SAML ID.",
        "D", "a SAML request whose ID begins with a digit", where="page",
        fix="Begin the ID with a letter, such as id6c1c178c….", unearned=_SAML,
    ),
    ErrorRow(
        76021, "invalid_request", 400,
        "The request sent by the client is not signed while the application requires signed requests.",
        "D", "a SAML request without a signature",
        where="page",
        fix="Sign the SAML request.",
        unearned=_SAML,
    ),
    ErrorRow(
        76026, "invalid_request", 400,
        "The IssueInstant of the SAML authentication request has expired.",
        "D", "an old SAML request",
        where="page",
        fix="Begin anew at the app, and look at its clock.",
        unearned=_SAML,
    ),
    ErrorRow(
        50180, "invalid_request", 400,
        "Integrated Windows authentication is needed.",
        "D", "a sign-in without a Kerberos ticket",
        where="page",
        fix="Sign in with the password; let whoever runs the domain look at Seamless single sign-on.",
        unearned=_KERBEROS,
    ),
    ErrorRow(
        81004, "invalid_request", 400,
        "The Kerberos authentication attempt failed.",
        "D", "a Kerberos ticket that cannot be used",
        where="page",
        fix="Sign in with the password; let whoever runs the domain look at Seamless single sign-on.",
        unearned=_KERBEROS,
    ),
    ErrorRow(
        81005, "invalid_request", 400,
        "The authentication package is not supported.",
        "D", "another package than Kerberos, such as NTLM",
        where="page",
        fix="Sign in with the password; let whoever runs the domain look at Seamless single sign-on.",
        unearned=_KERBEROS,
    ),
    ErrorRow(
        81006, "invalid_request", 400,
        "No Authorization header was found.",
        "D", "a browser that sends no Kerberos ticket",
        where="page",
        fix="Sign in with the password; let whoever runs the domain look at Seamless single sign-on.",
        unearned=_KERBEROS,
    ),
    ErrorRow(
        81007, "invalid_request", 400,
        "The tenant is not enabled for Seamless SSO.",
        "D", "a Kerberos ticket for a tenant without Seamless single sign-on",
        where="page",
        fix="Sign in with the password; let whoever runs the domain look at Seamless single sign-on.",
        unearned=_KERBEROS,
    ),
    ErrorRow(
        81009, "invalid_request", 400,
        "The user's Kerberos ticket could not be validated.",
        "D", "an Authorization header of another form",
        where="page",
        fix="Sign in with the password; let whoever runs the domain look at Seamless single sign-on.",
        unearned=_KERBEROS,
    ),
    ErrorRow(
        81010, "invalid_request", 400,
        "Seamless SSO failed because the user's Kerberos ticket has expired or is invalid.",
        "D", "an old Kerberos ticket",
        where="page",
        fix="Sign in with the password; let whoever runs the domain look at Seamless single sign-on.",
        unearned=_KERBEROS,
    ),
    ErrorRow(
        81011, "invalid_request", 400,
        "No user object was found by the information in the user's Kerberos ticket.",
        "D", "the Kerberos ticket of somebody who is not synchronised",
        where="page",
        fix="Sign in with the password; let whoever runs the domain look at Seamless single sign-on.",
        unearned=_KERBEROS,
    ),
    ErrorRow(
        81012, "invalid_request", 400,
        "The user trying to sign in is different from the user signed in to the device.",
        "D", "another name than the Kerberos ticket's",
        where="page",
        fix="Sign in with the password; let whoever runs the domain look at Seamless single sign-on.",
        unearned=_KERBEROS,
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
        90024, "temporarily_unavailable", 503,
        "A transient error has occurred. Please try again.",
        "D", "a request that took too long inside the service", where="json page", fix="Try again, a little later.",
        unearned=_LOAD,
    ),
    ErrorRow(
        1002016, "invalid_request", 400,
        "You are using TLS version 1.0, 1.1 and/or 3DES cipher which are deprecated to improve the security posture of "
        "Azure AD. Your TenantID is: {tenant}. Please refer to https://go.microsoft.com/fwlink/?linkid=2161187 and "
        "conduct needed actions to remediate the issue. For further questions, please contact your administrator.",
        "O", "a client on an old system or .NET Framework before 4.7, which speaks TLS 1.0 or 1.1", where="json page",
        fix="Let the client speak TLS 1.2 or later.", unearned="TLS below 1.2 is not spoken here at all",
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
    ErrorRow(
        90006, "temporarily_unavailable", 503,
        "The service is temporarily unavailable.",
        "D", "another service that does not answer",
        where="json page",
        fix="Try again, a little later each time.",
        unearned=_LOAD,
    ),
    # Conditional Access, devices, second factors
    ErrorRow(
        50072, "invalid_grant", 400, "The user needs to enroll for second factor authentication (interactive).",
        "D", "a user who has no second factor yet", suberror="basic_action", redirect_error="interaction_required",
        where="json redirect", fix="Send the user through authorize to enroll.",
        unearned=_LOGGED.format("More information required waits", 50079),
    ),
    ErrorRow(
        50074, "invalid_grant", 400, "Strong Authentication is required.",
        "D", "a second factor that was asked for and not passed", suberror="basic_action",
        redirect_error="interaction_required",
        where="json redirect", fix="Send the user through authorize.",
        unearned=_LOGGED.format("that asks for the second factor waits", 50076),
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
        50097, "invalid_grant", 401, "Device authentication is required.",
        "O", "a device code or another sign-in without a device certificate, where a policy wants a known device",
        where="json redirect", redirect_error="interaction_required", fix="Sign in from a registered device.",
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
        "D", "a sign-in by certificate that comes without one (RawCredentialExpectedNotFound)", where="page",
        fix="Let the browser send a certificate, or sign in otherwise.", unearned="needs users' sign-in by certificate",
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
        530003, "invalid_grant", 400,
        "Your device is required to be managed to access this resource.",
        "O", "a device that is not managed, such as a device code's, a container's or a virtual machine's",
        redirect_error="access_denied", where="page json",
        fix="Sign in on a managed device, without device code; a program without a user needs client_credentials or a "
        "managed identity.",
        unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        50178, "invalid_request", 400,
        "User account '{{EUII Hidden}}' from identity provider '{idp}' does not exist in tenant '{tenant}' and cannot "
        "access the application '{app_id}'({name}) in that tenant. The account needs to be added as an external user "
        "in the tenant first. Sign out and sign in again with a different Azure Active Directory user account.",
        "O", "somebody who is no guest of the tenant, where a policy has session controls", where="page redirect",
        fix="Invite the user as a guest, or have external users left out of the policy.",
        unearned="somebody who is no guest is 50020 here; session controls need Conditional Access policies",
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
    ErrorRow(
        500121, "invalid_grant", 400,
        "Authentication failed during strong authentication request.",
        "O", "a second factor that was denied, or not answered in time",
        where="page",
        fix="Try again, and approve the second factor.",
        unearned="the page for the second factor has a button to approve, and none to deny",
    ),
    ErrorRow(
        530084, "invalid_grant", 400,
        "Access has been blocked by conditional access token protection policy configured by this organization. To "
        "learn more, see https://aka.ms/TBCADocs.",
        "O", "a client that does not bind its tokens to the device, where a policy wants it",
        where="json page", redirect_error="access_denied",
        fix="Sign in by the broker of the operating system, or have the app left out of the policy.",
        unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        50005, "invalid_grant", 400,
        "The user tried to sign in from a platform that Conditional Access does not support.",
        "D", "a platform that the policy does not know",
        where="page json", redirect_error="access_denied",
        fix="Sign in from a supported platform.",
        unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        53010, "invalid_grant", 400,
        "Multi-factor authentication methods cannot be configured here: the organization requires this information to "
        "be set from specific locations or devices.",
        "D", "an enrolment from elsewhere",
        where="page", redirect_error="access_denied",
        fix="Enroll from a place or device that the organization allows.",
        unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        53011, "invalid_grant", 400,
        "The user is blocked due to risk on the home tenant.",
        "D", "a risky guest",
        where="page json", redirect_error="access_denied",
        fix="Ask the administrator of the home tenant.",
        unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        50127, "interaction_required", 400,
        "The user needs to install a broker app to gain access to this content.",
        "D", "a phone without Microsoft Authenticator or Company Portal",
        where="page",
        fix="Install the broker app.",
        unearned=_DEVICES,
    ),
    ErrorRow(
        50155, "interaction_required", 400,
        "Device authentication failed for this user.",
        "D", "a device whose certificate is not taken",
        where="page json",
        fix="Join the device again.",
        unearned=_DEVICES,
    ),
    ErrorRow(
        50168, "interaction_required", 400,
        "The client can obtain a single sign-on token through the Windows Accounts extension, but none was in the "
        "request.",
        "D", "a browser with the extension Windows Accounts, at a step of signing in",
        where="page",
        fix="None: it is a step of signing in, seen in logs.",
        unearned=_DEVICES,
    ),
    ErrorRow(
        50125, "interaction_required", 400,
        "The sign-in was interrupted because of a password reset or password registration entry.",
        "D", "a user who has to register for password reset",
        where="page",
        fix="Let the user finish the registration.",
        unearned=_PASSWORD_RESET,
    ),
    ErrorRow(
        50135, "interaction_required", 400,
        "A password change is required due to account risk.",
        "D", "a risky user whom a policy asks for a new password",
        where="page",
        fix="Let the user change the password.",
        unearned=_CONDITIONAL_ACCESS,
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
        "The user account {{EUII Hidden}} does not exist in the {tenant} directory. To sign into this application, the "
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
        "User account '{{EUII Hidden}}' from identity provider '{idp}' does not exist in tenant '{tenant}' and cannot "
        "access the application '{app_id}'({name}) in that tenant. The account needs to be added as an external "
        "user in "
        "the tenant first. Sign out and sign in again with a different Azure Active Directory user account.",
        "O", "somebody who is no guest of the tenant, where a second factor is asked for", where="page",
        fix="Invite the user as a guest.",
        unearned="somebody who is no guest is 50020 here, before a second factor is asked for",
    ),
    ErrorRow(
        9002341, "interaction_required", 400, "The user is required to permit single sign-on.",
        "D", "a session of the operating system that wants a confirmation", where="redirect", fix="Ask interactively.",
        unearned="needs single sign-on by the operating system",
    ),
    ErrorRow(
        5000225, "invalid_grant", 400,
        "This tenant has been blocked due to inactivity. To learn more about tenant lifecycle policies, see "
        "https://aka.ms/TenantLifecycle",
        "O", "a tenant that nobody used for months; az login meets it at /organizations for a user who is in such a "
        "tenant",
        where="json redirect", redirect_error="interaction_required",
        fix="Sign in to another tenant (az login --tenant); an administrator of the blocked one can ask Microsoft to "
        "open it.",
        unearned="no tenant is blocked here; one that nobody can have is 90002",
    ),
    ErrorRow(
        5000224, "invalid_grant", 400,
        "We are sorry, this resource is not available. If you are seeing this message by mistake, please contact "
        "Microsoft support.",
        "O", "a tenant that Microsoft closed",
        where="json redirect", redirect_error="interaction_required",
        fix="Use another tenant, or ask Microsoft's support.",
        unearned="no tenant is closed here; one that nobody can have is 90002",
    ),
    ErrorRow(
        500022, "access_denied", 400,
        "Access to '{tenant}' tenant is denied.",
        "D", "a proxy's tenant restrictions without the tenant, as with 500021",
        where="page json",
        fix="Have the tenant added to the tenant restrictions.",
        unearned="a twin; the header Restrict-Access-To-Tenants is 500021 here",
    ),
    ErrorRow(
        500202, "invalid_request", 400,
        "User account '{{EUII Hidden}}' is a personal Microsoft account. Personal Microsoft accounts are not "
        "supported for this application unless explicitly invited to an organization.",
        "K", "a personal account at /common, for an API of work accounts alone",
        where="page json",
        fix="Name the tenant in the authority where the account is a guest, or sign in with a work account.",
        unearned=_PERSONAL,
    ),
    ErrorRow(
        500207, "invalid_request", 400,
        "The account type can't be used for the resource you're trying to access.",
        "O", "a token for an app with signInAudience for several tenants or personal accounts, in an external tenant",
        where="json page redirect", fix="Let the app be for accounts of this tenant alone (AzureADMyOrg).",
        unearned="needs external (CIAM) tenants",
    ),
    ErrorRow(
        500212, "access_denied", 400,
        "The user's administrator has set an outbound access policy that does not allow access to the resource tenant.",
        "D", "a guest whose home tenant forbids to go there",
        where="page json",
        fix="Have the outbound cross-tenant access of the home tenant changed.",
        unearned=_CROSS_TENANT,
    ),
    ErrorRow(
        500213, "access_denied", 400,
        "The resource tenant's cross-tenant access policy does not allow this user to access this tenant.",
        "D", "a guest whom the tenant does not let in",
        where="page json",
        fix="Have the inbound cross-tenant access of the tenant changed.",
        unearned=_CROSS_TENANT,
    ),
    ErrorRow(
        16001, "interaction_required", 400,
        "The user has selected a tile of a session that is not there any more.",
        "D", "a click on an account whose session ended",
        where="page",
        fix="Sign in again.",
        unearned="a session that ended is asked for its password here",
    ),
    ErrorRow(
        16002, "interaction_required", 400,
        "Application requested a user session which does not exist.",
        "O", "a sid whose session ended",
        where="page redirect",
        fix="Sign in again without sid.",
        unearned=_NEWER.format(160021),
    ),
    ErrorRow(
        16003, "interaction_required", 400,
        "The user has not been added to the tenant explicitly.",
        "D", "an account that the tenant does not have",
        where="page",
        fix="Invite the user, or use another account.",
        unearned="somebody who is no guest is 50020 here",
    ),
    ErrorRow(
        90038, "invalid_request", 400,
        "The tenant '{tenant}' belongs to the National Cloud '{cloud}'; the current cloud instance does not federate "
        "with it.",
        "D", "a tenant of another cloud",
        where="json page",
        fix="Use the authority of that cloud.",
        unearned="the clouds share one directory here",
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
        7000226, "invalid_client", 401,
        "No federated identity credential policy found on application ({app_id}). The client_assertion used to "
        "authenticate the request does not match the subject or application being requested.",
        "O", "an identity of another tenant that encrypts disks with customer-managed keys, for an app without its "
        "federated credential", where="json",
        fix="Add the federated credential of that managed identity to the app registration.",
        unearned="needs managed identities; an app without federated credentials is 70025 here",
    ),
    ErrorRow(
        700222, "invalid_client", 401, "AAD-issued tokens may not be used for federated identity flows.",
        "O", "a token of Entra's as client_assertion, where an app may not use one at all", where="json",
        fix="Take the token of a managed identity, a certificate, or another issuer's token.",
        unearned="of Entra's own tokens users' are 700229 here, and applications' are taken, since nothing here is a "
        "managed identity",
    ),
    ErrorRow(
        700226, "invalid_client", 401, "Only MSI tokens may be used as Federated Identity Credentials for AAD issuer.",
        "O", "the token that an app registration got for itself as another app's client_assertion", where="json",
        fix="Take the token of a managed identity, a certificate, or another issuer's token.",
        unearned="nothing here is a managed identity, so an application's own token stands for one, and the journal "
        "says so",
    ),
    ErrorRow(
        7000012, "invalid_grant", 400, "The grant was obtained for a different tenant.",
        "O", "redeem at /consumers a code or refresh token of a work account, or a personal account's at a tenant",
        where="json", lookup=False, fix="Redeem at the authority where the user signed in.",
        unearned="needs personal accounts; a code of another tenant is 700005 here, and a refresh token is good "
        "wherever the user has an account",
    ),
    ErrorRow(
        500113, "invalid_client", 400,
        "No reply address is registered for the application.",
        "O", "not known; seen behind the sign-in, at the end of consent, of apps that have no redirect URI registered",
        where="page",
        fix="Register the app's redirect URI.",
        unearned="which request earns it is not known; an app without redirect URIs is 900971 here, before the sign-in",
    ),
    ErrorRow(
        650051, "invalid_client", 400,
        "The application requested permissions in a tenant where a service principal of that name is already present.",
        "K", "consent while another consent, or one before it, is still making the app's service principal",
        where="page redirect",
        fix="Try again after half a minute; else remove the stale enterprise application from the tenant, and consent "
        "anew.",
        unearned="a service principal is there at once here",
    ),
    ErrorRow(
        90099, "unauthorized_client", 400,
        "The application '{app_id}' ({name}) has not been authorized in the tenant '{tenant}'. Applications must be "
        "authorized to access the customer tenant before partner delegated administrators can use them.",
        "D", "a partner's app for a customer's tenant",
        where="json page",
        fix="Authorize the app in the customer's tenant (pre-consent, or the Partner Center API).",
        unearned="needs partners and their customers",
    ),
    ErrorRow(
        900382, "invalid_client", 400,
        "Confidential Client is not supported in Cross Cloud request.",
        "D", "a client with a secret at an authority of another cloud than its own", where="json",
        fix="Use the authority of the cloud where the app is registered.",
        unearned="the clouds share one directory here",
    ),
    ErrorRow(
        90056, "invalid_request", 400,
        "This endpoint takes a POST with an authorization code; the code comes from /authorize.",
        "D", "a token request without what the grant needs",
        where="json",
        fix="Send the code by POST to the token endpoint.",
        unearned=_NEWER.format("900144 or 900561"),
    ),
    ErrorRow(
        165000, "invalid_request", 400,
        "Invalid Request: The request did not include the required tokens for the user context. One or more of the "
        "user context values (cookies; form fields; headers) were not supplied, every request must include these "
        "values and maintain them across a complete single user flow.",
        "O", "the sign-in page posted without its cookies",
        where="page",
        fix="Let the browser keep the sign-in page's cookies; begin anew at the app.",
        unearned="the sign-in page here needs no cookie of its own",
    ),
    ErrorRow(
        1000031, "access_denied", 400,
        "Application {name} can't be accessed at this time. Contact your administrator.",
        "D", "an app that the tenant closed for now",
        where="page",
        fix="Ask the tenant's administrator.",
        unearned="a disabled app is 7000112 here",
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

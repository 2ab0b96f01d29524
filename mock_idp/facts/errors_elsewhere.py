"""The AADSTS errors that Entra has and nothing here earns, each with the reason. Loaded only to explain them.

Sources as in :mod:`mock_idp.facts.errors`; most are D rows, whose texts are paraphrased from ED:reference-error-codes
or stand on the look-up page that it names, and whose OAuth errors are inferred. A row that something here begins to
raise moves to that module.
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
_TWIN = "a twin; {} here"
_WS_FEDERATION = "needs WS-Federation"
_SIGN_OUT = "needs SAML; logout by OpenID Connect ignores what it cannot use"
_USER_CERTIFICATE = "needs users' sign-in by certificate"
_BROKER = "needs the operating system's broker"
_EXTENSION = "needs custom authentication extensions"
_CLOUDS = "the clouds share one directory here"
_TRANSFORMED = "claims are mapped here, and not transformed"
_PASSCODE = "guests have no one-time passcode here"
_ACCESS_PASS = "needs Temporary Access Pass"  # noqa: S105 - a reason
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
        unearned=_SIGN_OUT,
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
    ErrorRow(
        20001, "invalid_request", 400,
        "There is an issue with the federated identity provider's WS-Federation answer.",
        "D", "a federated identity provider that answers by WS-Federation with an error", where="page",
        fix="Ask whoever runs the federated identity provider.", unearned=_FEDERATION,
    ),
    ErrorRow(
        40008, "server_error", 400, "There was an unexpected error from the external identity provider.",
        "D", "a social or OAuth identity provider that fails for good", where="page",
        fix="Ask whoever runs the federated identity provider.", unearned=_FEDERATION,
    ),
    ErrorRow(
        40009, "invalid_grant", 400, "The identity provider returned an error.",
        "D", "an identity provider that refuses its own refresh token", where="json page",
        fix="Let the user sign in again.", unearned=_FEDERATION,
    ),
    ErrorRow(
        40010, "temporarily_unavailable", 503, "The identity provider has failed with a transient error.",
        "D", "an identity provider in trouble", where="json page", fix="Try again, a little later.",
        unearned=_FEDERATION,
    ),
    ErrorRow(
        40015, "invalid_grant", 400, "The identity provider returned an error.",
        "D",
        "an identity provider that refuses its own authorization code, which often is a wrong client secret in "
        "its settings",
        where="page",
        fix="Check the client id and secret of the identity provider in Entra; let the user sign in again.",
        unearned=_FEDERATION,
    ),
    ErrorRow(
        50006, "invalid_request", 400, "Signature verification failed because of an invalid signature.",
        "D", "a signed SAML request, or a federated provider's assertion, with a wrong signature", where="page",
        fix="Compare the signing certificate on both sides.", unearned=_SAML,
    ),
    ErrorRow(
        50010, "invalid_request", 400, "Audience URI validation failed since no token audiences were configured.",
        "D", "a token or assertion for an audience that the app does not name", where="page json",
        fix="Compare the audience with the app's identifiers.", unearned=_SAML,
    ),
    ErrorRow(
        50070, "invalid_request", 400,
        "Signout failed. The request specified session indexes '{identifier}' which did not match the existing "
        "session(s).",
        "D", "a SAML sign-out of another session", where="page",
        fix="Send the SessionIndex and NameID that came with the sign-in.",
        unearned=_SIGN_OUT,
    ),
    ErrorRow(
        50071, "invalid_request", 400, "Signout request has expired.",
        "D", "an old SAML sign-out request", where="page", fix="Begin anew at the app, and look at its clock.",
        unearned=_SIGN_OUT,
    ),
    ErrorRow(
        50099, "invalid_grant", 400, "The JWT signature is invalid.",
        "D", "a device's signed proof (PKeyAuth) that cannot be verified", where="json page",
        fix="Register the device again.", unearned=_DEVICES,
    ),
    ErrorRow(
        50120, "invalid_request", 400, "Unknown credential type, issue with the JWT header.",
        "D", "a JWT of a kind that the credential cannot be", where="json page", fix="Check the header of the JWT.",
        unearned=_UNKNOWN,
    ),
    ErrorRow(
        50139, "invalid_grant", 400, "Session is invalid due to missing an external refresh token.",
        "D", "a session of a personal account whose refresh token is gone", where="page json",
        fix="Let the user sign in again.", unearned=_PERSONAL,
    ),
    ErrorRow(
        50169, "invalid_request", 400,
        "The realm '{realm}' is not a configured realm of the current service namespace.",
        "D", "a WS-Federation sign-in (/wsfed) with a wtrealm that no app has", where="page",
        fix="Set the app's identifier (Entity ID) to the wtrealm.", unearned=_WS_FEDERATION,
    ),
    ErrorRow(
        50170, "invalid_request", 400, "The external controls mapping is missing.",
        "D", "a policy with a custom control that is not there any more", where="page",
        fix="Ask whoever makes the tenant's policies.", unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        50177, "invalid_request", 400,
        "User account '{{EUII Hidden}}' from identity provider '{idp}' does not exist in tenant '{tenant}' and "
        "cannot access the application '{app_id}'({name}) in that tenant. The account needs to be added as an "
        "external user in the tenant first. Sign out and sign in again with a different Azure Active Directory "
        "user account.",
        "D", "somebody who is no guest of the tenant, where a policy has a custom control", where="page",
        fix="Invite the user as a guest.",
        unearned="somebody who is no guest is 50020 here; custom controls need Conditional Access policies",
    ),
    ErrorRow(
        90020, "invalid_grant", 400, "The SAML 1.1 Assertion is missing ImmutableID of the user.",
        "D", "a federated provider that leaves ImmutableID out, also with ROPC for a federated user",
        where="page json", fix="Let the provider send ImmutableID.", unearned=_FEDERATION,
    ),
    ErrorRow(
        90081, "invalid_request", 400,
        "An error occurred when the service tried to process a WS-Federation message. The message was invalid, "
        "malformatted, or contains potentially dangerous characters.",
        "D", "a WS-Federation message that cannot be read", where="page", fix="Check the message.",
        unearned=_WS_FEDERATION,
    ),
    ErrorRow(
        90082, "invalid_request", 400,
        "Authentication policy '{name}' selected for the request is not currently supported.",
        "D", "a WS-Federation request with another wp or wauth", where="page", fix="Leave it out.",
        unearned=_WS_FEDERATION,
    ),
    ErrorRow(
        90084, "access_denied", 400, "Guest accounts are not allowed for this site.",
        "D", "a guest at an older site of Microsoft's by WS-Federation", where="page",
        fix="Sign in with an account of the tenant.", unearned=_WS_FEDERATION,
    ),
    ErrorRow(
        90085, "invalid_request", 400,
        "The service is unable to issue a token because the company object hasn't been provisioned yet.",
        "D", "a tenant that is being made", where="page", fix="Try again later.", unearned=_WS_FEDERATION,
    ),
    ErrorRow(
        90086, "invalid_grant", 400, "The user DA token is expired.",
        "D", "an older client of Microsoft's by WS-Trust", where="page", fix="Sign in again.",
        unearned=_WS_FEDERATION,
    ),
    ErrorRow(
        90087, "invalid_request", 400, "An error occurred while creating the WS-Federation message from the URI.",
        "D", "a WS-Federation address that cannot be read", where="page", fix="Check the address.",
        unearned=_WS_FEDERATION,
    ),
    ErrorRow(
        90107, "invalid_request", 400,
        "The request is not valid. Make sure your data doesn't have invalid characters.",
        "D", "XML with characters that XML does not have", where="page", fix="Check the XML.", unearned=_SAML,
    ),
    ErrorRow(
        90123, "access_denied", 400,
        "The token can't be issued because the identity or claim issuance provider denied the request.",
        "D", "an external identity or claims provider that said no", where="page redirect",
        fix="Ask whoever runs the federated identity provider.", unearned=_FEDERATION,
    ),
    ErrorRow(
        500031, "invalid_request", 400, "Cannot find signing certificate configured.",
        "O",
        "an app with a signing certificate of its own, or with single sign-on by SAML, that has none which is valid",
        where="page json",
        fix="Make a new signing certificate for the enterprise application, and make it the active one.",
        unearned=_SAML,
    ),
    ErrorRow(
        500089, "invalid_grant", 400, "SAML 2.0 assertion validation failed: {details}.",
        "D",
        "a federated provider's assertion that does not pass, or one that is exchanged as "
        "grant_type=urn:ietf:params:oauth:grant-type:saml2-bearer",
        where="page json", fix="Ask whoever runs the federated identity provider.", unearned=_FEDERATION,
    ),
    ErrorRow(
        900236, "invalid_request", 400,
        "The SAML authentication request property '{property}' is not supported and must not be set.",
        "D", "a SAML request with a Subject, or another part that Entra does not take", where="page",
        fix="Leave it out of the request.", unearned=_SAML,
    ),
    ErrorRow(
        1000000, "interaction_required", 400,
        "The user has to authenticate with an external identity provider as well, which has not happened yet.",
        "D", "an account that is being linked, such as LinkedIn's", where="page",
        fix="Let the user finish the linking.", unearned=_FEDERATION,
    ),
    ErrorRow(
        1000002, "interaction_required", 400, "The accounts were linked, and the user is told so.",
        "D", "an account that was linked, such as LinkedIn's", where="page",
        fix="None: it is a step of signing in, seen in logs.", unearned=_FEDERATION,
    ),
    ErrorRow(
        5000811, "server_error", 400,
        "Unable to verify token signature. The signing key identifier does not match any valid registered keys.",
        "O", "a federated provider that signs with a new certificate", where="page",
        fix="Let whoever runs the federated domain update its signing certificate at Entra.", unearned=_FEDERATION,
    ),
    ErrorRow(
        5000819, "invalid_request", 400,
        "SAML Assertion is invalid. Email address claim is missing or does not match domain from an external realm.",
        "D", "a guest from a SAML or WS-Federation provider whose assertion lacks the e-mail address", where="page",
        fix="Let the provider send emailaddress with an address of the federated domain.", unearned=_FEDERATION,
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
    ErrorRow(
        50033, "temporarily_unavailable", 503, "A transient error has occurred. Please try again.",
        "D", "a fault that passes", where="json page", fix="Try again, a little later each time.", unearned=_LOAD,
    ),
    ErrorRow(
        50086, "server_error", 400, "The second factor's service failed, and trying again does not help.",
        "D", "the second factor's service that refuses", where="page",
        fix="Look at the user's methods of authentication.", unearned=_LOAD,
    ),
    ErrorRow(
        50087, "temporarily_unavailable", 503,
        "A transient error has occurred during strong authentication. Please try again.",
        "D", "the second factor's service in trouble", where="page", fix="Try again.", unearned=_LOAD,
    ),
    ErrorRow(
        50088, "temporarily_unavailable", 429,
        "Limit on telecom MFA calls reached. Please try again in a few minutes.",
        "D", "more texts and calls for a second factor than are allowed", where="page",
        fix="Wait, or use an authenticator app.", unearned="the page for the second factor calls nobody",
    ),
    ErrorRow(
        50134, "invalid_request", 400,
        "Wrong data center. To authorize a request that was initiated by an app in the OAuth 2.0 device flow, the"
        " authorizing party must be in the same data center where the original request resides.",
        "D", "a device's code typed in another part of the world than where it was made", where="page",
        fix="Ask for a new code, and type it without VPN.", unearned="there is one server here",
    ),
    ErrorRow(
        51005, "invalid_request", 400, "The information is at the address in the header Location.",
        "D", "an answer as of HTTP status 307", where="json", fix="Follow Location.", unearned=_UNKNOWN,
    ),
    ErrorRow(
        90012, "temporarily_unavailable", 503, "This request has timed out.",
        "D", "a request that took too long", where="json page", fix="Try again.", unearned=_LOAD,
    ),
    ErrorRow(
        90036, "server_error", 500,
        "An unexpected, non-retryable error stemming from the directory service has occurred.",
        "D", "a fault of the directory", where="json page", fix="Ask Microsoft's support.", unearned=_LOAD,
    ),
    ErrorRow(
        90090, "temporarily_unavailable", 503, "A transient error has occurred. Please try again.",
        "D", "a directory that does not answer while consent is written", where="page json", fix="Try again.",
        unearned=_LOAD,
    ),
    ErrorRow(
        90091, "temporarily_unavailable", 503, "A transient error has occurred. Please try again.",
        "D", "a directory that cannot be reached", where="page json", fix="Try again.", unearned=_LOAD,
    ),
    ErrorRow(
        90092, "server_error", 400, "Non-retryable error has occurred.",
        "O", "consent that the directory would not write, often of a registration with a permission that is gone",
        where="page", fix="Look at the app's requested permissions, and consent anew.", unearned=_LOAD,
    ),
    ErrorRow(
        230109, "invalid_request", 400,
        "The backup authentication service takes requests from Entra's gateway alone.",
        "D", "a request to the backup service itself", where="json", fix="Ask the usual endpoint.", unearned=_LOAD,
    ),
    ErrorRow(
        1100001, "server_error", 400, "Non-retryable error has occurred.",
        "O", "a custom authentication extension (custom claims provider) that answers wrongly, or not in time",
        where="page json",
        fix="See the sign-in log's tab Authentication events for the number of the cause, 1003003 and on.",
        unearned=_EXTENSION,
    ),
    # Conditional Access, devices, second factors
    ErrorRow(
        50072, "invalid_grant", 400, "The user needs to enroll for second factor authentication (interactive).",
        "D", "a user who has no second factor yet", suberror="basic_action", redirect_error="interaction_required",
        v1_error="interaction_required", where="json redirect", fix="Send the user through authorize to enroll.",
        unearned=_LOGGED.format("More information required waits", 50079),
    ),
    ErrorRow(
        50074, "invalid_grant", 400, "Strong Authentication is required.",
        "D", "a second factor that was asked for and not passed", suberror="basic_action",
        redirect_error="interaction_required", v1_error="interaction_required",
        where="json redirect", fix="Send the user through authorize.",
        unearned=_LOGGED.format("that asks for the second factor waits", 50076),
    ),
    ErrorRow(
        50078, "invalid_grant", 400,
        "Presented multi-factor authentication has expired due to policies configured by your administrator, you must "
        "refresh your multi-factor authentication to access '{resource}'.",
        "D", "a second factor that was given too long ago", suberror="basic_action",
        redirect_error="interaction_required", v1_error="interaction_required",
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
        fix="Let the browser send a certificate, or sign in otherwise.", unearned=_USER_CERTIFICATE,
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
        "O", "a policy that blocks", redirect_error="access_denied", v1_error="interaction_required",
        suberror="message_only",
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
        "O", "a refresh after the sign-in frequency of a policy", suberror="token_expired", where="json",
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
    ErrorRow(
        17003, "server_error", 400, "The user's key cannot be provisioned.",
        "D", "setting up Windows Hello for Business or a passkey", where="json", fix="Join the device again.",
        unearned=_HELLO,
    ),
    ErrorRow(
        50002, "access_denied", 400, "This tenant isn't supported for this authentication method yet.",
        "D",
        "a tenant that a proxy's tenant restrictions close; Microsoft's list says so, its look-up page tells "
        "another text",
        where="page json", fix="Have the tenant added to the tenant restrictions.",
        unearned="a twin; the header Restrict-Access-To-Tenants is 500021 here",
    ),
    ErrorRow(
        50017, "invalid_grant", 400, "Validation of given certificate for certificate based authentication failed.",
        "D", "a user's certificate whose chain or revocation list cannot be checked", where="page",
        fix="Upload the whole chain of authorities to the tenant, and check that their revocation lists can be "
        "fetched.",
        unearned=_USER_CERTIFICATE,
    ),
    ErrorRow(
        50032, "invalid_request", 400, "RSA key size {actual} is less than the minimum required {minimum} bits.",
        "D", "a device or user key that is too short", where="json", fix="Use a key of 2048 bits or more.",
        unearned=_DEVICES,
    ),
    ErrorRow(
        50142, "interaction_required", 400, "Password change is required due to a conditional access policy.",
        "D", "a risky user whom a policy asks for a new password", where="page json",
        fix="Let the user change the password.", unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        50203, "interaction_required", 400,
        "User has not registered the authenticator app and must register or snooze this notification.",
        "D", "a campaign for the authenticator app, at a step of signing in", where="page",
        fix="None: it is a step of signing in, seen in logs.", unearned="the page does not ask to register an app",
    ),
    ErrorRow(
        53009, "invalid_grant", 400, "Application needs to enforce Intune protection policies.",
        "O", "an app on a phone without Intune's protection, where a policy wants it", where="json page",
        suberror="protection_policy_required",
        fix="Build the app with the Intune SDK and enroll it, or have it left out of the policy.",
        unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        54008, "invalid_grant", 400,
        "Multi-Factor authentication is required and the credential used ({credential}) is not supported as a "
        "First Factor. Contact your administrator for more information.",
        "D", "a sign-in whose first factor cannot be followed by a second one", where="page json",
        fix="Sign in by another method.", unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        70044, "interaction_required", 400,
        "The session has expired or is invalid due to sign-in frequency checks by conditional access.",
        "D", "prompt=none in a session that is older than a policy's sign-in frequency", where="redirect page",
        fix="Send the user through authorize.", unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        90114, "invalid_request", 400,
        "The specified bulk AADJ token expiration timestamp will cause an expired token to be issued.",
        "D", "the token for joining many devices with an end that has passed", where="json",
        fix="Choose a later end.", unearned="needs the registration of devices",
    ),
    ErrorRow(
        130501, "access_denied", 400, "Sign in was blocked due to User Credential Policy.",
        "D", "a method of authentication that the tenant has switched off", where="page",
        fix="Sign in by another method.", unearned="needs policies of authentication methods",
    ),
    ErrorRow(
        131010, "access_denied", 400, "User not allowed by policy conditions.",
        "O", "the first sign-in after self-service sign-up in an external tenant", where="page redirect",
        fix="Sign in again; look at the user flow and its apps.", unearned="needs external (CIAM) tenants",
    ),
    ErrorRow(
        140000, "invalid_grant", 400,
        "Request nonce is expired. Current time: {now}, expiry time of assertion {expiry}.",
        "D", "a broker that signs with an old nonce, or none", where="json", fix="Look at the device's clock.",
        unearned=_BROKER,
    ),
    ErrorRow(
        140001, "invalid_grant", 400, "The session key is not valid.",
        "D", "a primary refresh token with another device's key", where="json", fix="Register the device again.",
        unearned=_BROKER,
    ),
    ErrorRow(
        165004, "invalid_request", 400,
        "Actual message content is runtime specific. Please see returned exception message for details.",
        "D", "not known", where="page", fix="See the sign-in log.", unearned=_UNKNOWN,
    ),
    ErrorRow(
        220450, "invalid_request", 400, "The Chrome WebView version is not supported.",
        "D", "an Android with an old WebView", where="page",
        fix="Update Android System WebView; sign in with the system's browser.", unearned="any browser is taken",
    ),
    ErrorRow(
        220501, "invalid_request", 400, "Unable to download CRL. Invalid or no response from CRL source {url}.",
        "O", "a revocation list that cannot be fetched, or is PEM instead of DER", where="page",
        fix="Serve the revocation list as DER over plain HTTP.", unearned=_USER_CERTIFICATE,
    ),
    ErrorRow(
        240001, "access_denied", 400, "User is not authorized to register devices in Azure AD.",
        "D", "the token for joining many devices, asked for by a user without the role", where="json",
        fix="Use an account that may register devices.", unearned="needs the registration of devices",
    ),
    ErrorRow(
        399218, "interaction_required", 400,
        "For security reasons, user confirmation is required for this request. Please repeat the request allowing"
        " user interaction.",
        "D", "a sign-in to a tenant where the user never was, at a step that asks whether that is meant",
        where="redirect page", fix="Ask without prompt=none.", unearned="the page does not ask that",
    ),
    ErrorRow(
        500176, "invalid_request", 400, "Cannot find issuing certificate in trusted certificates list.",
        "O", "a user's certificate at /common, or of an authority that the tenant does not know", where="page",
        fix="Upload the certificate authority to the tenant; name the tenant in the authority.",
        unearned=_USER_CERTIFICATE,
    ),
    ErrorRow(
        500183, "invalid_grant", 400, "Certificate has been revoked.",
        "D", "a user's certificate that was revoked", where="page", fix="Get a new certificate.",
        unearned=_USER_CERTIFICATE,
    ),
    ErrorRow(
        500186, "access_denied", 400, "User not allowed by policy conditions.",
        "D", "a sign-in by certificate of a user for whom the method is not enabled", where="page",
        fix="Enable the method for the user.", unearned=_USER_CERTIFICATE,
    ),
    ErrorRow(
        530002, "invalid_grant", 400, "Your device is required to be compliant to access this resource.",
        "D", "a device that is not compliant", where="page json", redirect_error="access_denied",
        fix="Enroll the device.", unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        530021, "invalid_grant", 400, "Application does not meet the conditional access approved app requirements.",
        "D", "an app that is not on the list of approved ones", where="page json", redirect_error="access_denied",
        fix="Use an approved app.", unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        530031, "invalid_grant", 400, "Access policy does not allow token issuance.",
        "D", "a policy that blocks", where="page json", redirect_error="access_denied",
        fix="See the sign-in log for the policy.", unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        530033, "invalid_grant", 400, "Remote device flow blocked due to device based conditional access.",
        "D", "a device code where a policy wants a known device", where="json page", redirect_error="access_denied",
        fix="Sign in with a browser on the device, or have device code left out of the policy.",
        unearned=_CONDITIONAL_ACCESS,
    ),
    ErrorRow(
        9001011, "invalid_request", 400, "Device policy contains unsupported required device state: {state}.",
        "D", "a policy with a state of devices that is not known", where="page json",
        fix="Ask whoever makes the tenant's policies.", unearned=_CONDITIONAL_ACCESS,
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
        unearned=_CLOUDS,
    ),
    ErrorRow(
        50007, "server_error", 400, "Encryption certificate was not found in the directory.",
        "D", "a partner of Microsoft's without certificate", where="page", fix="Ask Microsoft.", unearned=_UNKNOWN,
    ),
    ErrorRow(
        50015, "access_denied", 400, "The user requires legal age group consent.",
        "D", "a minor in a tenant that nobody administers", where="page",
        fix="Set ageGroup and consentProvidedForMinor.", unearned="needs age groups",
    ),
    ErrorRow(
        50029, "invalid_request", 400,
        "The reply URI specified in the request contains invalid characters. Domain names of this form are not "
        "supported.",
        "D", "a redirect URI whose host has other characters than letters, digits and hyphens", where="page",
        fix="Use a host in ASCII (Punycode).", unearned="such a redirect URI is 50011 here, unless it is registered",
    ),
    ErrorRow(
        50043, "server_error", 400, "Unable to generate a pairwise identifier with more than one salt in principal.",
        "D", "a principal with two salts", where="page", fix="Ask Microsoft.",
        unearned="pairwise ids need no stored salt here",
    ),
    ErrorRow(
        50050, "invalid_request", 400, "The request is malformed: invalid format for '{name}' value.",
        "D", "instance discovery with an authorization_endpoint that is no URL", where="json",
        fix="Send https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize.",
        unearned="anything but a host of Microsoft's is 50049 here",
    ),
    ErrorRow(
        50136, "interaction_required", 400, "Single MSA session detected when requesting an MSA ticket.",
        "D", "a browser with one personal account, at a step of signing in", where="page",
        fix="None: it is a step of signing in, seen in logs.", unearned=_PERSONAL,
    ),
    ErrorRow(
        50206, "interaction_required", 400,
        "The user or administrator has not consented connecting to the target-device: '{device}'. Send an "
        "interactive authorization request for this user and target-machine.",
        "D", "Remote Desktop to a machine for the first time", where="json page", fix="Let the user agree.",
        unearned=_DEVICES,
    ),
    ErrorRow(
        51001, "invalid_request", 400,
        "The domain hint must be present with an on-premises security identifier or user principal name.",
        "D", "a client of Microsoft's that names the user by the identifier on premises alone", where="page",
        fix="Send domain_hint as well.", unearned=_KERBEROS,
    ),
    ErrorRow(
        51006, "interaction_required", 400,
        "Integrated Windows authentication is needed, and the session was begun without it.",
        "D", "a session without a Kerberos ticket", where="page", fix="Let the user sign in again.",
        unearned=_KERBEROS,
    ),
    ErrorRow(
        52004, "interaction_required", 400, "The user has not consented to LinkedIn's resources.",
        "D", "LinkedIn in Microsoft 365", where="json", fix="Let the user link the account.",
        unearned="needs LinkedIn",
    ),
    ErrorRow(
        90007, "invalid_request", 400, "Bad Request. The passed session ID cannot be parsed.",
        "D", "authorize with a sid that is none", where="page redirect",
        fix="Send the id token's claim sid as it is.",
        unearned="a sid that names no session is 50058 or 160021 here, with prompt=none",
    ),
    ErrorRow(
        90022, "invalid_request", 400,
        "Principal name format is invalid for '{name}'. Expected format: name[/instance][@realm].",
        "D", "an identifier of the older form by WS-Federation or v1.0", where="page json",
        fix="Name the API by its Application ID URI or client id.", unearned=_UNKNOWN,
    ),
    ErrorRow(
        90029, "invalid_request", 400,
        "The realm '{name}' is a Unicode domain name. Domain names of this form are not supported.",
        "D", "a user of a domain that is not in ASCII", where="page", fix="Use another domain of the tenant.",
        unearned=_UNKNOWN,
    ),
    ErrorRow(
        90043, "invalid_grant", 400, "OAuth2 grant was issued by National Cloud STS.",
        "D", "a code of another cloud, brought to the global endpoint", where="json",
        fix="Redeem it at the host in the member cloud_instance_host_name.", unearned=_CLOUDS,
    ),
    ErrorRow(
        90051, "invalid_request", 400, "Invalid Delegation Token. Invalid national Cloud ID ({cloud}) is specified.",
        "D", "a token between clouds that names a cloud which is none", where="json page",
        fix="Use the authority of the user's cloud.", unearned=_CLOUDS,
    ),
    ErrorRow(
        90101, "invalid_request", 400,
        "The supplied data isn't a valid email address. Please provide it in the format someone@example.com.",
        "D", "a sign-in by one-time passcode with an address that is none", where="page", fix="Check the address.",
        unearned="a name that nobody has is told on the sign-in page here",
    ),
    ErrorRow(
        90125, "invalid_request", 400, "{user} isn't in our system. Make sure you entered the user name correctly.",
        "D", "the test of an app's single sign-on in the portal, for a user who is unknown", where="page",
        fix="Check the user name.", unearned=_UNKNOWN,
    ),
    ErrorRow(
        90126, "invalid_request", 400,
        "User Type is not supported on this endpoint. The system can't infer the user's tenant from the user "
        "name: '{user}'.",
        "D", "the test of an app's single sign-on in the portal, for a user whose tenant is not clear", where="page",
        fix="Use an account of the tenant.", unearned=_UNKNOWN,
    ),
    ErrorRow(
        500206, "invalid_request", 400,
        "The account type can't be used for the application you're trying to log into.",
        "D", "an account of another kind than signInAudience says", where="page", fix="Check signInAudience.",
        unearned=_PERSONAL,
    ),
    ErrorRow(
        900384, "invalid_request", 400, "JWT token failed signature validation. [Reason - {reason}].",
        "O", "a code or assertion of another cloud's tenant, brought to the wrong one", where="json",
        fix="Use one cloud's authority for the whole sign-in.", unearned=_CLOUDS,
    ),
    ErrorRow(
        900432, "invalid_request", 400, "Confidential Client is not supported in Cross Cloud request.",
        "O", "a client with a secret that redeems a code at another cloud's authority", where="json",
        fix="Use the authority of the cloud where the app is registered.", unearned=_CLOUDS,
    ),
    ErrorRow(
        900439, "invalid_request", 400,
        "Confidential Client requests are not supported on the public endpoint (login.microsoftonline.com) for "
        "tenants in the Azure Government cloud. Send your login requests to https://login.microsoftonline.us "
        "instead.",
        "O", "a tenant of Azure Government at the global authority", where="json page",
        fix="Use login.microsoftonline.us.", unearned=_CLOUDS,
    ),
    ErrorRow(
        1000104, "access_denied", 400, "Resource cloud {cloud} is not allowed on identity tenant {tenant}.",
        "D", "a guest from another cloud whom the home tenant does not let go there", where="page json",
        fix="Have the Microsoft cloud settings of the cross-tenant access changed.", unearned=_CROSS_TENANT,
    ),
    ErrorRow(
        1002017, "invalid_request", 400, "Bad Request. The passed logout_hint cannot be parsed.",
        "D", "sign-out with a logout_hint that is no login_hint of Entra's", where="page",
        fix="Send the id token's optional claim login_hint as it is.",
        unearned="sign-out ignores a hint that it cannot use",
    ),
    ErrorRow(
        1003037, "interaction_required", 400,
        "It looks like you may already have an account with us using this email address. Try signing in again "
        "with another identity provider.",
        "D", "a sign-up in an external tenant with a known address", where="page",
        fix="Sign in with the provider of the first time.", unearned="needs external (CIAM) tenants",
    ),
    ErrorRow(
        9002315, "invalid_request", 400, "Invalid request. Cannot use /consumers/ on v1 signout.",
        "D", "sign-out at /consumers/oauth2/logout", where="page", fix="Use /consumers/oauth2/v2.0/logout.",
        unearned="sign-out at /consumers is like any other here",
    ),
    ErrorRow(
        9002339, "invalid_request", 400,
        "Unsupported user account for this endpoint. The user is a Microsoft Accounts user, but this app does not"
        " have the Microsoft account audience enabled.",
        "D", "a personal account at /common with an app of work accounts", where="page",
        fix="Set signInAudience to AzureADandPersonalMicrosoftAccount, or use the tenant's own authority.",
        unearned=_PERSONAL,
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
        900382, "invalid_request", 400,
        "Confidential Client is not supported in Cross Cloud request.",
        "O", "a client with a secret at an authority of another cloud than its own", where="json", lookup=False,
        fix="Use the authority of the cloud where the app is registered.",
        unearned=_CLOUDS,
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
    ErrorRow(
        50124, "invalid_request", 400,
        "Invalid regular expression configured for claims transformation for this application.",
        "D", "a claims transformation with an input that is wrong", where="page json",
        fix="Correct the claims mapping policy.", unearned=_TRANSFORMED,
    ),
    ErrorRow(
        65006, "invalid_grant", 400,
        "Resource '{resource}' had no entitlements matching required permissions configured on the required "
        "resource access for client '{client}'.",
        "D", "consent to permissions by id that the API does not have any more", where="page",
        fix="Correct requiredResourceAccess.", unearned="a permission that the API does not have is 65005 here",
    ),
    ErrorRow(
        65007, "invalid_request", 400,
        "Client '{client}' required resource access configuration has changed and therefore the request could not"
        " be completed. Please try again.",
        "D", "consent while the app's requested permissions are changed", where="page", fix="Try again.",
        unearned="the directory does not change in the midst of a request here",
    ),
    ErrorRow(
        67003, "invalid_grant", 400, "The actor is not a valid service identity.",
        "D", "Microsoft's own services, which act for one another", where="json", fix="Use on-behalf-of.",
        unearned="needs Microsoft's own services",
    ),
    ErrorRow(
        82001, "unauthorized_client", 400,
        "Agentic application '{app_id}' is not permitted to request app-only tokens for resource '{resource}'.",
        "O", "client_credentials of an agent identity blueprint for anything but api://AzureADTokenExchange",
        where="json", fix="Exchange by fmi_path: blueprint, agent identity, API.", unearned="needs agent identities",
    ),
    ErrorRow(
        90016, "invalid_request", 400, "Invalid access token. Required claim is missing.",
        "D", "an access token at an endpoint of Entra's own that wants another claim", where="json",
        fix="Ask for a token for that endpoint.", unearned="the v1.0 userinfo endpoint answers a JWT with 90010 here",
    ),
    ErrorRow(
        90083, "invalid_request", 400, "Request is unsupported.",
        "O", "not known; seen now and then at the token endpoint", where="json page",
        fix="Check the address and the grant_type.", unearned=_UNKNOWN,
    ),
    ErrorRow(
        90093, "access_denied", 400, "Calling principal cannot consent due to lack of permissions.",
        "O", "a v1.0 sign-in of somebody who may not consent", where="page", fix="Let an administrator consent.",
        unearned=_NEWER.format(90094),
    ),
    ErrorRow(
        90096, "access_denied", 400,
        "Admin consent is required for the permissions requested by this application. Admin consent request sent "
        "for processing.",
        "D", "a click on 'Request approval'", where="page", fix="Let an administrator decide on the request.",
        unearned="needs the admin consent workflow",
    ),
    ErrorRow(
        90102, "invalid_request", 400, "'{name}' value must be a valid absolute URI.",
        "D", "authorize with a redirect_uri, or a resource, that is no absolute URI", where="page",
        fix="Send the URI with its scheme.", unearned="such a redirect URI is 50011 here, and such a resource 500011",
    ),
    ErrorRow(
        90117, "invalid_request", 400, "Invalid request.",
        "D", "not known", where="page json", fix="Check the request.", unearned=_UNKNOWN,
    ),
    ErrorRow(
        90121, "invalid_request", 400, "Invalid empty request.",
        "D", "not known", where="page json", fix="Send the parameters.",
        unearned="a request without parameters is 900144 here",
    ),
    ErrorRow(
        90135, "access_denied", 400, "The user decided not to continue the authentication.",
        "D", "a click that leaves the sign-in", where="redirect page", fix="None: the user did not want to.",
        unearned="a sign-in that is left is access_denied without a number here",
    ),
    ErrorRow(
        500119, "invalid_request", 400,
        "Redirect URIs with urn: schemes are prohibited. Use a different scheme, or "
        "https://login.microsoftonline.com/common/oauth2/nativeclient.",
        "D", "authorize with urn:ietf:wg:oauth:2.0:oob", where="page",
        fix="Register and send https://login.microsoftonline.com/common/oauth2/nativeclient.",
        unearned="such a redirect URI is 50011 here, unless it is registered",
    ),
    ErrorRow(
        500136, "invalid_grant", 400,
        "The token issuer doesn't match the api version: A version 2 token can only be used with the v2 endpoint.",
        "D", "on-behalf-of with a v2.0 token at the v1.0 token endpoint", where="json", fix="Ask the v2.0 endpoint.",
        unearned="the version of the assertion is not looked at here",
    ),
    ErrorRow(
        501471, "invalid_request", 400, "Missing code_challenge parameter.",
        "D", "authorize with code_challenge_method alone", where="redirect", fix="Send code_challenge as well.",
        unearned="a method without a challenge is not looked at here",
    ),
    ErrorRow(
        501621, "invalid_request", 400, "Regular expression replacement for claims transformation has timed out.",
        "D", "a claims transformation with an expression that takes too long", where="page json",
        fix="Write a simpler expression.", unearned=_TRANSFORMED,
    ),
    ErrorRow(
        650058, "invalid_request", 400,
        "The app needs access to a service that your organization has not subscribed to or enabled. Contact your "
        "IT Admin to review the configuration of your service subscriptions.",
        "D", "a permission of an API that the tenant does not have", where="page",
        fix="Let an administrator add the API's service principal.", unearned=_TWIN.format(650052),
    ),
    ErrorRow(
        650061, "invalid_request", 400,
        "The client application {name} ({app_id}) requested the role {role} ({role_id}) on the resource "
        "application {resource} ({resource_id}) but this role is only for users.",
        "D", "admin consent to an app role that applications cannot have", where="page",
        fix="Take the role out of requiredResourceAccess, or let its allowedMemberTypes have Application.",
        unearned=_UNKNOWN,
    ),
    ErrorRow(
        700007, "invalid_grant", 400, "The grant was issued for a different client id.",
        "D", "a code or refresh token of another client", where="json", fix="Redeem it as the client that got it.",
        unearned=_TWIN.format(70000),
    ),
    ErrorRow(
        700026, "invalid_client", 401, "Client application has no configured keys.",
        "D", "a client_assertion for an app that has no certificate", where="json",
        fix="Upload the certificate to the app registration.", unearned=_TWIN.format(700027),
    ),
    ErrorRow(
        900941, "access_denied", 400, "Administrator consent is required. App is considered risky.",
        "D", "consent by a user to an app that Microsoft thinks risky", where="page",
        fix="Let an administrator consent, or have the publisher verified.", unearned="no app is thought risky here",
    ),
    ErrorRow(
        900942, "access_denied", 400,
        "Admin consent is required in order to allow token to be issued for clients to access resource.",
        "D", "an API that lets no user consent", where="page json", fix="Let an administrator consent.",
        unearned=_TWIN.format(90094),
    ),
    ErrorRow(
        1000029, "invalid_request", 400,
        "The provided confirmation request (req_cnf or pop_jwk) is not properly formatted.",
        "D", "a token request with token_type=pop and a req_cnf that cannot be read", where="json",
        fix="Send base64url of a JSON object with kid.", unearned="needs proof-of-possession tokens",
    ),
    ErrorRow(
        1003031, "invalid_request", 400, "Misconfigured required resource access in client application registration.",
        "D", "an app of an external tenant without openid and offline_access among its permissions", where="page",
        fix="Add openid and offline_access of Microsoft Graph to the app's permissions.",
        unearned="needs external (CIAM) tenants",
    ),
    ErrorRow(
        7000113, "unauthorized_client", 400,
        "Application '{app_id}' is not authorized to make application on-behalf-of calls.",
        "D", "on-behalf-of with an application's own token", where="json",
        fix="Use client_credentials for the second API.", unearned=_TWIN.format(7000114),
    ),
    ErrorRow(
        7000116, "unauthorized_client", 400,
        "Client application '{app_id}'({name}) is disabled in tenant {tenant}. Please review the documentation: "
        "https://go.microsoft.com/fwlink/?linkid=2167553.",
        "D", "a client that Microsoft, or the tenant, disabled", where="json page",
        fix="Ask the tenant's administrator.", unearned=_TWIN.format(7000112),
    ),
    ErrorRow(
        7000117, "invalid_resource", 400,
        "Resource application '{app_id}'({name}) is disabled in tenant {tenant}. Please review the documentation:"
        " https://go.microsoft.com/fwlink/?linkid=2167553.",
        "D", "an API that Microsoft, or the tenant, disabled", where="json page",
        fix="Ask the tenant's administrator.", unearned=_TWIN.format(500014),
    ),
    ErrorRow(
        7000213, "invalid_client", 401, "Invalid certificate chain.",
        "O", "an assertion with x5c whose subject name is trusted and whose chain cannot be verified", where="json",
        fix="Send the whole chain, or register the certificate itself.",
        unearned="needs authentication by subject name and issuer, which is Microsoft's own",
    ),
    ErrorRow(
        7000214, "invalid_client", 401, "Certificate has been revoked.",
        "D", "an assertion of a certificate that its authority revoked", where="json",
        fix="Get a new certificate, and register it.", unearned="revocation lists are not fetched here",
    ),
    ErrorRow(
        7000219, "invalid_client", 401,
        "'client_assertion' or 'client_secret' is required for the '{grant_type}' grant type.",
        "D", "a token request of a confidential client without a credential", where="json",
        fix="Send the secret or an assertion.", unearned="7000216 or 7000218 here",
    ),
    ErrorRow(
        7000220, "invalid_grant", 400,
        "Client application identifier in the provided grant doesn't match 'client_id' parameter.",
        "D", "a grant of another client", where="json", fix="Redeem it as the client that got it.",
        unearned=_TWIN.format(70000),
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
    ErrorRow(
        50137, "interaction_required", 400, "Password needs to be changed due to security policy rule.",
        "D", "a password that a rule no longer allows", where="page", fix="Let the user change the password.",
        unearned=_PASSWORD_RESET,
    ),
    ErrorRow(
        50181, "invalid_grant", 400, "Unable to validate the otp.",
        "D", "a guest's one-time passcode that cannot be checked", where="page", fix="Ask for a new passcode.",
        unearned=_PASSCODE,
    ),
    ErrorRow(
        50182, "invalid_grant", 400, "OTP is already expired.",
        "D", "a guest's one-time passcode that is old", where="page", fix="Ask for a new passcode.",
        unearned=_PASSCODE,
    ),
    ErrorRow(
        81001, "invalid_request", 400, "Service ticket size exceeded the maximum allowed.",
        "D", "a Kerberos ticket of a user in very many groups", where="page",
        fix="Sign in with the password; let whoever runs the domain look at Seamless single sign-on.",
        unearned=_KERBEROS,
    ),
    ErrorRow(
        81008, "invalid_request", 400, "Failed to validate Kerberos ticket.",
        "D", "a Kerberos ticket that is not valid", where="page",
        fix="Sign in with the password; let whoever runs the domain look at Seamless single sign-on.",
        unearned=_KERBEROS,
    ),
    ErrorRow(
        130503, "invalid_grant", 400,
        "Your Temporary Access Pass is incorrect. If you don't know your pass, contact your administrator.",
        "D", "a wrong Temporary Access Pass", where="page", fix="Ask an administrator for a new one.",
        unearned=_ACCESS_PASS,
    ),
    ErrorRow(
        130504, "invalid_grant", 400,
        "Your Temporary Access Pass has expired. Contact your administrator to obtain a new pass.",
        "D", "an old Temporary Access Pass", where="page", fix="Ask an administrator for a new one.",
        unearned=_ACCESS_PASS,
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

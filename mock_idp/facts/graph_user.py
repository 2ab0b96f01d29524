"""The properties of the user resource of Microsoft Graph v1.0. Follows GD:resources/user."""

DEFAULT = (
    "businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation",
    "preferredLanguage", "surname", "userPrincipalName", "id",
)  # fmt: skip
"""What is answered without ``$select``, in this order (facts §8.1)."""

COLLECTIONS = frozenset(
    {
        "assignedLicenses", "assignedPlans", "businessPhones", "identities", "imAddresses", "interests",
        "licenseAssignmentStates", "onPremisesProvisioningErrors", "otherMails", "pastProjects", "provisionedPlans",
        "proxyAddresses", "responsibilities", "schools", "serviceProvisioningErrors", "skills",
    }
)  # fmt: skip
"""Empty, and not ``null``, when there is nothing."""

PROPERTIES = frozenset(
    {
        *DEFAULT, *COLLECTIONS, "aboutMe", "accountEnabled", "ageGroup", "authorizationInfo", "birthday", "city",
        "companyName", "consentProvidedForMinor", "country", "createdDateTime", "creationType",
        "customSecurityAttributes", "deletedDateTime", "department", "deviceEnrollmentLimit", "employeeHireDate",
        "employeeId", "employeeLeaveDateTime", "employeeOrgData", "employeeType", "externalUserState",
        "externalUserStateChangeDateTime", "faxNumber", "hireDate", "isManagementRestricted", "isResourceAccount",
        "lastPasswordChangeDateTime", "legalAgeGroupClassification", "mailboxSettings", "mailNickname", "mySite",
        "onPremisesDistinguishedName", "onPremisesDomainName", "onPremisesExtensionAttributes",
        "onPremisesImmutableId", "onPremisesLastSyncDateTime", "onPremisesSamAccountName",
        "onPremisesSecurityIdentifier", "onPremisesSyncEnabled", "onPremisesUserPrincipalName", "passwordPolicies",
        "passwordProfile", "postalCode", "preferredDataLocation", "preferredName", "print", "securityIdentifier",
        "showInAddressList", "signInActivity", "signInSessionsValidFromDateTime", "state", "streetAddress",
        "usageLocation", "userType",
    }
)  # fmt: skip
"""All of them, without the relationships, which are not selected but expanded."""

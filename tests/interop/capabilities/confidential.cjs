// @azure/msal-node and @azure/identity, confidential: what a test gives as JSON, what came as JSON.
const msal = require('@azure/msal-node');
const identity = require('@azure/identity');

const given = JSON.parse(process.argv[2]);
const scopes = ['https://graph.microsoft.com/.default'];
const auth = { clientId: given.client, authority: `https://login.microsoftonline.com/${given.tenant}` };
const app = (more) => new msal.ConfidentialClientApplication({ auth: { ...auth, ...more } });
const certificate = { thumbprintSha256: given.thumbprint, privateKey: given.key };

async function main() {
  const secret = app({ clientSecret: given.secret });
  const first = await secret.acquireTokenByClientCredential({ scopes });
  const again = await secret.acquireTokenByClientCredential({ scopes });
  const byCertificate = await app({ clientCertificate: certificate }).acquireTokenByClientCredential({ scopes });
  const regional = await secret.acquireTokenByClientCredential({ scopes, azureRegion: 'westus2', skipCache: true });
  const onBehalf = await secret.acquireTokenOnBehalfOf({ oboAssertion: given.assertion, scopes: ['User.Read'] });
  const wrong = await app({ clientSecret: 'wrong' }).acquireTokenByClientCredential({ scopes }).catch((error) => error);

  const request = { scopes: ['User.Read'], redirectUri: given.redirect, code: given.code };
  const signedIn = await secret.acquireTokenByCode(request);
  const silent = await secret.acquireTokenSilent({ account: signedIn.account, scopes: ['User.Read'] });
  const refreshed = await secret.acquireTokenSilent({ account: signedIn.account, scopes: ['User.Read'], forceRefresh: true });

  const { tenant, client } = given;
  const credentials = {
    secret: new identity.ClientSecretCredential(tenant, client, given.secret),
    certificate: new identity.ClientCertificateCredential(tenant, client, { certificate: given.pem }),
    onBehalf: new identity.OnBehalfOfCredential({
      tenantId: tenant, clientId: client, clientSecret: given.secret, userAssertionToken: given.assertion,
    }),
  };
  const tokens = {};
  for (const [name, credential] of Object.entries(credentials)) {
    tokens[name] = (await credential.getToken(name === 'onBehalf' ? 'User.Read' : scopes[0])).token;
  }
  console.log(JSON.stringify({
    secret: first.accessToken, cached: again.fromCache, certificate: byCertificate.accessToken,
    regional: regional.accessToken,
    onBehalf: onBehalf.accessToken, wrong: wrong.errorNo || wrong.errorMessage, account: signedIn.account.username,
    home: signedIn.account.homeAccountId, silent: silent.fromCache, refreshed: refreshed.fromCache, identity: tokens,
  }));
}

main();

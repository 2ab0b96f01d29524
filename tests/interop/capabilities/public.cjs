// @azure/msal-node, public: a device's code, then a password; the device's code is told on a line of its own.
const msal = require('@azure/msal-node');

const given = JSON.parse(process.argv[2]);
const app = () => new msal.PublicClientApplication({
  auth: { clientId: given.client, authority: `https://login.microsoftonline.com/${given.tenant}` },
});

async function main() {
  const scopes = ['User.Read'];
  const deviceCodeCallback = ({ userCode }) => console.log(JSON.stringify({ code: userCode }));
  const device = await app().acquireTokenByDeviceCode({ scopes, deviceCodeCallback });
  const password = await app().acquireTokenByUsernamePassword({ scopes, username: given.user, password: 'any' });
  console.log(JSON.stringify({ device: device.account.username, password: password.account.username }));
}

main();

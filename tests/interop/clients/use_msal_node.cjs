const { ConfidentialClientApplication } = require('@azure/msal-node');

const app = new ConfidentialClientApplication({
  auth: {
    clientId: '11111111-2222-4333-8444-555555555555',
    clientSecret: 'x',
    authority: 'https://login.microsoftonline.com/7a1c1f5e-3a53-4c8b-9b39-5f1d6f0c2e11',
  },
});

app.acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] })
  .then((answer) => console.log(JSON.stringify({ token: answer.accessToken })));

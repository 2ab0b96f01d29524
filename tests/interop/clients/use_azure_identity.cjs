const { ClientSecretCredential } = require('@azure/identity');

const tenant = '7a1c1f5e-3a53-4c8b-9b39-5f1d6f0c2e11';
new ClientSecretCredential(tenant, '11111111-2222-4333-8444-555555555555', 'x')
  .getToken('https://graph.microsoft.com/.default')
  .then((answer) => console.log(JSON.stringify({ token: answer.token })));

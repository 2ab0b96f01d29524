const https = require('node:https');

const authority = 'https://login.microsoftonline.com/7a1c1f5e-3a53-4c8b-9b39-5f1d6f0c2e11';
const form = new URLSearchParams({
  grant_type: 'client_credentials',
  client_id: '11111111-2222-4333-8444-555555555555',
  client_secret: 'x',
  scope: 'https://graph.microsoft.com/.default',
}).toString();

function ask(method, url, headers = {}, body = '') {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { method, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => { text += chunk; });
      answer.on('end', () => resolve({ status: answer.statusCode, body: JSON.parse(text) }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function main() {
  const discovery = await ask('GET', `${authority}/v2.0/.well-known/openid-configuration`);
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const token = (await ask('POST', `${authority}/oauth2/v2.0/token`, type, form)).body.access_token;
  const me = await ask('GET', 'https://graph.microsoft.com/v1.0/me', { authorization: `Bearer ${token}` });
  console.log(JSON.stringify({ token, authorize: discovery.body.authorization_endpoint, graph: me.status }));
}

main();

const authority = 'https://login.microsoftonline.com/7a1c1f5e-3a53-4c8b-9b39-5f1d6f0c2e11';
const form = new URLSearchParams({
  grant_type: 'client_credentials',
  client_id: '11111111-2222-4333-8444-555555555555',
  client_secret: 'x',
  scope: 'https://graph.microsoft.com/.default',
});

async function main() {
  const discovery = await (await fetch(`${authority}/v2.0/.well-known/openid-configuration`)).json();
  const answer = await fetch(`${authority}/oauth2/v2.0/token`, { method: 'POST', body: form });
  const token = (await answer.json()).access_token;
  const me = await fetch('https://graph.microsoft.com/v1.0/me', { headers: { authorization: `Bearer ${token}` } });
  console.log(JSON.stringify({ token, authorize: discovery.authorization_endpoint, graph: me.status }));
}

main();

// jose, and jsonwebtoken with jwks-rsa: validate tokens as an API does, with keys that they fetch.
const jwt = require('jsonwebtoken');
const jwksRsa = require('jwks-rsa');

const given = JSON.parse(process.argv[2]);

async function withJose({ token, keys, issuer, audience }) {
  const jose = await import('jose');
  const set = jose.createRemoteJWKSet(new URL(keys));
  return (await jose.jwtVerify(token, set, { issuer, audience, algorithms: ['RS256'] })).payload;
}

function withJsonwebtoken({ token, keys, issuer, audience }) {
  const client = jwksRsa({ jwksUri: keys });
  const getKey = (header, done) => client.getSigningKey(header.kid, (error, key) => done(error, key && key.getPublicKey()));
  return new Promise((resolve, reject) => {
    const options = { issuer, audience, algorithms: ['RS256'] };
    jwt.verify(token, getKey, options, (error, claims) => (error ? reject(error) : resolve(claims)));
  });
}

async function main() {
  const found = [];
  for (const each of given) {
    for (const validate of [withJose, withJsonwebtoken]) {
      found.push(await validate(each).then((claims) => claims.ver, (error) => error.message));
    }
  }
  console.log(JSON.stringify(found));
}

main();

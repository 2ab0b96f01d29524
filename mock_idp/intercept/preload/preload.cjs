// Start-up preload of Node children: Microsoft's names lead to the local identity provider.
//
// Put into NODE_OPTIONS by `mock-idp run` and `mock-idp env`, because Node's https and fetch use no proxy (seen: Node 20,
// NODE_USE_ENV_PROXY too). Certificates come from NODE_EXTRA_CA_CERTS.
'use strict';

const net = require('node:net');

const connect = process.env.MOCK_IDP_CONNECT;
const patterns = (process.env.MOCK_IDP_HOSTS || '').split(',').filter(Boolean);

function isEmulated(host) {
  const name = String(host).toLowerCase().replace(/\.$/, '');
  return patterns.some((pattern) => pattern.startsWith('*.')
    ? name.endsWith(pattern.slice(1)) && name.split('.').length === pattern.split('.').length
    : name === pattern);
}

if (connect && patterns.length) {
  const split = connect.lastIndexOf(':');
  const address = { host: connect.slice(0, split), port: Number(connect.slice(split + 1)) };
  const original = net.Socket.prototype.connect;

  net.Socket.prototype.connect = function mockIdpConnect(...args) {
    // net.connect() hands over its normalized arguments as one array
    const normalized = Array.isArray(args[0]) ? args[0] : args;
    const options = normalized[0];
    if (options && typeof options === 'object' && isEmulated(options.host)) {
      if (Number(options.port) !== 443) {
        throw new Error(`mock-idp emulates ${options.host} on port 443 only, and ${options.port} was asked`);
      }
      normalized[0] = { ...options, ...address };
    }
    return original.apply(this, args);
  };
}

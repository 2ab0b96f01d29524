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

function refuse(host, options, callback) {
  callback(new Error(`mock-idp emulates ${host} on port 443 only`));
}

if (connect && patterns.length) {
  const split = connect.lastIndexOf(':');
  const address = { host: connect.slice(0, split), port: Number(connect.slice(split + 1)) };
  const original = net.Socket.prototype.connect;

  net.Socket.prototype.connect = function mockIdpConnect(...args) {
    // net.connect() hands over its normalized arguments as one array
    const normalized = Array.isArray(args[0]) ? args[0] : net._normalizeArgs(args);
    const options = normalized[0];
    if (!isEmulated(options.host)) return original.apply(this, args);
    normalized[0] = Number(options.port) === 443 ? { ...options, ...address } : { ...options, lookup: refuse };
    return original.call(this, normalized);
  };
}

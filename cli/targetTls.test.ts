import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { AUTHORITY_PEM, issue } from '../test/testSecurity.ts';
import { faultsOf, hasFault, resolve } from './testing/resolving.ts';

const folder = await mkdtemp(join(tmpdir(), 'bench-tls-'));
after(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const own = await issue();
const other = await issue();
const tlsCa = await file('ca.pem', AUTHORITY_PEM);
const tlsCert = await file('client.pem', own.certificate);
const tlsKey = await file('client-key.pem', own.privateKey);
const otherKey = await file('other-key.pem', other.privateKey);
const text = await file('text.pem', 'hello');
const damaged = await file('damaged.pem', own.certificate.replace(/[A-Za-z]{20}/, 'x'));
const big = await file('big.pem', 'x'.repeat(1_048_577));

const HTTPS = { target: 'https://127.0.0.1:9443' };

for (const [name, flags, expected] of [
  ['https', HTTPS, ['sse', 'https://127.0.0.1:9443', null, null, null]],
  ['wss', { target: 'wss://127.0.0.1:9443' }, ['ws', 'wss://127.0.0.1:9443', null, null, null]],
  ['grpcs', { target: 'grpcs://127.0.0.1:9443' }, ['grpc', 'grpcs://127.0.0.1:9443', null, null, null]],
  ['authorities', { ...HTTPS, tlsCa }, ['sse', HTTPS.target, AUTHORITY_PEM, null, null]],
  [
    'a certificate of its own, and a name',
    { ...HTTPS, tlsCa, tlsCert, tlsKey, tlsServerName: 'push.test' },
    ['sse', HTTPS.target, AUTHORITY_PEM, own.certificate, 'push.test'],
  ],
  [
    'a bare address, where files say TLS',
    { target: '127.0.0.1:9443', protocol: 'grpc', tlsCa },
    ['grpc', 'grpcs://127.0.0.1:9443', AUTHORITY_PEM, null, null],
  ],
] as const) {
  test(`a target that speaks TLS: ${name}`, () => {
    const { target } = resolve({ flags });
    const { ca, certificate, serverName } = target?.security ?? {};
    assert.deepEqual([target?.protocol, target?.url, ca, certificate, serverName], expected);
    assert.equal(target?.security?.privateKey, certificate == null ? null : own.privateKey);
  });
}

test('files are looked for beside where bench was started', () => {
  const { target } = resolve({ flags: { ...HTTPS, tlsCa: 'ca.pem' }, cwd: folder });
  assert.equal(target?.security?.ca, AUTHORITY_PEM);
});

for (const [name, flags, pattern] of [
  ['a file that is not there', { ...HTTPS, tlsCa: join(folder, 'none') }, /^--tls-ca: a PEM file.*ENOENT/],
  ['a folder', { ...HTTPS, tlsCa: folder }, /^--tls-ca: a PEM file.*EISDIR/],
  ['a file that is too big', { ...HTTPS, tlsCa: big }, /^--tls-ca: a PEM file of at most 1048576 bytes/],
  ['a file without a certificate', { ...HTTPS, tlsCa: text }, /^--tls-ca: a file with a certificate/],
  ['a key for a certificate', { ...HTTPS, tlsCa: tlsKey }, /^--tls-ca: a file with a certificate/],
  ['a damaged certificate', { ...HTTPS, tlsCert: damaged, tlsKey }, /^--tls-cert: a file with a certificate/],
  [
    'a certificate for a key',
    { ...HTTPS, tlsCert, tlsKey: tlsCert },
    /^--tls-key: a file with a private key/,
  ],
  ['a certificate without its key', { ...HTTPS, tlsCert }, /^--tls-cert: together with --tls-key/],
  ['a key without its certificate', { ...HTTPS, tlsKey }, /^--tls-key: together with --tls-cert/],
  [
    "another certificate's key",
    { ...HTTPS, tlsCert, tlsKey: otherKey },
    /^--tls-key: the private key that belongs to --tls-cert/,
  ],
  ['a name that is none', { ...HTTPS, tlsServerName: 'a b' }, /^--tls-server-name: a host name/],
  ['files for a plain target', { target: 'http://127.0.0.1:9000', tlsCa }, /^--tls-ca: only .*https:\/\//],
  ['files without a target', { tlsCa }, /^--tls-ca: only together with --target/],
] as const) {
  test(`TLS options are refused: ${name}`, () => hasFault({ flags }, pattern));
}

test('no fault shows what is in a file', () => {
  const faults = faultsOf({ flags: { ...HTTPS, tlsCert, tlsKey: otherKey, tlsCa: tlsKey } }).join('\n');
  assert.ok(faults.length > 0);
  assert.doesNotMatch(faults, /BEGIN PRIVATE KEY-----\n|MI[A-Za-z0-9]{10}/);
});

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { judgeSvid, trustDomainOf } from '../contract/svid.ts';
import { createCertificateAuthority } from '../runners/security/certificates.ts';

const NOT_SPIFFE_IDS: readonly (readonly [what: string, id: string])[] = [
  ['nothing', ''],
  ['another scheme', 'https://a.test/b'],
  ['a scheme in capitals', 'SPIFFE://a.test/b'],
  ['no path', 'spiffe://a.test'],
  ['an empty path', 'spiffe://a.test/'],
  ['an empty segment', 'spiffe://a.test//b'],
  ['a slash at the end', 'spiffe://a.test/b/'],
  ['a segment of one dot', 'spiffe://a.test/./b'],
  ['a segment of two dots', 'spiffe://a.test/b/..'],
  ['a port', 'spiffe://a.test:443/b'],
  ['user information', 'spiffe://u@a.test/b'],
  ['a query', 'spiffe://a.test/b?c'],
  ['a fragment', 'spiffe://a.test/b#c'],
  ['an escape', 'spiffe://a.test/%62'],
  ['a trust domain in capitals', 'spiffe://A.test/b'],
  ['a zero byte', 'spiffe://a.test/b\0'],
  ['a line feed at the end', 'spiffe://a.test/b\n'],
  ['more than 2,048 bytes', `spiffe://a.test/${'b'.repeat(2_048)}`],
];

for (const [what, id] of NOT_SPIFFE_IDS) {
  test(`a SPIFFE id is none with ${what}`, () => assert.equal(trustDomainOf(id), null));
}

test('the trust domain of a SPIFFE id is told', () => {
  assert.equal(trustDomainOf('spiffe://a.test/b/c.d-e_F/.../1'), 'a.test');
});

const authority = await createCertificateAuthority('a.test', Date.now() + 60_000);
const { certificate } = await authority.issue({
  uris: ['spiffe://a.test/b'],
  hosts: ['localhost', '127.0.0.1'],
  isAuthority: false,
  notAfterMs: Date.now() + 60_000,
});
const der = new X509Certificate(certificate).raw;

test('a leaf of the trust domain is valid, and who it is', () => {
  assert.deepEqual(judgeSvid(der, 'a.test'), { state: 'valid', spiffeId: 'spiffe://a.test/b' });
});

test('an authority is none, however it is signed', () => {
  const own = new X509Certificate(authority.certificate).raw;
  assert.deepEqual(judgeSvid(own, 'a.test'), { state: 'refused', reason: 'caCertificate' });
});

test('no damage to a certificate is taken for another identity, and none throws', () => {
  for (let length = 0; length < der.length; length++) {
    assert.equal(judgeSvid(der.subarray(0, length), 'a.test').state, 'refused');
  }
  for (let at = 0; at < der.length; at++) {
    const damaged = Buffer.from(der);
    damaged[at] ^= 0xff;
    const judged = judgeSvid(damaged, 'a.test');
    if (judged.state === 'valid') assert.equal(judged.spiffeId, 'spiffe://a.test/b', `byte ${at}`);
  }
});

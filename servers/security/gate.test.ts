import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { createTestAuthority, validClaims, validClient } from '../../test/securityAuthority.ts';
import { createGate, type Gate } from './gate.ts';
import { Refusals } from './refusals.ts';

const COOLDOWN_MS = 30_000;

async function gateOf(t: TestContext) {
  const authority = await createTestAuthority(t);
  const { certificate } = await validClient(authority);
  const refusals = new Refusals();
  const gate = createGate(authority.server, { refusals, keySetCooldownMs: COOLDOWN_MS });
  assert.ok(gate);
  const peer = { certificate: new X509Certificate(certificate).raw };
  const ask = async (at: Gate = gate) =>
    at.admit(peer, { authorization: `Bearer ${await authority.issuer.sign(validClaims())}` });
  return { authority, refusals, ask };
}

test('a server that asks nobody who they are has no gate', async (t) => {
  const { server } = await createTestAuthority(t);
  assert.equal(createGate(null), null);
  assert.equal(createGate({ ...server, peers: null }), null);
});

test('a token of a new key is refused without a fetch within the cooldown, and taken after it', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const { authority, refusals, ask } = await gateOf(t);
  assert.equal((await ask()).state, 'admitted');
  assert.equal(authority.keys.fetches(), 1);
  await authority.issuer.rotate();
  const refused = await Promise.all(Array.from({ length: 50 }, () => ask()));
  assert.ok(refused.every((admission) => admission.state === 'refused' && admission.reason === 'tokenKey'));
  assert.deepEqual(refusals.counts(), { tokenKey: 50 });
  assert.equal(authority.keys.fetches(), 1);
  t.mock.timers.tick(COOLDOWN_MS + 1);
  const taken = await Promise.all(Array.from({ length: 50 }, () => ask()));
  assert.ok(taken.every(({ state }) => state === 'admitted'));
  assert.equal(authority.keys.fetches(), 2);
});

test('a token of a withdrawn key is refused once the keys have aged', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const { authority, ask } = await gateOf(t);
  assert.equal((await ask()).state, 'admitted');
  authority.issuer.keySet().keys.length = 0;
  t.mock.timers.tick(600_001);
  const admission = await ask();
  assert.equal(admission.state === 'refused' && admission.reason, 'tokenKey');
});

test('where the keys cannot be had, nobody is let in and 503 says so', async (t) => {
  const { authority, refusals, ask } = await gateOf(t);
  await authority.keys.stop();
  const admission = await ask();
  assert.deepEqual(admission, { state: 'refused', reason: 'keySetUnavailable', status: 503 });
  assert.deepEqual(refusals.counts(), { keySetUnavailable: 1 });
});

test('an identity says who it is, what the token claims, and until when', async (t) => {
  const { authority, ask } = await gateOf(t);
  const admission = await ask();
  assert.ok(admission.state === 'admitted');
  const { spiffeId, claims, expiresMs } = admission.identity;
  assert.equal(spiffeId, 'spiffe://pushbench.test/client');
  assert.equal(claims.sub, spiffeId);
  const toleranceSeconds = authority.rules.jwt.clockToleranceSeconds;
  assert.equal(expiresMs, (Number(claims.exp) + toleranceSeconds) * 1_000);
});

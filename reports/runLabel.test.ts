import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../contract/result.ts';
import { runLabels, serverLabel, shapedName } from './runLabel.ts';
import { describeShape, perSubscriber, shapeNote } from './runShape.ts';
import { sampleRun } from './testing/sampleRun.ts';

const { plan, connections, security } = sampleRun();
const under = (kind: Run['security']['kind'], over: Partial<Run> = {}): Run =>
  sampleRun({ security: { ...security, kind }, ...over });
const shared = { plan: { ...plan, streamsPerConnection: 100 }, connections: { ...connections, tcp: 50 } };

for (const [name, run, label] of [
  ['plain, a connection each', under('plain'), 'sse:shared'],
  ['TLS', under('tls'), 'sse:shared tls'],
  ['mutual TLS and tokens', under('mtls-jwt'), 'sse:shared mtls-jwt'],
  ['shared connections', under('plain', shared), 'sse:shared x100'],
  ['both', under('tls', shared), 'sse:shared x100 tls'],
  ['a link', under('plain', { plan: { ...plan, link: { rttMs: 80, jitterMs: 0 } } }), 'sse:shared rtt=80ms'],
  [
    'shared connections, a link that varies, and TLS',
    under('tls', { ...shared, plan: { ...shared.plan, link: { rttMs: 80, jitterMs: 20 } } }),
    'sse:shared x100 rtt=80±20ms tls',
  ],
  [
    'shared connections as the swept number',
    under('plain', { ...shared, sweep: { key: 'streamsPerConnection', value: 100 } }),
    'sse:shared',
  ],
  [
    'a target',
    under('plain', { plan: { ...plan, target: 'grpc://127.0.0.1:50051' } }),
    'grpc://127.0.0.1:50051',
  ],
  [
    'a target that the run started',
    under('plain', { plan: { ...plan, target: 'node srv.js --upstream http://127.0.0.1:1' } }),
    'sse target',
  ],
  [
    'a target over TLS',
    under('tls', { plan: { ...plan, target: 'grpc://127.0.0.1:50051' } }),
    'grpc://127.0.0.1:50051 tls',
  ],
  [
    'a target whose scheme says TLS',
    under('tls', { plan: { ...plan, target: 'https://127.0.0.1:8443' } }),
    'https://127.0.0.1:8443',
  ],
] as const) {
  test(`the label of a run: ${name}`, () => assert.equal(serverLabel(run), label));
}

test('runs under different protection share a name and not a label', () => {
  const runs = [under('plain'), under('tls'), under('tls')];
  assert.deepEqual(runLabels(runs), ['sse:shared', 'sse:shared tls #1', 'sse:shared tls #2']);
  assert.deepEqual(new Set(runs.map(shapedName)), new Set(['sse:shared']));
});

test('the shape is told in full where streams share connections', () => {
  assert.equal(describeShape(under('plain')), '5\u202f000 connections');
  assert.equal(describeShape(under('plain', shared)), '5\u202f000 streams over 50 connections, 100 on each');
  const uneven = { ...shared, connections: { ...connections, tcp: 53 } };
  assert.equal(
    describeShape(under('plain', uneven)),
    '5\u202f000 streams over 53 connections, up to 100 on each',
  );
  const unknown = { ...shared, connections: { ...connections, tcp: null } };
  assert.equal(describeShape(under('plain', unknown)), '5\u202f000 streams, 100 on each connection');
});

test('figures are called those of a stream only where every run shares connections', () => {
  const [own, multiplexed] = [under('plain'), under('plain', shared)];
  const label = 'server memory per idle connection';
  assert.equal(perSubscriber(label, [own]), label);
  assert.equal(perSubscriber(label, [multiplexed]), 'server memory per idle stream');
  assert.equal(perSubscriber(label, [own, multiplexed]), 'server memory per idle connection or stream');
  assert.equal(perSubscriber('Connects per second', [multiplexed]), 'Streams opened per second');
  assert.equal(perSubscriber('RSS/conn', [multiplexed]), 'RSS/stream');
  assert.equal(shapeNote([own]), null);
  assert.match(shapeNote([own, multiplexed]) ?? '', /sse:shared 5\u202f000 streams over 50 connections/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import { sampleRun } from '../testing/sampleRun.ts';
import { busRuns } from '../testing/sampleScenarios.ts';
import { stageDiagram } from './stageDiagram.ts';

const { plan, security } = sampleRun();
const grpc: Partial<Run> = { stage: 'grpc', variant: 'server-stream' };
const rolling: Run['rolling'] = {
  discovery: 'etcd',
  balance: 'round_robin',
  instances: [],
  moved: 500,
  callsFailed: 0,
  callsRetried: 3,
};

for (const [name, run, shown, absent] of [
  [
    'a plain stage',
    sampleRun(),
    [/POST \/publish/, /sse, fan-out 50/, /4\u202f970 lean clients/],
    /etcd|bus|tls/,
  ],
  [
    'streams that share connections, protected',
    sampleRun({
      ...grpc,
      plan: { ...plan, streamsPerConnection: 100 },
      security: { ...security, kind: 'mtls-jwt' },
    }),
    [/grpc x100, mtls-jwt, fan-out 50/, /4\u202f970 streams/, /5\u202f000 streams/],
    /lean clients/,
  ],
  [
    'a link between clients and server',
    sampleRun({ plan: { ...plan, link: { rttMs: 80, jitterMs: 20 } } }),
    [/sse, fan-out 50, rtt=80±20ms/, /POST \/publish/],
    /etcd|bus|tls/,
  ],
  [
    "a driver of the user's own that publishes",
    sampleRun({ stage: 'custom', plan: { ...plan, target: 'node srv.mjs', publishVia: 'driver' } }),
    [/by the driver/, /custom target/, /own server/],
    /POST|node srv/,
  ],
  [
    'a rolling restart',
    sampleRun({
      ...grpc,
      rolling,
      bus: busRuns()[0]?.bus ?? null,
      plan: { ...plan, serverNodes: 3, publishVia: 'call' },
    }),
    [/unary calls, round_robin/, />etcd</, />bus embedded</, /discovery etcd/],
    /POST/,
  ],
  [
    'clients that speak themselves',
    sampleRun({ ...grpc, variant: 'bidi', plan: { ...plan, publishVia: 'clients' } }),
    [/grpc:bidi/],
    /publisher|POST/,
  ],
] as const) {
  test(`the diagram of ${name}`, () => {
    const svg = stageDiagram(run);
    for (const pattern of shown) assert.match(svg, pattern);
    assert.doesNotMatch(svg, absent);
  });
}

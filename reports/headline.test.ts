import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run, RunResult } from '../contract/result.ts';
import { headline } from './headline.ts';
import { renderMarkdown } from './markdown.ts';
import { plainNumbers } from './numbers.ts';
import { summaryColumns } from './summaryColumns.ts';
import { articleRuns } from './testing/sampleArticle.ts';
import { sampleResult } from './testing/sampleResult.ts';
import { sampleRun, suspectRun } from './testing/sampleRun.ts';
import { sampleSlow } from './testing/sampleSlow.ts';

const plain = sampleRun();

function sentence(run: Run, over: Partial<RunResult> = {}): string {
  return plainNumbers(headline(sampleResult({ runs: [run], ...over })));
}

function latency(over: Partial<NonNullable<Run['latencyUs']>['delivery']>): Run['latencyUs'] {
  return plain.latencyUs && { ...plain.latencyUs, delivery: { ...plain.latencyUs.delivery, ...over } };
}

test('a load run: reach, messages, ledger, latency, verdicts', () => {
  assert.equal(
    sentence(suspectRun()),
    '50 of 5,000 clients per message, 8,000 messages, 0 lost; p99 4.06 ms; latency and memory VALID, throughput SUSPECT: generator 43 % of the machine',
  );
});

test('duplicates, reordering and refusals are told', () => {
  const { deliveries, publish } = plain;
  assert.ok(deliveries && publish);
  const run = sampleRun({
    deliveries: { ...deliveries, lost: 7, duplicated: 5, reordered: 3 },
    publish: { ...publish, refused: 2 },
  });
  assert.match(sentence(run), /7 lost, 5 duplicated, 3 reordered, 2 publishes refused;/);
});

test('a percentile that is not defined is never a number', () => {
  assert.match(
    sentence(sampleRun({ latencyUs: latency({ p99: null }) })),
    /p99 not defined, too much was lost, p95 2.41 ms/,
  );
});

test('too few messages: the percentile that they support', () => {
  assert.match(sentence(sampleRun({ latencyUs: latency({ messages: 200 }) })), /; p95 2.41 ms;/);
  assert.match(sentence(sampleRun({ latencyUs: latency({ messages: 3 }) })), /too few messages/);
});

test('idle: memory of one connection', () => {
  const run = sampleRun({ deliveries: null, publish: null, latencyUs: null, procedure: 'idle' });
  assert.match(sentence(run), /each idle one takes 14.8 KiB in the server, 2.25 KiB in the load client/);
  assert.doesNotMatch(sentence(run), /latency/);
});

test('a target without a publish URL: arrivals only', () => {
  const run = sampleRun({
    publish: null,
    latencyUs: null,
    plan: { ...plain.plan, target: 'http://127.0.0.1:9000' },
  });
  assert.match(sentence(run), /^http:\/\/127.0.0.1:9000: 5,000 of 5,000 connections established/);
  assert.match(sentence(run), /latency and loss not measured/);
});

test('a ceiling names rate, objective and limit', () => {
  const [run] = articleRuns();
  assert.ok(run);
  const text = sentence({ ...run, article: null });
  assert.match(text, /sse:blocking carries 12.4 publishes\/s \(6,200 deliveries\/s\) with p95 within 100 ms/);
  assert.match(text, /limited by server CPU/);
});

test('the article: order and best', () => {
  const text = plainNumbers(headline(sampleResult({ runs: articleRuns() })));
  assert.match(text, /^The article’s order is not reproduced: .*; raw carries most, 83 k deliveries\/s/);
});

test('several runs stand side by side', () => {
  const text = plainNumbers(
    headline(sampleResult({ runs: [plain, sampleRun({ variant: 'raw', order: 1 })] })),
  );
  assert.match(text, /^Delivery p99: sse:shared 4.06 ms, sse:raw 4.06 ms; 0 lost;/);
});

test('what slow readers lost stands beside what the others did', () => {
  const runs = [sampleRun({ slow: sampleSlow() }), sampleRun({ slow: sampleSlow() })];
  const told = plainNumbers(headline(sampleResult({ runs })));
  assert.match(told, /; 0 lost, and 3,974 to slow readers/);
});

test('streams that did not come up or stay are not called connections', () => {
  const run = sampleRun({
    plan: { ...plain.plan, streamsPerConnection: 100 },
    connections: { ...plain.connections, established: 4_990, dropped: 2 },
  });
  assert.match(sentence(run), /10 of 5,000 streams not established, 2 streams dropped/);
});

test('a link that was put in between is told before the latency that it is in', () => {
  const behind = sampleRun({ plan: { ...plain.plan, link: { rttMs: 80, jitterMs: 20 } } });
  assert.match(sentence(behind), /^Over a round trip of 80 ms ± 20 ms: 50 of 5,000 clients per message, /);
  assert.doesNotMatch(sentence(plain), /round trip/);
  assert.match(
    sentence({ ...behind, publish: null, latencyUs: null }),
    /^Over a round trip of 80 ms ± 20 ms: 5,000 of 5,000 connections established/,
  );
});

test('an aborted run says so first', () => {
  const run = sampleRun({ status: 'aborted', abortReason: 'server node 0 died' });
  assert.match(sentence(run, { status: 'aborted' }), /^Aborted \(server node 0 died\): /);
  assert.equal(headline(sampleResult({ runs: [], status: 'aborted' })), 'Aborted: Nothing was measured.');
});

test('streams that share connections are told with their shape, in the sentence and in the columns', () => {
  const { plan, connections } = sampleRun();
  const run = sampleRun({
    plan: { ...plan, streamsPerConnection: 100 },
    connections: { ...connections, tcp: 50 },
  });
  const result = sampleResult({ runs: [run] });
  assert.match(
    plainNumbers(headline(result)),
    /^50 of 5,000 streams over 50 connections with 100 on each per message/,
  );
  assert.ok(summaryColumns([run]).some(({ title }) => title === 'RSS/stream'));
  assert.match(renderMarkdown(result, []), /- sse:shared x100: 5\u202f000 streams over 50 connections/);
});

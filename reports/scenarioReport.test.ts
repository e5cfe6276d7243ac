import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { Value } from 'typebox/value';
import { type Run, RunResult } from '../contract/result.ts';
import { headline } from './headline.ts';
import { plainNumbers } from './numbers.ts';
import { terminalSummary } from './terminal.ts';
import { sampleResult } from './testing/sampleResult.ts';
import { rollingRun } from './testing/sampleRolling.ts';
import { sampleRun } from './testing/sampleRun.ts';
import {
  articlePollRuns,
  articleWsRuns,
  busRuns,
  faultRun,
  samplePolling,
  spikeRun,
} from './testing/sampleScenarios.ts';
import { slowRuns } from './testing/sampleSlow.ts';
import { writeReport } from './writeReport.ts';

const [, pubsub] = busRuns();
const polled = sampleRun({ stage: 'poll', variant: 'conditional', polling: samplePolling() });
const plain = sampleRun();

const stillAway = (run: Run, count: number): Run => ({
  ...run,
  fault: run.fault && { ...run.fault, connectionsBack: run.fault.connectionsHit - count, recoveredMs: null },
});

interface Case {
  readonly runs: readonly Run[];
  /** What the page says, tags left out. */
  readonly says: readonly RegExp[];
  /** Charts that the folder holds. */
  readonly charts: readonly string[];
}

const CASES: Readonly<Record<string, Case>> = {
  polling: {
    runs: [polled],
    says: [
      /wasted polls ?66.6 %/,
      /messages per stream and poll interval ?0.333/,
      /uniform on \[0, 2 s\]: 1 s in the mean and 1.98 s at p99/,
      /66.7 % must be in vain where messages come evenly, 71.7 % where they come at random/,
    ],
    charts: [],
  },
  bus: {
    runs: pubsub ? [pubsub] : [],
    says: [
      /redis-pubsub: redis-server 7.0.15 between 2 nodes, started for this run/,
      /The bus lost 37 messages on the way to a node/,
      /Kafka ?not measured ?not measured ?hundreds of ms/,
    ],
    charts: [],
  },
  fault: {
    runs: [faultRun()],
    says: [
      /All connections were cut at once 5 s into the window: all 5,000 connections that it hit were back 2.48 s later; 0 deliveries lost/,
      /during ?640 ms ?2.1 s ?2.46 s ?49,600/,
    ],
    charts: ['fault-over-time'],
  },
  spike: {
    runs: [spikeRun()],
    says: [/The rate followed a load shape: 400 publishes\/s for 8 s, 4,000 publishes\/s for 4 s/],
    charts: ['deliveries-over-time'],
  },
  'article-poll': {
    runs: articlePollRuns(),
    says: [
      /short ?500 \/s ?1.47 ms/,
      /claimed ?500 \/s ?382 ms/,
      /the claimed square is not reproduced/,
      /makes no sense for long/,
      /without TLS/,
    ],
    charts: ['poll-sweep'],
  },
  'article-ws': {
    runs: articleWsRuns(),
    says: [/send: jitter is larger above 5,000 connections \(3.39 %, median of the levels\)/],
    charts: ['ws-memory'],
  },
  'closed loop and failed publishes': {
    runs: [
      sampleRun({
        stage: 'poll',
        closedLoop: {
          tool: 'autocannon 9.0.0',
          connections: 100,
          seconds: 5,
          requestsPerSecond: 14_200,
          p50Us: 6_000,
          p99Us: null,
          errors: 0,
          non2xx: 1,
        },
        publish: plain.publish && {
          ...plain.publish,
          failed: 3,
          failures: [{ detail: 'HTTP 503', count: 3 }],
        },
      }),
    ],
    says: [/Closed loop: saturation/, /14.2 k requests\/s ?100 ?6 ms ?not measured/, /HTTP 503 ?3/],
    charts: [],
  },
  'a rolling restart': {
    runs: [rollingRun()],
    says: [
      /grpc:server-stream: 2 instances \(etcd 3.4.23, chosen in turn\) drained and were replaced one by one/,
      /2,375 streams moved, all back, 0 deliveries lost, 0 duplicated; 0 calls failed, 4 tried again at another/,
      /Who noticed the rolling restart\?/,
      /n2 ?9.17 s ?250 ms ?964 ms/,
      /Every instance drained and was replaced in turn/,
    ],
    charts: ['fault-over-time'],
  },
  'a rolling restart from which not all came back': {
    runs: [stillAway(rollingRun(), 7)],
    says: [/streams moved, 7 not back, 0 deliveries lost/],
    charts: ['fault-over-time'],
  },
  'slow readers': {
    runs: slowRuns(),
    says: [
      /What became of the slow clients\? ?ws:prepared at 5 % slow readers: 3 slow clients \(5 %\) read 1 KiB\/s at most/,
      /lost to them ?– ?1,987/,
      /What did flow control do\?/,
      /subscribers refused in the window ?0 ?3/,
      /What changes with the share of slow readers\?/,
      /1,987 deliveries to slow readers lost/,
    ],
    charts: ['sweep-memory', 'sweep-latency'],
  },
  'one run with slow readers': {
    runs: [{ ...(slowRuns()[1] ?? plain), sweep: null }],
    says: [
      /p99 of the others .* 0 lost; 3 slow clients/,
      /highest level of one since the start, messages ?1,025/,
    ],
    charts: [],
  },
};

for (const [name, { runs, says, charts }] of Object.entries(CASES)) {
  test(`a report of ${name}: schema, page, charts, summary`, async () => {
    const result = sampleResult({ runs: [...runs] });
    assert.deepEqual([...Value.Errors(RunResult, result)], []);
    const directory = await mkdtemp(join(tmpdir(), 'pushbench-scenario-'));
    try {
      const files = await writeReport(result, directory);
      const page = await readFile(files.html, 'utf8');
      const text = plainNumbers(
        page.replace(/<style.*?<\/style>|<script.*?<\/script>/gs, '').replace(/<[^>]+>/g, ''),
      );
      for (const said of says) assert.match(text, said);
      for (const [, id] of page.matchAll(/href="#def-([^"]+)"/g)) {
        assert.ok(page.includes(`id="def-${id}"`), `definition ${id}`);
      }
      for (const chart of charts) {
        assert.ok(
          files.charts.some((path) => path.endsWith(`${chart}.svg`)),
          chart,
        );
      }
      const summary = terminalSummary(result, { colour: false, reportPath: null });
      for (const line of stripVTControlCharacters(summary).split('\n')) assert.ok(line.length <= 100, line);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
}

const sentence = (runs: readonly Run[]) => plainNumbers(headline(sampleResult({ runs: [...runs] })));

test('a fault is the finding: who came back, when, and what was lost', () => {
  assert.match(
    sentence([faultRun()]),
    /^All connections were cut at once: 5,000 connections back after 2.48 s, 0 lost, 0 duplicated;/,
  );
});

test('connections that did not come back are counted, and no recovery is claimed', () => {
  const { fault } = faultRun();
  assert.ok(fault);
  const run = faultRun({ fault: { ...fault, kind: 'kill-node', connectionsBack: 4_990, recoveredMs: null } });
  assert.match(
    sentence([run]),
    /^One server node was killed \(SIGKILL\): 4,990 of 5,000 connections back, 0 lost/,
  );
});

test('polls in vain stand beside the latency that they made', () => {
  assert.match(sentence([polled]), /p99 4.06 ms; polls every 2 s, 66.6 % in vain/);
});

test('what the bus lost is attributed', () => {
  assert.ok(pubsub?.deliveries);
  const run = { ...pubsub, deliveries: { ...pubsub.deliveries, lost: 92_500 } };
  assert.match(sentence([run]), /92,500 lost, by the bus 37 on the way to a node/);
});

test('the articles: the exponents, and where memory jitters', () => {
  assert.match(
    sentence(articlePollRuns()),
    /to the power of short 1.04, keepalive 0.99, conditional 0.97; the claimed square is not reproduced; a short poll takes 1.47 ms \(claimed 382 ms, over TLS\)/,
  );
  assert.match(
    sentence(articleWsRuns()),
    /^Memory jitters more above 5,000 connections with send and prepared/,
  );
});

test('a sweep that does not rule the square out says so', () => {
  const runs = articlePollRuns().map((run) => ({
    ...run,
    articlePoll: run.articlePoll && {
      ...run.articlePoll,
      exponent: run.articlePoll.exponent && { ...run.articlePoll.exponent, high: 2.3 },
    },
  }));
  assert.match(sentence(runs), /the claimed square is not ruled out for short, keepalive, conditional/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { sampleRun } from '../testing/sampleRun.ts';
import { busRuns, samplePolling } from '../testing/sampleScenarios.ts';
import { groupRuns } from './serverGroup.ts';
import { settleCommand } from './settleCommand.ts';

const LOAD = '--connections 5000 --rooms 100 --rate 400 --payload 256';

const commandOf = (runs: readonly Run[], wanted: 'same' | 'idle' | 'ceiling' = 'same') =>
  settleCommand(groupRuns([{ name: '', result: sampleResult({ runs: [...runs] }) }]), wanted);

/** An event stream and a server that is polled, with these numbers beside those of the sample. */
function polledAndPushed(workload: Run['workload'], scenario = 'steady'): Run[] {
  const all = { ...sampleRun().workload, ...workload };
  return [
    sampleRun({ stage: 'poll', variant: 'conditional', scenario, polling: samplePolling(), workload: all }),
    sampleRun({ scenario, workload: all }),
  ];
}

const numbers = {
  connectPerSecond: 500,
  churnPerSecond: 5,
  nodes: 2,
  pollIntervalMs: 500,
  pollJitter: 0.1,
  pollBackoff: 2,
  backendDelayMs: 5,
};

test('every number of the load that is not the scenario’s own is told', () => {
  const own = { pollIntervalMs: 2_000, pollBackoff: 1, backendDelayMs: 0, nodes: 1, fault: 'none' };
  assert.equal(
    commandOf(polledAndPushed(own)),
    `npx bench run --stage poll:conditional,sse:shared --scenario steady ${LOAD} --runs 10`,
  );
  assert.equal(
    commandOf(polledAndPushed(numbers)),
    `npx bench run --stage poll:conditional,sse:shared --scenario steady ${LOAD} --connect-rate 500 --churn 5 --nodes 2 --poll-interval 500ms --poll-jitter 0.1 --poll-backoff 2 --backend-delay 5ms --runs 10`,
  );
});

test('a run without a warm-up is made again without one', () => {
  assert.match(commandOf(polledAndPushed({ warmupMs: 0 })) ?? '', / --warmup 0s /);
});

test('the numbers that a scenario has of itself need no word, and those of another do', () => {
  const failing = { warmupMs: 2_000, durationMs: 32_000, nodes: 3, fault: 'kill-node' };
  const runs = polledAndPushed(failing, 'node-failure');
  assert.match(commandOf(runs) ?? '', / --scenario node-failure .* --payload 256 --runs 10$/);
  assert.match(
    commandOf(polledAndPushed({ ...failing, nodes: 1 }, 'node-failure')) ?? '',
    / --nodes 1 --runs/,
  );
  assert.match(commandOf(runs, 'idle') ?? '', / --scenario idle --connections 5000 --nodes 3 --runs 10$/);
});

test('a flag that the asked servers or the asked scenario have no use for is not told: it would be refused', () => {
  const [, pushed] = polledAndPushed(numbers);
  assert.ok(pushed);
  assert.match(commandOf([pushed]) ?? '', / --nodes 2 --runs 10$/);
  assert.doesNotMatch(commandOf(polledAndPushed(numbers), 'idle') ?? '', /--churn/);
});

test('a window that was lengthened for the interval of a poll is not that of the others', () => {
  const [polled, pushed] = polledAndPushed({ pollIntervalMs: 10_000 });
  assert.ok(polled && pushed);
  const longer = { ...polled, workload: { ...polled.workload, durationMs: 30_000 } };
  assert.doesNotMatch(commandOf([longer, pushed]) ?? '', /--duration/);
});

test('a bus that was given by its address is kept, and its address is left to fill in', () => {
  const [embedded, pubsub, streams] = busRuns();
  assert.ok(embedded && pubsub && streams?.bus?.isGiven);
  assert.match(
    commandOf([embedded, streams]) ?? '',
    / --bus embedded,redis-streams=<its address> --runs 10$/,
  );
  assert.doesNotMatch(commandOf([embedded, pubsub]) ?? '', /--bus/);
});

test('protection, shape and discovery are part of the question', () => {
  const { plan, security } = sampleRun();
  const guarded = (['plain', 'mtls-jwt'] as const).map((kind) =>
    sampleRun({ security: { ...security, kind } }),
  );
  assert.match(commandOf(guarded) ?? '', /--stage sse:shared --security plain,mtls-jwt --scenario steady /);
  assert.match(commandOf(guarded, 'idle') ?? '', / --security plain,mtls-jwt --scenario idle /);
  const workload = { ...sampleRun().workload, streamsPerConnection: 100 };
  const shared = sampleRun({ workload, plan: { ...plan, streamsPerConnection: 100 } });
  assert.match(commandOf([shared]) ?? '', / --streams-per-connection 100 --runs 10$/);
  // A server that shares none has no use for it, and the flag alone would be refused.
  assert.doesNotMatch(commandOf([sampleRun({ workload })]) ?? '', /--streams-per-connection/);
  const rolling = {
    discovery: 'etcd 3.4.23',
    balance: 'weighted_round_robin',
    instances: [],
    moved: 0,
    callsFailed: 0,
    callsRetried: 0,
  };
  assert.match(
    commandOf([sampleRun({ rolling })]) ?? '',
    / --discovery etcd --balance weighted_round_robin --runs 10$/,
  );
});

test('a link is part of the question, and no single command asks it with a link for some and none for others', () => {
  const { plan } = sampleRun();
  const over = (rttMs: number, jitterMs: number) =>
    sampleRun({ plan: { ...plan, link: { rttMs, jitterMs } } });
  assert.match(commandOf([over(80, 20)]) ?? '', / --link rtt=80ms,jitter=20ms --runs 10$/);
  assert.match(commandOf([over(0.5, 0)], 'idle') ?? '', / --link rtt=0.5ms --runs 10$/);
  assert.equal(commandOf([over(80, 0), sampleRun({ variant: 'raw' })]), null);
});

test('a result of strangers gets no command that a shell would take for more than it is', () => {
  for (const variant of ['shared; rm -rf x', '$(id)', 'a`id`', "a'b", 'a\nb', '<script>']) {
    assert.equal(commandOf([sampleRun({ variant })]), null);
  }
  const workload = { ...sampleRun().workload, encoding: 'json && id' };
  assert.equal(commandOf([sampleRun({ workload })]), null);
});

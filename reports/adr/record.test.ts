import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import { compareSources } from '../compare/comparison.ts';
import { comparisonRuns } from '../testing/sampleComparison.ts';
import { SAMPLE_PRICES } from '../testing/sampleMeasured.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { type Decision, NO_DECISION } from './decision.ts';
import { type DecisionRecord, decisionRecord } from './record.ts';

// Its histograms take a while to make.
const RUNS = comparisonRuns();
const MEMORY_ALONE = { latency: 0, memory: 1, cost: 0, operability: 0 };

function recordOf(decision: Partial<Decision> = {}, runs: Run[] = RUNS): DecisionRecord {
  const result = sampleResult({ runs });
  return decisionRecord({
    result,
    comparison: compareSources([{ name: '', result }]),
    decision: { ...NO_DECISION, ...decision },
    prices: SAMPLE_PRICES,
    facts: new Map(),
  });
}

/** The runs with a reason that touches one family of one stage. */
function doubted(stage: string, family: 'memory' | 'latency', verdict: 'SUSPECT' | 'INVALID'): Run[] {
  const reason = {
    code: 'othersBusy',
    verdict,
    families: [family],
    message: 'something else was busy',
    advice: 'stop it',
    figure: 2,
    bound: 1,
    unit: 'cores',
  };
  return RUNS.map((run) =>
    run.stage === stage ? { ...run, validity: { verdict, reasons: [reason] } } : run,
  );
}

/** The memory of one stage moved, and its levels with it. */
function withMemory(stage: string, perConnection: number): Run[] {
  return RUNS.map((run) => {
    if (run.stage !== stage || run.memory.server.rssPerConnectionBytes === null) return run;
    const levels = run.memory.levels.map((level) => {
      const rssBytes = 70e6 + level.connections * perConnection;
      const sample = { ...level.settled, server: { ...level.settled.server, rssBytes } };
      return { ...level, settled: sample, afterGc: sample };
    });
    const server = { ...run.memory.server, rssPerConnectionBytes: perConnection };
    return { ...run, memory: { ...run.memory, server, levels } };
  });
}

/** The runs with those of one stage a second time, as another variant. */
function withVariant(stage: string, variant: string): Run[] {
  const again = RUNS.filter((run) => run.stage === stage).map((run) => ({ ...run, variant }));
  return [...RUNS, ...again].map((run, order) => ({ ...run, order }));
}

test('one option is chosen where its total lies above all others over its whole range', () => {
  const { outcome } = recordOf({ weights: MEMORY_ALONE }, withMemory('ws', 4_000));
  assert.equal(outcome.kind, 'decided');
  assert.equal(outcome.kind === 'decided' && outcome.chosen.label, 'ws:prepared');
});

test('no option is chosen where two ranges overlap, and the command asks about those alone', () => {
  const { outcome } = recordOf({ weights: MEMORY_ALONE }, withMemory('ws', 10_100));
  assert.equal(outcome.kind, 'open');
  if (outcome.kind !== 'open') return;
  assert.deepEqual(outcome.leaders.map(({ label }) => label).sort(), ['ws-cluster:embedded', 'ws:prepared']);
  assert.equal(outcome.decisive, 'memory');
  assert.match(outcome.command ?? '', /--stage ws:prepared,ws-cluster:embedded --scenario idle .*--runs 10$/);
});

test('an option whose figures are INVALID is neither chosen nor ruled out', () => {
  const runs = doubted('grpc', 'memory', 'INVALID');
  const { outcome, options } = recordOf({ weights: MEMORY_ALONE }, runs);
  assert.equal(outcome.kind, 'open');
  assert.ok(outcome.kind === 'open' && outcome.leaders.some(({ group }) => group.stage === 'grpc'));
  const grpc = options.find(({ group }) => group.stage === 'grpc');
  assert.deepEqual([grpc?.total.low, grpc?.total.high], [0, 10]);
});

test('a choice that rests on SUSPECT figures says so; one of a criterion that does not count is not told', () => {
  const weights = { ...MEMORY_ALONE };
  const runs = withMemory('ws', 4_000).map((run, i) => ({
    ...run,
    validity: doubted('ws', 'memory', 'SUSPECT')[i]?.validity ?? run.validity,
  }));
  const told = recordOf({ weights }, runs).outcome;
  assert.deepEqual(told.kind === 'decided' && told.suspect, ['memory']);
  const other = withMemory('ws', 4_000).map((run, i) => ({
    ...run,
    validity: doubted('ws', 'latency', 'SUSPECT')[i]?.validity ?? run.validity,
  }));
  const untold = recordOf({ weights }, other).outcome;
  assert.deepEqual(untold.kind === 'decided' && untold.suspect, []);
});

test('operability counts only where every option is judged', () => {
  const judgement = { score: 5, why: 'a reason' };
  const some = recordOf({ operability: new Map([['sse', judgement]]) });
  assert.equal(some.weights.has('operability'), false);
  assert.equal(some.unjudged.length, 4);
  const stages = ['poll', 'sse', 'ws', 'ws-cluster', 'grpc:server-stream'];
  const all = recordOf({ operability: new Map(stages.map((stage) => [stage, judgement])) });
  assert.deepEqual(
    [...all.weights],
    [
      ['latency', 1],
      ['memory', 1],
      ['cost', 1],
      ['operability', 1],
    ],
  );
});

test('without a criterion that counts nothing is decided', () => {
  const weights = { latency: 0, memory: 0, cost: 0, operability: 1 };
  assert.equal(recordOf({ weights }).outcome.kind, 'nothing');
});

test('the traffic is that of the config, and as measured where it says nothing', () => {
  const { traffic } = recordOf();
  assert.equal(traffic.isMeasured, true);
  assert.deepEqual(
    [traffic.connections, traffic.messagesPerSecond, traffic.fanOut, traffic.payloadBytes].map(
      ({ value }) => value,
    ),
    [5_000, 400, 50, 256],
  );
  const few = recordOf({ traffic: { ...NO_DECISION.traffic, connections: 10 } }).traffic;
  assert.equal(few.fanOut.value, 10);
  const users = recordOf({ traffic: { ...NO_DECISION.traffic, users: 10_000, peakShare: 0.25 } }).traffic;
  assert.deepEqual(users.connections, { value: 2_500, source: 'users × peak share' });
  assert.equal(users.isMeasured, false);
});

test('a change-over is calculated from what runs today, for options whose effort is stated', () => {
  const migration = { from: 'poll', personDays: new Map([['ws', 10]]), ratePerDay: 500 };
  const { changeOver } = recordOf({ migration });
  assert.equal(changeOver.kind, 'calculated');
  if (changeOver.kind !== 'calculated') return;
  assert.deepEqual(
    changeOver.options.map(({ option, breakEven }) => [option.label, breakEven.effort]),
    [['ws:prepared', 5_000]],
  );
  assert.equal(changeOver.without.length, 3);
  assert.equal(changeOver.sensitivity?.option.label, 'ws:prepared');
  const { base, rows } = changeOver.sensitivity ?? {};
  const days = rows?.find(({ what }) => what === 'person-days');
  // 36 months of saving less the effort: half of the effort is 2,500 more.
  assert.equal((days?.halved.net ?? 0) - (base?.net ?? 0), 2_500);
  assert.equal((days?.doubled.net ?? 0) - (base?.net ?? 0), -5_000);
});

test('where nothing is chosen, the assumptions are looked at for an option that may yet be', () => {
  const days = new Map(['sse', 'ws', 'ws-cluster', 'grpc'].map((stage) => [stage, 10]));
  const migration = { from: 'poll', personDays: days, ratePerDay: 500 };
  const { outcome, changeOver } = recordOf({ weights: MEMORY_ALONE, migration }, withMemory('ws', 10_100));
  assert.ok(outcome.kind === 'open' && changeOver.kind === 'calculated');
  const looked = changeOver.sensitivity?.option;
  assert.ok(looked && outcome.leaders.includes(looked));
  const saving = (of: readonly (typeof looked)[]) =>
    changeOver.options
      .filter(({ option }) => of.includes(option))
      .map(({ breakEven }) => breakEven.saving.value);
  assert.equal(saving([looked])[0], Math.max(...saving(outcome.leaders)));
});

test('where a change-over cannot be calculated, it says why', () => {
  const why = (migration: Decision['migration'], runs = RUNS) => {
    const { changeOver } = recordOf({ migration }, runs);
    return changeOver.kind === 'unknown' ? changeOver.why : '';
  };
  const { migration } = NO_DECISION;
  assert.match(why(migration), /what runs today is not stated/);
  assert.match(why({ ...migration, from: 'sse:raw' }), /`sse:raw`, is not among the options/);
  assert.match(why({ ...migration, from: 'poll' }), /price of a person-day is not stated/);
  assert.match(
    why({ ...migration, from: 'grpc' }, withVariant('grpc', 'bidi')),
    /`grpc`, was measured in several variants: name one, such as `grpc:\w+/,
  );
});

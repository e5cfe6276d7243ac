import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { Value } from 'typebox/value';
import type { Scenario } from '../../contract/config.ts';
import { DEFAULT_ACCESS } from '../../contract/config.ts';
import { Run } from '../../contract/result.ts';
import { findScenario } from '../../scenarios/registry.ts';
import { planRuns } from '../plan.ts';
import { initHistograms } from '../recorders/histograms.ts';
import { runOne } from '../runOne.ts';
import { readLimits } from '../samplers/limits.ts';

before(initHistograms);

/** One variant of an article's table, as small as it can be, with real processes. */
async function runVariant(name: string, variant: string, over: Partial<Scenario>): Promise<Run> {
  const found = findScenario(name);
  assert.ok(found);
  const small = { connections: 40, probes: 2, warmupMs: 500, durationMs: 1_000, profile: 'none' } as const;
  const scenario: Scenario = { ...found, ...small, ...over };
  const [, stage = ''] = name.split('-');
  const settings = {
    stages: [{ stage, variant }],
    scenario,
    target: null,
    runs: 1,
    seed: 7,
    labels: {},
    cost: null,
    buses: {},
    sweep: null,
    ...DEFAULT_ACCESS,
  };
  const plan = planRuns(settings, readLimits()).find(
    ({ subject }) => subject.kind === 'reference' && subject.variant === variant,
  );
  assert.ok(plan);
  const directory = await mkdtemp(join(tmpdir(), 'pushbench-article-'));
  try {
    const io = { progress: () => {}, signal: new AbortController().signal, directory, command: [] };
    const run = await runOne(plan, io, null);
    assert.equal(run.status, 'complete', run.abortReason ?? '');
    assert.deepEqual([...Value.Errors(Run, run)], []);
    assert.equal(run.deliveries?.lost, 0);
    return run;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const POLLS = { rooms: 4, ratePerSecond: 20, pollIntervalMs: 400 };

describe('runs of the article', { concurrency: 3 }, () => {
  test('the article on polling: a row with its sweep, the lowest rate last measured and first told', async () => {
    const { articlePoll, polling } = await runVariant('article-poll', 'short', POLLS);
    assert.ok(articlePoll && polling);
    const rates = articlePoll.sweep.map(({ pollsPerSecond }) => Math.round(pollsPerSecond));
    assert.equal(rates[0], 0, 'the server with nobody asking');
    assert.ok(rates.length >= 2, `${rates}`);
    assert.deepEqual(
      rates,
      [...rates].sort((a, b) => a - b),
    );
    assert.ok(articlePoll.sweep.every(({ cpuCores }) => cpuCores !== null && cpuCores >= 0));
    assert.equal(articlePoll.connectionReuseRatio, 0, 'a connection for each poll');
    assert.equal(articlePoll.claim?.cpuPeakShare, 0.94);
    assert.equal(articlePoll.emptyRatio, polling.wastedRatio);
  });

  test('a held request has no sweep, and loses nothing', async () => {
    const { articlePoll } = await runVariant('article-poll', 'long', POLLS);
    assert.deepEqual([articlePoll?.sweep, articlePoll?.exponent], [[], null]);
  });

  test('the article on WebSockets: memory over time at each number of connections', async () => {
    const { articleWs, connections } = await runVariant('article-ws', 'prepared', { ratePerSecond: 10 });
    assert.ok(articleWs);
    assert.deepEqual(
      articleWs.levels.map((level) => level.connections),
      [4, 10, 20, 30, 40],
    );
    for (const { rssBytes, meanBytes } of articleWs.levels) {
      assert.equal(rssBytes.length, 3, 'each half second of the window, both ends included');
      assert.ok(meanBytes > 30e6);
    }
    assert.equal(connections.established, 40);
  });
});

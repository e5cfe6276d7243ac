import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_ACCESS, type Scenario } from '../contract/config.ts';
import type { BalancePolicy, DiscoveryKind } from '../contract/discovery.ts';
import { BenchError } from '../contract/errors.ts';
import { rollingRestart } from '../scenarios/rollingRestart.ts';
import { steady } from '../scenarios/steady.ts';
import { findStage } from '../servers/registry.ts';
import { checkInstances } from './checkInstances.ts';
import type { Chosen } from './intendedRuns.ts';

interface Asked {
  readonly stage: string;
  readonly scenario?: Scenario;
  readonly kind?: DiscoveryKind;
  readonly balance?: BalancePolicy;
}

function chosen(name: string): Chosen {
  const stage = findStage(name);
  return { stage, variant: stage.variants.find(({ isDefault }) => isDefault) ?? stage.variants[0] };
}

function check({ stage, scenario = steady, kind = 'static', balance = 'round_robin' }: Asked): void {
  const subject = stage === 'target' ? null : chosen(stage);
  const discovery = { ...DEFAULT_ACCESS.discovery, kind, balance };
  checkInstances(subject, scenario, { target: null, discovery });
}

const POSTED = { ...rollingRestart, publishVia: 'post' as const };

for (const [what, asked, message] of [
  ['SSE nodes in etcd', { stage: 'sse', kind: 'etcd' }, /--discovery etcd: stage sse does not register/],
  ["a user's server in etcd", { stage: 'target', kind: 'etcd' }, /--discovery etcd: a server of your own/],
  ['SSE nodes by policy', { stage: 'sse', balance: 'pick_first' }, /--balance pick_first: stage sse has no/],
  ['SSE nodes that restart', { stage: 'sse', scenario: { ...POSTED } }, /rolling-restart: stage sse has no/],
  [
    'SSE nodes that restart and are called',
    { stage: 'sse', scenario: rollingRestart },
    /rolling-restart: stage/,
  ],
  [
    'SSE nodes that are called',
    { stage: 'sse', scenario: { ...steady, publishVia: 'call' } },
    /--publish-via call: stage sse/,
  ],
  ['posts to instances that go', { stage: 'grpc', scenario: POSTED }, /stage grpc is posted to at addresses/],
] as const satisfies readonly (readonly [string, Asked, RegExp])[]) {
  test(`refused with a reason and a way out: ${what}`, () => {
    assert.throws(
      () => check(asked),
      (error: unknown) => error instanceof BenchError && message.test(error.message) && error.hint !== '',
    );
  });
}

for (const [what, asked] of [
  ['gRPC instances that restart', { stage: 'grpc', scenario: rollingRestart }],
  ['gRPC instances in etcd', { stage: 'grpc', kind: 'etcd', balance: 'weighted_round_robin' }],
  ['SSE nodes as they are', { stage: 'sse' }],
] as const satisfies readonly (readonly [string, Asked])[]) {
  test(`goes: ${what}`, () => check(asked));
}

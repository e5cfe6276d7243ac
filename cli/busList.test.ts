import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../contract/errors.ts';
import { faultsOf, hasFault, resolve } from './testing/resolving.ts';

function namesOf(flags: Readonly<Record<string, unknown>>): string[] {
  return resolve({ flags }).stages.map(({ stage, variant }) => `${stage}:${variant}`);
}

for (const [name, flags, expected] of [
  ['one bus', { stage: ['ws-cluster'], bus: ['redis-pubsub'] }, ['ws-cluster:redis-pubsub']],
  [
    'a list',
    { stage: ['ws-cluster'], bus: ['embedded,redis-streams'] },
    ['ws-cluster:embedded', 'ws-cluster:redis-streams'],
  ],
  [
    'stages without a bus beside it',
    { stage: ['sse,ws-cluster'], bus: ['redis-pubsub'] },
    ['sse:shared', 'ws-cluster:redis-pubsub'],
  ],
  [
    'a variant that it replaces',
    { stage: ['ws-cluster:embedded'], bus: ['redis-streams'] },
    ['ws-cluster:redis-streams'],
  ],
  ['one named twice', { stage: ['ws-cluster'], bus: ['embedded', 'embedded'] }, ['ws-cluster:embedded']],
] as const) {
  test(`--bus with ${name}`, () => assert.deepEqual(namesOf(flags), expected));
}

test('a list of buses is a comparison, one bus is none', () => {
  const scenario = (bus: string) => resolve({ flags: { stage: ['ws-cluster'], bus: [bus] } }).scenario.name;
  assert.equal(scenario('embedded,redis-pubsub'), 'compare');
  assert.equal(scenario('redis-pubsub'), 'steady');
});

test('a server that runs already is taken by its address', () => {
  const url = 'redis://me:s3cret@127.0.0.1:6379/2';
  const { buses } = resolve({ flags: { stage: ['ws-cluster'], bus: [`redis-streams=${url}`] } });
  assert.deepEqual(buses, { 'redis-streams': url });
  assert.deepEqual(resolve({ flags: { stage: ['ws-cluster'], bus: ['redis-streams'] } }).buses, {});
});

test('a bus on another machine needs a word', () => {
  const flags = { stage: ['ws-cluster'], bus: ['redis-pubsub=redis://192.0.2.1:6379'] };
  hasFault({ flags }, /^--bus: a loopback address.*--allow-remote/);
  const { buses } = resolve({ flags: { ...flags, allowRemote: true } });
  assert.deepEqual(buses, { 'redis-pubsub': 'redis://192.0.2.1:6379' });
});

for (const [name, flags, pattern] of [
  [
    'an unknown kind',
    { stage: ['ws-cluster'], bus: ['redis-pubsb'] },
    /^--bus: one of embedded.*mean "redis-pubsub"/,
  ],
  [
    'no stage that has one',
    { stage: ['sse,ws'], bus: ['embedded'] },
    /^--bus: only together with .*--stage ws-cluster/,
  ],
  [
    'an address of the embedded one',
    { stage: ['ws-cluster'], bus: ['embedded=tcp://127.0.0.1:1'] },
    /^--bus: no address/,
  ],
  [
    'an address of something else',
    { stage: ['ws-cluster'], bus: ['redis-pubsub=http://127.0.0.1'] },
    /^--bus: an address such as/,
  ],
  ['no address after =', { stage: ['ws-cluster'], bus: ['redis-pubsub='] }, /^--bus: an address such as/],
  [
    'a server of the own',
    { target: 'http://127.0.0.1:9000', bus: ['embedded'] },
    /^--bus: not together with --target/,
  ],
] as const) {
  test(`--bus is refused: ${name}`, () => hasFault({ flags }, pattern));
}

test('a password never stands in a message', () => {
  for (const flags of [
    { stage: ['ws-cluster'], bus: ['redis-pubsub=redis://:hunter2@192.0.2.1:6379'] },
    { stage: ['ws-cluster'], bus: ['redis-pubsub=rediss://:hunter2@127.0.0.1'] },
    { stage: ['ws-cluster'], bus: ['redis-pubsb=redis://:hunter2@127.0.0.1'] },
    { stage: ['sse'], bus: ['redis-pubsub=redis://:hunter2@127.0.0.1'] },
    { target: 'http://127.0.0.1:9000', bus: ['redis-pubsub=redis://:hunter2@127.0.0.1'] },
  ]) {
    assert.notDeepEqual(faultsOf({ flags }), []);
    assert.throws(
      () => resolve({ flags }),
      (error) => error instanceof UsageError && !/hunter2/.test(error.message),
    );
  }
});

test('two addresses of one kind are a fault: neither is taken in silence', () => {
  for (const other of ['redis-pubsub=redis://127.0.0.1:6380', 'redis-pubsub']) {
    const bus = ['redis-pubsub=redis://127.0.0.1:6379', other];
    assert.throws(() => resolve({ flags: { stage: ['ws-cluster'], bus } }), UsageError);
  }
});

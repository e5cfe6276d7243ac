import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasFault, resolve } from './testing/resolving.ts';

for (const [name, flags, pattern] of [
  [
    'a rate where nothing is published',
    { scenario: 'idle', rate: '5' },
    /^--rate: not used by scenario idle: it publishes nothing/,
  ],
  ['a profile there', { scenario: 'idle', profile: true }, /^--profile: not used by scenario idle/],
  [
    'a warm-up of a search',
    { scenario: 'ceiling', warmup: '9s' },
    /^--warmup: not used by scenario ceiling: .*search/,
  ],
  ['a load shape of a search', { scenario: 'ceiling', loadStages: '5s@5' }, /^--load-stages: not used/],
  ['a fault in the article', { scenario: 'article-sse', fault: 'cut-connections' }, /^--fault: not used/],
  [
    'levels of the other article',
    { stage: ['ws'], scenario: 'article-ws', memoryLevels: '3' },
    /^--memory-levels: not used/,
  ],
  [
    'a poll interval where nobody polls',
    { stage: ['sse,ws'], pollInterval: '1s' },
    /^--poll-interval: only together with a stage that is polled/,
  ],
  [
    'a poll interval of held polls',
    { stage: ['poll:long'], pollInterval: '1s' },
    /^--poll-interval: only together/,
  ],
  ['jitter where nobody polls', { pollJitter: '.5' }, /^--poll-jitter: only/],
  ['back-off of polls where nobody polls', { pollBackoff: '2' }, /^--poll-backoff: only/],
  ['a backend where nobody polls', { stage: ['ws'], backendDelay: '5ms' }, /^--backend-delay: only/],
  [
    'heartbeats of a WebSocket',
    { stage: ['ws'], heartbeat: 'event' },
    /^--heartbeat: only together with event streams/,
  ],
] as const) {
  test(`refused: ${name}`, () => hasFault({ flags }, pattern));
}

for (const [name, flags] of [
  ['the value that it has anyway', { scenario: 'idle', rate: '0', profile: false }],
  ['a poll interval where one of the stages polls', { stage: ['sse,poll'], pollInterval: '1s' }],
  ['a backend behind held polls', { stage: ['poll:long'], backendDelay: '5' }],
  ['a heartbeat where one stage has one', { stage: ['ws,sse'], heartbeat: 'event' }],
  ['faults and shapes of a comparison', { stage: ['all'], fault: 'cut-connections', loadStages: '5s@5' }],
] as const) {
  test(`accepted: ${name}`, () => {
    assert.doesNotThrow(() => resolve({ flags }));
  });
}

test('a variable is named as it was given, and so is a key of an own scenario', () => {
  hasFault({ env: { BENCH_POLL_INTERVAL: '1s' } }, /^BENCH_POLL_INTERVAL: only/);
  const config = { scenarios: { still: { extends: 'idle', ratePerSecond: 5 } } };
  hasFault({ config, flags: { scenario: 'still' } }, /^config\.scenarios\.still\.ratePerSecond: not used/);
});

test('numbers for all scenarios of a config may be of no use to one of them', () => {
  const config = { workload: { ratePerSecond: 5, pollIntervalMs: '1s' } };
  assert.equal(resolve({ config, flags: { scenario: 'idle' } }).scenario.pollIntervalMs, 1_000);
});

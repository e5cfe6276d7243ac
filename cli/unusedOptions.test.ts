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
  [
    'typing notices where nobody speaks',
    { typing: '.5' },
    /^--typing: only together with clients that speak/,
  ],
  [
    'half-closed streams where nobody speaks',
    { stage: ['ws'], halfClose: '.5' },
    /^--half-close: only together with clients that speak/,
  ],
  ['the pace of slow readers without any', { slowRate: '2KB' }, /^--slow-rate: only together with slow/],
  [
    'the pace of slow readers in a sweep of something else',
    { slowRate: '2KB', sweep: 'flow=1024..8192' },
    /^--slow-rate: only together with slow/,
  ],
  [
    'slow readers of a search',
    { stage: ['ws'], scenario: 'ceiling', slow: '.1' },
    /^--slow: not used by scenario ceiling/,
  ],
  ['slow readers of nothing', { scenario: 'idle', slow: '.1' }, /^--slow: not used by scenario idle/],
  ['a limit of what is not sent', { scenario: 'idle', flowLimit: '9' }, /^--flow-limit: not used/],
  ['who publishes nothing', { scenario: 'idle', publishVia: 'clients' }, /^--publish-via: not used/],
  [
    'a sweep over streams on a connection that one of the stages cannot share',
    { stage: ['sse:h2,ws'], sweep: 'streams=1,100' },
    /^--sweep: only together with a stage over HTTP\/2.*not all/,
  ],
  [
    'a sweep over limits of a stage that has none',
    { stage: ['sse,poll'], sweep: 'flow=1024..8192' },
    /^--sweep: only together with a stage that pushes.*not all/,
  ],
] as const) {
  test(`refused: ${name}`, () => hasFault({ flags }, pattern));
}

for (const [name, flags] of [
  ['the value that it has anyway', { scenario: 'idle', rate: '0', profile: false }],
  ['a poll interval where one of the stages polls', { stage: ['sse,poll'], pollInterval: '1s' }],
  ['a backend behind held polls', { stage: ['poll:long'], backendDelay: '5' }],
  ['a heartbeat where one stage has one', { stage: ['ws,sse'], heartbeat: 'event' }],
  [
    'streams on a connection that one of the stages can share',
    { stage: ['sse,grpc'], streamsPerConnection: '9' },
  ],
  ['typing notices where clients speak', { stage: ['ws'], publishVia: 'clients', typing: '.5' }],
  ['half-closed streams of a chat', { stage: ['ws'], scenario: 'chat', halfClose: '.5' }],
  ['the pace of slow readers', { slow: '.1', slowRate: '2KB' }],
  ['the pace of slow readers that are swept', { slowRate: '2KB', sweep: 'slow=0,.1' }],
  ['the pace of those of a scenario', { stage: ['ws'], scenario: 'slow-consumer', slowRate: '2KB' }],
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

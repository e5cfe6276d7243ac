import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasFault, resolve } from './testing/resolving.ts';

const HTTP = { target: 'http://127.0.0.1:9000' };
const WS = { target: 'ws://127.0.0.1:9000' };

for (const [name, flags, expected] of [
  ['an http address', HTTP, ['sse', '/events', 'interval']],
  ['a ws address', WS, ['ws', '/ws', 'interval']],
  ['WebSockets at an http address', { ...HTTP, protocol: 'ws' }, ['ws', '/ws', 'interval']],
  ['polls', { ...HTTP, protocol: 'poll' }, ['poll', '/state', 'interval']],
  ['held polls', { ...HTTP, protocol: 'poll', pollMode: 'held' }, ['poll', '/poll', 'held']],
  ['event streams over HTTP/2', { ...HTTP, protocol: 'sse-h2' }, ['sse-h2', '/events', 'interval']],
  ['a path', { ...HTTP, protocol: 'poll', path: '/x' }, ['poll', '/x', 'interval']],
] as const) {
  test(`a target with ${name}`, () => {
    const { target, stages } = resolve({ flags });
    assert.deepEqual([target?.protocol, target?.path, target?.polling], expected);
    assert.deepEqual(stages, [{ stage: expected[0], variant: 'target' }]);
    assert.equal(new URL(target?.url ?? '').port, '9000');
  });
}

for (const [name, flags, pattern] of [
  ['an unknown protocol', { ...HTTP, protocol: 'mqtt' }, /^--protocol: one of sse, sse-h2, ws, poll, grpc/],
  ['ws:// for another protocol', { ...WS, protocol: 'sse' }, /^--target: an http:\/\/ address.*protocol sse/],
  [
    'a mode where nobody polls',
    { ...HTTP, pollMode: 'held' },
    /^--poll-mode: only together with --protocol poll/,
  ],
  ['a mode without a target', { pollMode: 'held' }, /^--poll-mode: only together with --target/],
  ['publishing over ws://', { ...WS, publishUrl: 'ws://127.0.0.1:9000/publish' }, /^--publish-url: an http/],
  ['poll numbers of a stream', { ...HTTP, pollInterval: '1s' }, /^--poll-interval: only/],
  [
    'poll numbers of held polls',
    { ...HTTP, protocol: 'poll', pollMode: 'held', pollJitter: '1' },
    /^--poll-jitter: only/,
  ],
  ['a backend delay', { ...HTTP, protocol: 'poll', backendDelay: '5ms' }, /^backendDelayMs: not together/],
  ['nodes', { ...HTTP, nodes: '3' }, /^nodes: not together with a server of your own/],
  ['a node to kill', { ...HTTP, scenario: 'node-failure' }, /^fault: none or cut-connections/],
  ['instances to restart', { ...HTTP, scenario: 'rolling-restart' }, /^fault: none or cut-connections/],
  ['clients that speak', { ...HTTP, scenario: 'chat' }, /^scenario: another one.*what clients say/],
  ['a limit of flow control', { ...HTTP, flowLimit: '100' }, /^flowMessages: not together/],
  ['a sweep over it', { ...HTTP, sweep: 'flow=1024..8192' }, /^--sweep: a number of the load/],
  ['a comparison', { ...HTTP, scenario: 'compare' }, /^scenario: another one/],
] as const) {
  test(`a target is refused: ${name}`, () => hasFault({ flags }, pattern));
}

test('a target may be polled at an interval of its own, and cut off', () => {
  const flags = { ...HTTP, protocol: 'poll', pollInterval: '1s', fault: 'cut-connections' };
  const { scenario } = resolve({ flags });
  assert.deepEqual([scenario.pollIntervalMs, scenario.fault], [1_000, 'cut-connections']);
});

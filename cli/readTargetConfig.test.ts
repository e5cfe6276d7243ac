import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BenchConfig, TargetConfig } from '../contract/config.ts';
import { faultsOf, hasFault, resolve } from './testing/resolving.ts';

const START = './server --port {port}';

function targetOf(target: TargetConfig, flags = {}, env = {}) {
  return resolve({ config: { target } satisfies BenchConfig, configFolder: '/project', flags, env }).target;
}

test('a server that is started is known by its commands; its port is not yet', () => {
  const settings = resolve({
    configFolder: '/project',
    config: {
      target: {
        install: 'npm ci',
        build: 'make',
        start: 'exec ./server',
        ready: '/healthz',
        readyTimeout: '5s',
        env: { LISTEN: '127.0.0.1:{port}' },
        cwd: 'server/',
        publish: '/publish',
      },
    },
  });
  assert.deepEqual(settings.stages, [{ stage: 'sse', variant: 'target' }]);
  const { url, publishUrl, path, pids, launch } = settings.target ?? {};
  assert.deepEqual(
    { url, publishUrl, path, pids },
    { url: 'http://127.0.0.1:0', publishUrl: 'http://127.0.0.1:0/publish', path: '/events', pids: [] },
  );
  assert.deepEqual(launch, {
    install: 'npm ci',
    build: 'make',
    start: 'exec ./server',
    ready: '/healthz',
    env: { LISTEN: '127.0.0.1:{port}' },
    cwd: 'server/',
    folder: '/project',
    root: '/project',
    readyMs: 5_000,
  });
});

for (const [protocol, url, publishUrl] of [
  ['sse', 'http://127.0.0.1:0', 'http://127.0.0.1:0/in?t={topic}'],
  ['sse-h2', 'http://127.0.0.1:0', 'http://127.0.0.1:0/in?t={topic}'],
  ['ws', 'ws://127.0.0.1:0', 'http://127.0.0.1:0/in?t={topic}'],
  ['poll', 'http://127.0.0.1:0', 'http://127.0.0.1:0/in?t={topic}'],
  ['grpc', 'grpc://127.0.0.1:0', 'http://127.0.0.1:0/in?t={topic}'],
] as const) {
  test(`a started server that speaks ${protocol} has the address of that protocol`, () => {
    const target = targetOf({ start: START, protocol, publish: '/in?t={topic}' });
    assert.deepEqual([target?.url, target?.publishUrl], [url, publishUrl]);
    const secure = targetOf({ start: START, protocol, publish: '/in', tlsServerName: 'localhost' });
    assert.equal(secure?.url, url.replace('://', 's://'));
    assert.equal(secure?.publishUrl, 'https://127.0.0.1:0/in');
  });
}

test('defaults of a started server are those that the docs name', () => {
  const launch = targetOf({ start: START })?.launch;
  assert.deepEqual(
    [launch?.install, launch?.build, launch?.ready, launch?.env, launch?.cwd, launch?.readyMs],
    [null, null, null, {}, '.', 30_000],
  );
});

test('a server that runs already is read like its flags', () => {
  const target = targetOf({
    url: 'http://127.0.0.1:9000',
    pid: [41, 42],
    protocol: 'poll',
    pollMode: 'held',
    path: '/poll?t={topic}',
    publish: 'http://127.0.0.1:9001/in',
    publishDepth: 4,
    headers: { Authorization: 'Bearer a, b' },
  });
  assert.deepEqual(
    [target?.url, target?.pids, target?.polling, target?.path, target?.publishUrl, target?.publishDepth],
    ['http://127.0.0.1:9000', [41, 42], 'held', '/poll?t={topic}', 'http://127.0.0.1:9001/in', 4],
  );
  assert.deepEqual(target?.headers, { authorization: 'Bearer a, b' });
  assert.equal(target?.launch, null);
});

test('flags go before the environment, and that before the config file', () => {
  const target = { start: START, path: '/file', publishDepth: 2, headers: { 'x-a': '1' } };
  const settled = targetOf(target, { path: '/flag' }, { BENCH_PATH: '/env', BENCH_PUBLISH_DEPTH: '3' });
  assert.deepEqual([settled?.path, settled?.publishDepth], ['/flag', 3]);
  assert.deepEqual(targetOf(target, { header: ['x-b: 2'] })?.headers, { 'x-b': '2' });
  assert.equal(targetOf(target, { protocol: 'ws' })?.url, 'ws://127.0.0.1:0');
});

for (const [title, flags, env, stage, url] of [
  ['--stage', { stage: ['sse'] }, {}, 'sse', undefined],
  ['--variant', { variant: ['raw'] }, {}, 'sse', undefined],
  ['BENCH_STAGE', {}, { BENCH_STAGE: 'poll' }, 'poll', undefined],
  ['--target', { target: 'ws://127.0.0.1:9' }, {}, 'ws', 'ws://127.0.0.1:9'],
  ['BENCH_TARGET', {}, { BENCH_TARGET: 'http://127.0.0.1:9' }, 'sse', 'http://127.0.0.1:9'],
] as const) {
  test(`${title} stands in the place of the config file's target as a whole`, () => {
    const config = { target: { start: START, protocol: 'poll', path: '/file', publish: '/in' } };
    const { stages, target } = resolve({ config, flags, env });
    assert.equal(stages[0].stage, stage);
    assert.equal(target?.url, url);
    assert.notEqual(target?.path, '/file');
    assert.equal(target?.publishUrl ?? null, null);
    assert.equal(target?.launch ?? null, null);
  });
}

for (const [target, pattern] of [
  [{}, /^config\.target: start, such as .* or url/],
  [
    { start: START, url: 'http://127.0.0.1:9' },
    /^config\.target\.url: not together with config\.target\.start/,
  ],
  [{ start: ' ' }, /^config\.target\.start: a command, such as/],
  [{ start: 5 }, /^config\.target\.start: text/],
  [{ start: START, pid: 5 }, /^config\.target\.pid: not together with config\.target\.start/],
  [{ url: 'http://127.0.0.1:9', build: 'make' }, /^config\.target\.build: only together with/],
  [{ start: START, build: 'make PORT={port}' }, /^config\.target\.build: no \{port\}: it is chosen/],
  [{ start: START, redy: '/' }, /^config\.target\.redy: no such key; .* did you mean "ready"/],
  [{ start: START, ready: 'healthz' }, /^config\.target\.ready: a path from \//],
  [{ start: START, readyTimeout: '5' }, /^config\.target\.readyTimeout: a time from/],
  [{ start: START, cwd: '../other' }, /^config\.target\.cwd: a folder inside/],
  [{ start: START, cwd: 'a/../..' }, /^config\.target\.cwd: a folder inside/],
  [{ start: START, cwd: '/srv' }, /^config\.target\.cwd: a folder inside/],
  [{ start: START, env: { 'A B': '1' } }, /^config\.target\.env\.A B: a name of/],
  [{ start: START, env: { PORT: 1 } }, /^config\.target\.env\.PORT: text/],
  [{ start: START, protocol: 'sss' }, /^config\.target\.protocol: one of sse/],
  [{ start: START, path: 'events' }, /^config\.target\.path: a path from \//],
  [{ start: START, path: 5 }, /^config\.target\.path: text/],
  [{ start: START, publish: 'publish' }, /^config\.target\.publish: an http:\/\/ address.* or a path/],
  [{ start: START, publish: '/a b' }, /^config\.target\.publish: a path from \//],
  [{ start: START, publish: 'http://example.org/' }, /^config\.target\.publish: a loopback address/],
  [{ start: START, publishDepth: 0 }, /^config\.target\.publishDepth: a whole number from 1/],
  [{ start: START, headers: { 'a b': 'c' } }, /^config\.target\.headers: 'name: value'/],
  [{ start: START, headers: { a: 'b\nc: d' } }, /^config\.target\.headers: 'name: value'/],
  [{ start: START, headers: { a: 5 } }, /^config\.target\.headers\.a: text/],
  [{ start: START, headers: 'a: b' }, /^config\.target\.headers: an object/],
  [{ start: START, tlsCa: 'none.pem' }, /^config\.target\.tlsCa: a PEM file .*\/project\/none\.pem/],
  [{ start: START, method: 'a.B/C' }, /^config\.target\.method: only together with --protocol grpc/],
  [{ url: 'ftp://127.0.0.1' }, /^config\.target\.url: an http:\/\/ address/],
  [{ url: 'http://example.org' }, /^config\.target\.url: a loopback address/],
  ['./server', /^config\.target: an object/],
] as const) {
  test(`${JSON.stringify(target)} is a fault of its key`, () =>
    hasFault({ config: { target }, configFolder: '/project' }, pattern));
}

test('faults of shape are told where a stage is named as well, all at once', () => {
  const config = { target: { build: 5, strat: START } };
  const keys = faultsOf({ config, flags: { stage: ['sse'] } }).map((fault) => fault.split(': ')[0]);
  assert.deepEqual(keys, [
    'config.target.strat',
    'config.target.build',
    'config.target',
    'config.target.build',
  ]);
});

test('what is said beside a started server is told to be of no use', () => {
  const config = { target: { start: START } };
  hasFault({ config, flags: { pid: ['4'] } }, /^--pid: not together with config\.target\.start/);
  hasFault({ config, flags: { security: ['tls'] } }, /^--security: not together with config\.target/);
  hasFault({ config: { ...config, stages: ['sse'] } }, /^config\.stages: not together with config\.target/);
});

test('a value that may be a secret is in no message', () => {
  const target = {
    start: START,
    env: { TOKEN: ['s3cret'] },
    headers: { 'a b': 's3cret' },
    publishBodyTemplate: ['s3cret'],
  };
  assert.throws(
    () => resolve({ config: { target } }),
    (error: Error) => {
      assert.match(error.message, /env\.TOKEN/);
      assert.match(error.message, /headers/);
      assert.match(error.message, /publishBodyTemplate/);
      assert.doesNotMatch(error.message, /s3cret/);
      return true;
    },
  );
});

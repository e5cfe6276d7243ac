import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { hasFault, resolve } from './testing/resolving.ts';

const folder = mkdtempSync(join(tmpdir(), 'pushbench-requests-'));
after(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'tokens.csv'), 'token\na\nb\nc\n');
writeFileSync(join(folder, 'bad.csv'), 'token\ns3cret\u00e9\n');

const BASE = { target: 'http://127.0.0.1:9000', publishUrl: '/publish' };
const TOKENS = join(folder, 'tokens.csv');

function targetOf(flags: object) {
  return resolve({ flags: { ...BASE, ...flags }, cwd: folder }).target;
}

test('headers go with streams and publishes; those of publishes alone stand in their place', () => {
  const target = targetOf({
    header: ['X-Key: a', 'x-app: b'],
    publishHeader: ['x-KEY: c', 'x-more: {topic}'],
  });
  assert.deepEqual(target?.headers, { 'x-key': 'a', 'x-app': 'b' });
  assert.deepEqual(target?.publishHeaders, { 'x-key': 'c', 'x-app': 'b', 'x-more': '{topic}' });
});

test('a header of one client goes with streams alone', () => {
  const target = targetOf({ header: ['cookie: u={slot}', 'x-room: {topic}', 'x-app: b'] });
  assert.deepEqual(target?.publishHeaders, { 'x-room': '{topic}', 'x-app': 'b' });
});

test('a list in the environment has one header in a line', () => {
  const env = { BENCH_TARGET: BASE.target, BENCH_PUBLISH_URL: '/in', BENCH_PUBLISH_HEADER: 'a: 1, 2\nb: 3' };
  assert.deepEqual(resolve({ env }).target?.publishHeaders, { a: '1, 2', b: '3' });
});

for (const [template, contentType] of [
  ['{"room":"{topic}","text":"{payload}"}', 'application/json'],
  [' [{"text":"{payload}"}]', 'application/json'],
  ['text={payload}', 'application/x-www-form-urlencoded'],
  ['room={topic}&text={payload}&x=', 'application/x-www-form-urlencoded'],
  ['{payload}', 'text/plain'],
  ['{topic}: {payload}', 'text/plain'],
  ['<m to="{topic}">{payload}</m>', 'text/plain'],
  ['a = b {payload}', 'text/plain'],
] as const) {
  test(`a body of ${template} is ${contentType}`, () => {
    const target = targetOf({ publishBodyTemplate: template });
    assert.deepEqual(target?.publishBody, { template, contentType });
  });
}

for (const flags of [
  { path: '/e?r={topic}' },
  { publishUrl: '/in?r={topic}' },
  { header: ['x-room: {topic}'] },
  { publishHeader: ['x-room: {topic}'] },
  { publishBodyTemplate: '{"r":"{topic}","t":"{payload}"}' },
]) {
  test(`${JSON.stringify(flags)} makes rooms`, () => {
    assert.equal(resolve({ flags: { ...BASE, ...flags, rooms: '7' } }).scenario.rooms, 7);
  });
}

for (const flags of [
  { tokens: 'tokens.csv', header: ['authorization: Bearer {token}'] },
  { tokens: 'tokens.csv', path: '/events?token={token}&n={slot}' },
]) {
  test(`${JSON.stringify(flags)} names a file by its whole path, and knows how many there are`, () => {
    const { tokensFile, tokens } = targetOf(flags) ?? {};
    assert.deepEqual([tokensFile, tokens], [TOKENS, 3]);
  });
}

test('tokens and bodies of the config file are found beside it', () => {
  const config = {
    target: {
      start: './server {port}',
      publish: '/in',
      publishHeaders: { 'x-a': '1' },
      publishBodyTemplate: 'm={payload}',
      headers: { authorization: 'Bearer {token}' },
      tokens: 'tokens.csv',
    },
  };
  const { target } = resolve({ config, configFolder: folder, cwd: '/' });
  assert.equal(target?.tokensFile, TOKENS);
  assert.equal(target?.publishBody?.contentType, 'application/x-www-form-urlencoded');
  assert.deepEqual(target?.publishHeaders, { 'x-a': '1' });
});

for (const [flags, pattern] of [
  [{ header: ['authorization: Bearer {token}'] }, /^--header: \{token\} only together with --tokens/],
  [{ path: '/e?t={token}' }, /^--path: \{token\} only together with --tokens/],
  [{ tokens: TOKENS }, /^--tokens: together with \{token\}/],
  [{ tokens: 'none.csv', path: '/{token}' }, /^--tokens: a CSV file of tokens: ENOENT/],
  [{ tokens: 'bad.csv', path: '/{token}' }, /^--tokens: a CSV file of tokens: line 2: the token has/],
  [{ path: '/e?t={tokn}' }, /^--path: no \{tokn\}: .* did you mean "\{token\}"/],
  [{ publishUrl: '/in/{slot}' }, /^--publish-url: no \{slot\}/],
  [{ publishHeader: ['x: {slot}'] }, /^--publish-header: no \{slot\} and no \{token\}/],
  [{ publishHeader: ['x: {token}'], tokens: TOKENS, path: '/{token}' }, /^--publish-header: no \{slot\}/],
  [{ publishHeader: ['nothing'] }, /^--publish-header: 'name: value'/],
  [{ header: ['x: \u20ac'] }, /^--header: 'name: value', on one line of Latin-1/],
  [{ publishHeader: ['Content-Length: 5'] }, /^--publish-header: another header/],
  [{ publishHeader: ['x: y'], publishUrl: undefined }, /^--publish-header: only together with --publish-url/],
  [{ publishBodyTemplate: 'a={payload}', publishUrl: undefined }, /^--publish-body-template: only together/],
  [{ publishBodyTemplate: 'text' }, /^--publish-body-template: \{payload\} exactly once, not 0 times/],
  [{ publishBodyTemplate: '{payload}{payload}' }, /^--publish-body-template: .* not 2 times/],
  [{ publishBodyTemplate: '{"a":{payload}}' }, /^--publish-body-template: JSON once/],
  [{ publishBodyTemplate: '{"a":"{payload}"' }, /^--publish-body-template: JSON once/],
  [{ publishBodyTemplate: 'u={slot}&t={payload}' }, /^--publish-body-template: no \{slot\}/],
  [{ publishBodyTemplate: `${'x'.repeat(65_536)}{payload}` }, /^--publish-body-template: at most 65536/],
] as const) {
  test(`${JSON.stringify(flags).slice(0, 80)} is refused`, () =>
    hasFault({ flags: { ...BASE, ...flags }, cwd: folder }, pattern));
}

test('metadata of publishes is checked like that of streams', () => {
  const flags = { target: '127.0.0.1:5', protocol: 'grpc', publishHeader: ['grpc-timeout: 1'] };
  hasFault({ flags }, /for gRPC, a name of/);
  const good = { ...flags, publishHeader: ['x-room: {topic}'] };
  assert.deepEqual(resolve({ flags: good }).target?.publishHeaders, { 'x-room': '{topic}' });
});

test('without a target each of them says so, and not what it holds', () => {
  const flags = { publishHeader: ['x: s3cret'], publishBodyTemplate: 's3cret', tokens: 's3cret' };
  assert.throws(
    () => resolve({ flags }),
    ({ message }: Error) =>
      ['--publish-header', '--publish-body-template', '--tokens'].every((flag) =>
        message.includes(`${flag}: only together with --target`),
      ) && !message.includes('s3cret'),
  );
});

test('what a template holds is in no message', () => {
  const flags = { ...BASE, publishBodyTemplate: '{"key":"s3cret","a":{payload}}', publishHeader: ['s3cret'] };
  assert.throws(
    () => resolve({ flags }),
    ({ message }: Error) => message.includes('JSON once') && !message.includes('s3cret'),
  );
});

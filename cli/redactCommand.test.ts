import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redactCommand } from './redactCommand.ts';

test('header values are left out of the command', () => {
  const argv = ['run', '--header', 'authorization: Bearer s3cret', '--header=x-key:s3cret', '--rate', '5'];
  assert.deepEqual(redactCommand(argv), [
    'bench',
    'run',
    '--header',
    'authorization: …',
    '--header=x-key: …',
    '--rate',
    '5',
  ]);
});

test('headers and bodies of publishes are left out of the command', () => {
  const argv = ['run', '--publish-header', 'x-key: s3cret', '--publish-body-template={"key":"s3cret"}'];
  assert.deepEqual(redactCommand([...argv, '--publish-body-template', 's3cret={payload}']), [
    'bench',
    'run',
    '--publish-header',
    'x-key: …',
    '--publish-body-template=…',
    '--publish-body-template',
    '…',
  ]);
});

for (const [value, shown] of [
  ['redis-pubsub', 'redis-pubsub'],
  ['redis-pubsub=redis://h:1/2?password=s3cret,embedded', 'redis-pubsub=redis://h:1/2?…,embedded'],
  ['redis-pubsub=redis://127.0.0.1:6379/0', 'redis-pubsub=redis://127.0.0.1:6379/0'],
  ['redis-pubsub=redis://:s3cret@127.0.0.1:6379', 'redis-pubsub=redis://…@127.0.0.1:6379'],
  ['embedded,redis-streams=redis://me:s3@cret@[::1]:6379', 'embedded,redis-streams=redis://…@[::1]:6379'],
  [
    'redis-pubsub=redis://:a@h,redis-streams=redis://:b@h',
    'redis-pubsub=redis://…@h,redis-streams=redis://…@h',
  ],
] as const) {
  test(`--bus ${value} is told as ${shown}`, () => {
    assert.deepEqual(redactCommand(['run', '--bus', value]), ['bench', 'run', '--bus', shown]);
    assert.deepEqual(redactCommand([`--bus=${value}`]), ['bench', `--bus=${shown}`]);
  });
}

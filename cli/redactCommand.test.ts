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

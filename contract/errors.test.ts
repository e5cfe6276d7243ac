import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BenchError, EXIT, messageOf, UsageError } from './errors.ts';

test('every exit code has one meaning', () => {
  const codes = Object.values(EXIT);
  assert.equal(new Set(codes).size, codes.length);
});

test('a usage error tells all faults, each with key, value and what would be right', () => {
  const error = new UsageError([
    { key: 'connections', value: 'abc', expected: 'a number from 1' },
    { key: 'stage', value: undefined, expected: 'one of sse' },
  ]);
  assert.equal(error.message, 'connections "abc": a number from 1\nstage: one of sse');
  assert.equal(error.exitCode, EXIT.usage);
  assert.ok(error instanceof BenchError);
  assert.match(error.hint, /--help/);
});

test('keeps the cause, and words for anything thrown', () => {
  const cause = new Error('disk full');
  assert.equal(new BenchError('x', { exitCode: EXIT.internal, hint: 'y', cause }).cause, cause);
  assert.equal(messageOf(cause), 'disk full');
  assert.equal(messageOf('thrown text'), 'thrown text');
});

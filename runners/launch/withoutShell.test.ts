import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutShell } from './withoutShell.ts';

const PATH = process.env.PATH ?? '';

test('a single program takes the place of its shell', () => {
  for (const command of ['sh x', './srv --port 9 > log 2>/dev/null', `'/a b/node' x`, 'sh -c "$X" $Y'])
    assert.equal(withoutShell(command, PATH), `exec ${command}`);
});

test('what needs the shell keeps it', () => {
  for (const command of [
    'cd x && sh y',
    'PORT=9 sh x',
    'sh x & wait',
    'exit 3',
    'ulimit -n',
    '$RUN x',
    'sh x | cat',
    '"$RUN" x',
    'no-such-program x',
    '! sh x',
    '',
  ])
    assert.equal(withoutShell(command, PATH), command);
});

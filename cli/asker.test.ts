import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { asker } from './asker.ts';

test('questions are answered by the lines that come, those typed ahead as well', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const ask = asker(input, output);
  const first = ask('One? ');
  input.write('1\n2\n');
  assert.deepEqual([await first, await ask('Two? ')], ['1', '2']);
  const third = ask('Three? ');
  input.write('3\n');
  assert.equal(await third, '3');
  output.end();
  assert.equal(await text(output), 'One? Two? 2\nThree? ');
});

test('whoever ends the input has ended the questions', async () => {
  const input = new PassThrough();
  const ask = asker(input, new PassThrough());
  const asked = ask('One? ');
  input.end();
  await assert.rejects(asked, { exitCode: 130 });
  await assert.rejects(ask('Two? '), { exitCode: 130 });
});

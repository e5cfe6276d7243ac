import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseTokens, readTokens, tokensOfSlots } from './tokens.ts';

for (const [title, text, tokens] of [
  ['one for each line', 'a\nb\n', ['a', 'b']],
  ['no end of the last line', 'a\nb', ['a', 'b']],
  ['line ends of Windows, and a byte order mark', '\uFEFFtoken\r\na\r\nb\r\n', ['a', 'b']],
  ['a column of that name', 'user,Token ,note\n1,a,x\n2,b,y\n', ['a', 'b']],
  ['the first column where none has that name', 'a,1\nb,2\n', ['a', 'b']],
  ['empty lines', '\na\n\n  \nb\n\n', ['a', 'b']],
  ['quoted fields', '"id","token"\n"1, 2","a,b"\n"3\n4","c""d"\n', ['a,b', 'c"d']],
  ['blanks around', ' a \n\tb\n', ['a', 'b']],
  ['a scheme and a blank in a token', 'Bearer a.b-c_d\n', ['Bearer a.b-c_d']],
  ['an empty field in another column', ',token\n,a\n', ['a']],
] as const) {
  test(`tokens: ${title}`, () => assert.deepEqual(parseTokens(text), tokens));
}

for (const [title, text, message] of [
  ['nothing', '', 'it has no tokens'],
  ['a heading alone', 'token\n', 'it has no tokens'],
  ['a row without one', 'token,user\na,1\n,2\n', 'line 3: there is no token'],
  ['a row that is too short', 'user,token\n1,a\n\n2\n', 'line 4: there is no token'],
  [
    'a line feed in one, after a field of two lines',
    'user,token\n"1\n1",a\n2,"s3\ncret"\n',
    'line 4: the token has characters beside those of printable ASCII',
  ],
  ['an umlaut', 's3crät\n', 'line 1: the token has characters beside those of printable ASCII'],
  ['a quote within', 'a\nb"c\n', 'line 2: a quote out of place'],
  ['a quote without an end', 'a\n"b\n', 'line 2: a quote out of place'],
] as const) {
  test(`tokens are refused: ${title}`, () => assert.throws(() => parseTokens(text), { message }));
}

async function fileOf(t: TestContext, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pushbench-tokens-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'tokens.csv');
  await writeFile(file, text);
  return file;
}

test('tokens are dealt by the number in the whole fleet, round where they are fewer', async (t) => {
  const file = await fileOf(t, 'a\nb\nc\n');
  assert.deepEqual(tokensOfSlots(file, 0, 2), ['a', 'b']);
  assert.deepEqual(tokensOfSlots(file, 2, 5), ['c', 'a', 'b', 'c', 'a']);
});

test('a file that is far too large is not read', async (t) => {
  const file = await fileOf(t, 'a\n');
  await truncate(file, 70_000_000);
  assert.throws(() => readTokens(file), { message: 'it has 70000000 bytes, and at most 67108864 are read' });
});

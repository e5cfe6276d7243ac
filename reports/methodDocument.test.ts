import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { DEFINITIONS } from './definitions.ts';
import { withDefinitions } from './methodDocument.ts';

/** They name a thing or a rule, not a figure. */
const WORDS: readonly string[] = ['delivery', 'load-shape', 'streams', 'link', 'ahead', 'validity'];

test('docs/method.md holds the definitions that reports show', async () => {
  const document = await readFile('docs/method.md', 'utf8');
  assert.equal(document, withDefinitions(document), 'run: node bin/method.ts');
});

test('every definition has an anchor of its own', () => {
  assert.equal(new Set(DEFINITIONS.map(({ id }) => id)).size, DEFINITIONS.length);
});

test('every definition of a figure says what is read and what is not in it; others are words', () => {
  const words = DEFINITIONS.filter((one) => !('read' in one)).map(({ id }) => id);
  assert.deepEqual(words, WORDS);
});

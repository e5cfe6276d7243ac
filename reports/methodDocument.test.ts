import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { DEFINITIONS } from './definitions.ts';
import { withDefinitions } from './methodDocument.ts';

test('docs/method.md holds the definitions that reports show', async () => {
  const document = await readFile('docs/method.md', 'utf8');
  assert.equal(document, withDefinitions(document), 'run: node bin/method.ts');
});

test('every definition has an anchor of its own', () => {
  assert.equal(new Set(DEFINITIONS.map(({ id }) => id)).size, DEFINITIONS.length);
});

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

test('a link within docs/method.md leads to a section or a definition, and no section takes the anchor of a definition', async () => {
  const document = await readFile('docs/method.md', 'utf8');
  const slugOf = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^a-z -]/g, '')
      .replaceAll(' ', '-');
  const sections = [...document.matchAll(/^## (.*)$/gm)].map(([, heading]) => slugOf(heading ?? ''));
  const definitions: string[] = DEFINITIONS.map(({ id }) => id);
  assert.deepEqual(
    sections.filter((slug) => definitions.includes(slug)),
    [],
  );
  const links = [...document.matchAll(/\]\(#([^)]+)\)/g)].map(([, id]) => id ?? '');
  assert.ok(links.length > definitions.length);
  assert.deepEqual(
    links.filter((id) => ![...sections, ...definitions].includes(id)),
    [],
  );
});

test('every definition has an anchor of its own', () => {
  assert.equal(new Set(DEFINITIONS.map(({ id }) => id)).size, DEFINITIONS.length);
});

test('every definition of a figure says what is read and what is not in it; others are words', () => {
  const words = DEFINITIONS.filter((one) => !('read' in one)).map(({ id }) => id);
  assert.deepEqual(words, WORDS);
});

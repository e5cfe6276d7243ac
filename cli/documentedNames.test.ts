import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { METRICS } from '../contract/metrics.ts';

function documentText(name: string): Promise<string> {
  return readFile(new URL(`../docs/${name}`, import.meta.url), 'utf8');
}

test('docs/result.md lists the paths of a result, all of them and in their order', async () => {
  const text = await documentText('result.md');
  const rows = METRICS.map(({ path, unit, meaning }) => `| \`${path}\` | ${unit} | ${meaning} |`);
  assert.deepEqual(text.slice(text.indexOf('| path |')).trim().split('\n').slice(2), rows);
});

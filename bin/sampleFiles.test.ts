import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeSample, SAMPLE } from './sampleFiles.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pushbench-sample-'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('docs/sample is what the code makes of its result today', async () => {
  const made = await makeSample(folder);
  const drawn = (await readdir(join(SAMPLE, 'adr', 'charts'))).map((name) => join('adr', 'charts', name));
  assert.deepEqual(made, ['adr.md', ...drawn.sort(), 'adr/decision.json', 'report.html']);
  for (const path of made) {
    const [now, stored] = await Promise.all(
      [folder, SAMPLE].map(async (root) => (await readFile(join(root, path), 'utf8')).split('\n')),
    );
    // The first line that differs says more than two pages of a megabyte.
    const at = now.findIndex((line, i) => line !== stored[i]);
    const difference = at < 0 && now.length === stored.length ? null : [now[at], stored[at]];
    assert.equal(difference, null, `docs/sample/${path}, line ${at + 1}: run: node bin/sample.ts`);
  }
});

test('what the record of the sample refers to in the report is there', async () => {
  const [record, report] = await Promise.all(
    ['adr.md', 'report.html'].map((name) => readFile(join(SAMPLE, name), 'utf8')),
  );
  const anchors = new Set([...record.matchAll(/\(report\.html#([\w-]+)\)/g)].map(([, id]) => id));
  assert.ok(anchors.has('flames') && anchors.size > 5, [...anchors].join(' '));
  assert.deepEqual(
    [...anchors].filter((id) => !report.includes(`id="${id}"`)),
    [],
  );
});

test('the profiles of the sample tell nothing of the machine that they were taken on', async () => {
  for (const name of await readdir(join(SAMPLE, 'profiles'))) {
    const text = await readFile(join(SAMPLE, 'profiles', name), 'utf8');
    const folders = [...text.matchAll(/file:\/\/\/([^/"]*)/g)].map(([, first]) => first);
    assert.deepEqual([...new Set(folders)], ['pushbench'], name);
  }
});

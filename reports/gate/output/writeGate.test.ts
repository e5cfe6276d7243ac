import assert from 'node:assert/strict';
import { access, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { reportBrowser, skipWithoutBrowser as skip } from '../../testing/reportBrowser.ts';
import { gateSides, sampleGate, sampleMetric } from '../../testing/sampleGate.ts';
import { medianText } from './gateFigures.ts';
import { GATE_SCHEMA_PATH, gateSchemaText } from './gateFile.ts';
import { appendStepSummary } from './stepSummary.ts';
import { writeGate } from './writeGate.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pushbench-gate-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('writes every output, and every link of the page between them leads to a file', async () => {
  const files = await writeGate(sampleGate(), gateSides(), directory);
  assert.deepEqual(JSON.parse(await readFile(files.json, 'utf8')), JSON.parse(JSON.stringify(sampleGate())));
  assert.match(await readFile(files.junit, 'utf8'), /^<\?xml version="1\.0"/);
  assert.match(await readFile(files.markdown, 'utf8'), /^## FAIL/);
  const page = await readFile(files.html, 'utf8');
  const links = [...page.matchAll(/href="([^"#:]+)"/g)].map(([, link = '']) => link);
  // The results of both sides are written by who measured them.
  const own = [...new Set(links)].filter((link) => !link.endsWith('result.json'));
  assert.ok(own.includes('compare/report.html') && own.includes('charts/gate-effects.svg'));
  for (const link of own) await access(join(directory, link));
  assert.deepEqual(
    (await readdir(directory)).filter((name) => name.endsWith('.partial')),
    [],
  );
});

test('a gate whose percentiles were lost, with open intervals and no blocks, is told all the same', async () => {
  const lost = {
    ...sampleMetric({ path: 'latencyUs.delivery.p99', label: 'p99', unit: 'us', at: 1, change: 0, noise: 0 }),
    head: [null, null],
    headMedian: null,
    effect: null,
    high: null,
    smallestVisible: null,
    differences: [],
    verdict: 'FAIL' as const,
  };
  const { base, head } = gateSides();
  const gate = sampleGate({ mode: 'stored', blocks: [], metrics: [lost], differences: ['Node: v24, v26'] });
  const files = await writeGate(gate, { base, head: { ...head, runs: [] } }, directory);
  const page = await readFile(files.html, 'utf8');
  assert.match(page, /not defined/);
  assert.match(page, /not like for like: Node: v24, v26/);
  assert.ok(!page.includes('compare/report.html'));
  const drawing = await readFile(join(directory, 'charts', 'gate-effects.svg'), 'utf8');
  assert.equal(/NaN|undefined|Infinity/.exec(drawing + (await readFile(files.markdown, 'utf8'))), null);
  assert.match(await readFile(files.junit, 'utf8'), /head not defined, change – \(above 0 %\)/);
});

test('what no run can tell of is a dash, and not called undefined', () => {
  const metric = sampleMetric({ path: 'x', label: 'x', unit: 'us', at: 1, change: 0, noise: 0 });
  const nothing = { ...metric, base: [null], head: [null], baseMedian: null, headMedian: null };
  assert.equal(medianText(nothing, 'head'), 'not defined');
  assert.equal(medianText({ ...nothing, confidence: null }, 'head'), '–');
});

test('a gate of the wrong shape is never written, nor anything beside it', async () => {
  const gate = sampleGate({ blocksAsked: 1.5 });
  await assert.rejects(writeGate(gate, gateSides(), directory), /blocksAsked/);
  assert.deepEqual(await readdir(directory), []);
});

test('the published schema is the one of the type, and takes what is written', async () => {
  const text = await readFile(GATE_SCHEMA_PATH, 'utf8');
  assert.equal(text, gateSchemaText(), 'run: node bin/schema.ts');
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(text) as object);
  assert.ok(validate(sampleGate()), JSON.stringify(validate.errors));
  assert.ok(!validate({ ...sampleGate(), verdict: 'MAYBE' }));
});

test('the summary of a step is appended where one is asked for; a file that cannot be written is told', async () => {
  const path = join(directory, 'summary.md');
  assert.equal(await appendStepSummary('one', { GITHUB_STEP_SUMMARY: path }), null);
  assert.equal(await appendStepSummary('two', { GITHUB_STEP_SUMMARY: path }), null);
  assert.equal(await readFile(path, 'utf8'), 'one\ntwo\n');
  assert.equal(await appendStepSummary('three', {}), null);
  const told = await appendStepSummary('four', { GITHUB_STEP_SUMMARY: join(directory, 'none', 'x.md') });
  assert.match(told ?? '', /GITHUB_STEP_SUMMARY \(.*none\/x\.md\): ENOENT/);
});

test('the page opens from disk in light, dark and narrow: nothing complains, nothing overflows, every label is on the page', {
  skip,
}, async () => {
  const { html } = await writeGate(sampleGate(), gateSides(), directory);
  const browser = await reportBrowser();
  try {
    for (const [scheme, width] of [
      ['light', 1100],
      ['dark', 1100],
      ['light', 390],
    ] as const) {
      await browser.withPage(pathToFileURL(html).href, scheme, async (page) => {
        await page.setViewportSize({ width, height: 900 });
        assert.match((await page.textContent('h1')) ?? '', /^FAIL: server CPU/);
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        assert.equal(overflow, 0);
        const outside =
          await page.evaluate(`[...document.querySelectorAll('figure.chart svg')].flatMap((svg) => {
          const room = svg.getBoundingClientRect();
          return [...svg.querySelectorAll('text')].filter((text) => { const box = text.getBoundingClientRect();
            return box.width > 0 && (box.left < room.left - 1 || box.right > room.right + 1); }).map((text) => text.textContent); })`);
        assert.deepEqual(outside, []);
      });
    }
  } finally {
    await browser.close();
  }
});

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { articleRuns } from './testing/sampleArticle.ts';
import { sampleProfile } from './testing/sampleProfile.ts';
import { sampleResult } from './testing/sampleResult.ts';
import { sampleRun } from './testing/sampleRun.ts';
import { writeReport } from './writeReport.ts';

const HOSTILE = `http://x/"><script>alert('pwned')</script>|[a](javascript:1)`;

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pushbench-report-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function page(result = sampleResult()): Promise<string> {
  const files = await writeReport(result, directory);
  return readFile(files.html, 'utf8');
}

test('page, Markdown and every chart with its specification are written', async () => {
  const files = await writeReport(sampleResult({ runs: articleRuns() }), directory);
  const names = files.charts.map((path) => path.slice(directory.length + 1)).sort();
  assert.deepEqual(
    names,
    [
      'article-claims',
      'ceiling-steps',
      'connect-ramp',
      'cpu-over-time',
      'deliveries-over-time',
      'handshake',
      'latency-over-time',
      'latency-percentiles',
      'memory-levels',
    ].map((name) => join('charts', `${name}.svg`)),
  );
  const svg = await readFile(files.charts[0] ?? '', 'utf8');
  assert.match(svg, /prefers-color-scheme:dark/);
  assert.match(svg, /var\(--sse\)/);
  assert.match(await readFile(files.markdown, 'utf8'), /^# The article’s order/);
});

test('text of strangers stays text in the page', async () => {
  const plan = { ...sampleRun().plan, target: HOSTILE };
  const profile = { ...sampleProfile(), path: 'javascript:alert(1)' };
  const run = sampleRun({ plan, variant: HOSTILE, abortReason: HOSTILE, profiles: [profile] });
  const text = await page(
    sampleResult({ runs: [run], labels: { [HOSTILE]: HOSTILE }, command: [HOSTILE], status: 'aborted' }),
  );
  assert.doesNotMatch(text, /<script>alert/);
  assert.doesNotMatch(text, /href="javascript/);
  const markdown = await readFile(join(directory, 'report.md'), 'utf8');
  // What stands in a code span is text already.
  assert.doesNotMatch(markdown.replace(/`[^`]*`/g, ''), /[^\\]<script>/);
});

test('a profile outside the result folder is not read', async () => {
  const run = sampleRun({ profiles: [{ ...sampleProfile(), path: '../../etc/passwd' }] });
  assert.match(await page(sampleResult({ runs: [run] })), /lies outside the result folder/);
});

test('a profile of few samples is called so instead of drawn', async () => {
  await mkdir(join(directory, 'profiles'));
  const profile = {
    nodes: [{ id: 1, callFrame: { functionName: '(root)', url: '', lineNumber: 0 } }],
    samples: [1],
    timeDeltas: [1],
  };
  await writeFile(join(directory, 'profiles', 'server.cpuprofile'), JSON.stringify(profile));
  const text = await page(sampleResult({ runs: [sampleRun({ profiles: [sampleProfile()] })] }));
  assert.match(text, /Too few samples/);
});

test('a run of nothing still gives a page', async () => {
  const run = sampleRun({
    status: 'aborted',
    abortReason: 'interrupted',
    deliveries: null,
    publish: null,
    latencyUs: null,
    latencyIntervalsUs: null,
    halves: null,
    handshakeUs: null,
    histograms: {
      delivery: null,
      service: null,
      sendLag: null,
      handshake: null,
      publishAck: null,
      spread: null,
      busHop: null,
      reconnect: null,
    },
    memory: { ...sampleRun().memory, levels: [] },
    timeline: [],
    loop: null,
    gc: null,
    probe: null,
    handles: null,
  });
  assert.match(await page(sampleResult({ runs: [run], status: 'aborted' })), /Aborted \(interrupted\)/);
  assert.match(await page(sampleResult({ runs: [], status: 'aborted' })), /Nothing was measured/);
});

test('percentiles that too few messages support are grey, with a footnote', async () => {
  const { latencyUs } = sampleRun();
  assert.ok(latencyUs);
  const few = { ...latencyUs, delivery: { ...latencyUs.delivery, messages: 400 } };
  const text = await page(sampleResult({ runs: [sampleRun({ latencyUs: few })] }));
  assert.match(text, /class="figure unsupported"/);
  assert.match(text, /Grey: too few independent messages/);
});

test('every link to a definition has its target', async () => {
  const text = await page(sampleResult({ runs: articleRuns() }));
  const links = new Set([...text.matchAll(/href="#(def-[\w-]+)"/g)].map(([, id]) => id));
  assert.ok(links.size > 10);
  for (const id of links) assert.ok(text.includes(`id="${id}"`), id);
});

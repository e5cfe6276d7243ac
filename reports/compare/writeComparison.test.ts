import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { RunResult } from '../../contract/result.ts';
import { plainNumbers } from '../numbers.ts';
import { terminalSummary } from '../terminal.ts';
import { comparisonResult, comparisonRuns, repeatedRuns, sweepRuns } from '../testing/sampleComparison.ts';
import { busyCpuProfile } from '../testing/sampleProfile.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { sampleRun } from '../testing/sampleRun.ts';
import { busRuns, faultRun } from '../testing/sampleScenarios.ts';
import { writeReport } from '../writeReport.ts';
import { compareSources } from './comparison.ts';
import { changeText } from './comparisonTerminal.ts';
import { writeComparison } from './writeComparison.ts';

const HOSTILE = `http://x/"><script>alert('pwned')</script>|[a](javascript:1)`;

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pushbench-comparison-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const storedIn = (folder: string) => ({ path: join(directory, '..', folder, 'result.json'), directory });

async function page(result: RunResult): Promise<string> {
  return readFile((await writeReport(result, directory)).html, 'utf8');
}

test('a result of several servers is reported as a comparison, with its charts and profiles', async () => {
  await mkdir(join(directory, 'profiles'));
  for (const stage of ['poll', 'sse', 'ws', 'ws-cluster'])
    await writeFile(join(directory, 'profiles', `${stage}.cpuprofile`), JSON.stringify(busyCpuProfile()));
  const files = await writeReport(comparisonResult(), directory);
  const text = await readFile(files.html, 'utf8');
  for (const name of ['percentiles', 'memory', 'cost', 'roi', 'roi-scatter', 'money'])
    assert.ok(files.charts.includes(join(directory, 'charts', `compared-${name}.svg`)), name);
  assert.equal(text.match(/<div class="flame">/g)?.length, 4);
  assert.match(text, /<h2>The ladder<\/h2>/);
  assert.match(text, /bus embedded/);
  assert.match(text, /GET every 2/);
  assert.match(text, /Money in USD at example rates/);
  assert.match(text, /not the median over its runs: poll:conditional run 1 of 3\./);
  assert.match(text, /not the median over its runs: ws-cluster:embedded run 1 of 3\./);
  assert.match(text, /are in <a href="result\.json">result\.json<\/a>\./);
  const links = new Set([...text.matchAll(/href="#(def-[\w-]+)"/g)].map(([, id]) => id));
  for (const id of links) assert.ok(text.includes(`id="${id}"`), id);
});

test('servers whose runs of the shared load are all INVALID keep their curves', async () => {
  const reason = {
    code: 'generatorStalled',
    verdict: 'INVALID' as const,
    families: ['latency' as const],
    message: 'a worker stood still',
    advice: 'Close what else runs.',
    figure: 900,
    bound: 100,
    unit: 'ms',
  };
  const runs = comparisonRuns().map((run) =>
    run.procedure === 'load' ? { ...run, validity: { verdict: 'INVALID' as const, reasons: [reason] } } : run,
  );
  const text = await page(comparisonResult({ runs }));
  assert.match(text, /compared-percentiles\.svg/);
  assert.match(text, /latency INVALID \(every server\)/);
});

test('a sweep has its charts, its knees and tables of one load', async () => {
  const text = await page(sampleResult({ runs: sweepRuns() }));
  assert.match(text, /What happens as the load grows/);
  assert.match(text, /The knee of sse:shared lies at 400 publishes per second/);
  assert.match(text, /The knee of ws:prepared lies at 200 publishes per second/);
  assert.match(text, /At 200 publishes per second: the highest load/);
});

test('text of strangers stays text', async () => {
  const runs = comparisonRuns({ abortReason: HOSTILE }).map((run, i) => ({
    ...run,
    variant: i % 2 ? HOSTILE : run.variant,
  }));
  const text = await page(comparisonResult({ runs, labels: { [HOSTILE]: HOSTILE }, command: [HOSTILE] }));
  assert.doesNotMatch(text, /<script>alert/);
  const markdown = await readFile(join(directory, 'report.md'), 'utf8');
  assert.doesNotMatch(markdown.replace(/`[^`]*`/g, ''), /[^\\]<script>/);
});

test('aborted runs that measured nothing still give a page', async () => {
  const bare = { deliveries: null, publish: null, latencyUs: null, latencyIntervalsUs: null, timeline: [] };
  const runs = [sampleRun(), sampleRun({ ...bare, stage: 'ws', variant: 'prepared', status: 'aborted' })];
  assert.match(await page(sampleResult({ runs, status: 'aborted' })), /<h1>Aborted: (?!Aborted)/);
});

test('results of one server show what changed, what did not, and what was not alike', async () => {
  const host = { ...sampleResult().host, nodeVersion: 'v27.0.0' };
  const sources = [
    { name: 'monday', result: sampleResult({ runs: repeatedRuns(5, 1_000) }), ...storedIn('monday') },
    { name: 'tuesday', result: sampleResult({ runs: repeatedRuns(5, 700), host }), ...storedIn('tuesday') },
  ];
  const text = await readFile((await writeComparison(sources, directory)).html, 'utf8');
  assert.match(text, /<h2>What changed\?<\/h2>/);
  assert.match(text, /-30\.\d % \(p=0\.008 n=5\+5\)/);
  assert.match(text, /Not like for like.*monday: v26\.10\.0.*tuesday: v27\.0\.0/s);
  assert.doesNotMatch(text, /href="[^"]*result\.json"/);
  const file = (folder: string) => `<code>${join('..', folder, 'result.json')}</code>`;
  assert.ok(text.includes(`are in ${file('monday')} and ${file('tuesday')}.`));
  const changes = changeText(compareSources(sources), 100);
  assert.match(changes, /delivery latency, p99 .* -30\.\d % \(p=0\.008 n=5\+5\)/);
  assert.match(changes, /lost .* ~ \(p=1\.000 n=5\+5\)/);
});

test('the terminal keeps its 100 columns, but for commands, which are never broken', () => {
  const overlapping = [
    ...repeatedRuns(3, 700),
    ...repeatedRuns(3, 705).map((run) => ({ ...run, variant: 'raw' })),
  ];
  for (const result of [
    comparisonResult(),
    sampleResult({ runs: sweepRuns() }),
    sampleResult({ runs: overlapping }),
  ]) {
    const text = terminalSummary(result, { colour: false, reportPath: null });
    const long = text.split('\n').filter((line) => line.length > 100 && !line.startsWith('  bench run '));
    assert.deepEqual(long, []);
    assert.equal(plainNumbers(text), text);
  }
});

test('Markdown tells the same story', async () => {
  const files = await writeReport(comparisonResult(), directory);
  const text = await readFile(files.markdown, 'utf8');
  assert.match(text, /^# At 20/);
  assert.match(text, /\| \[deliveries per second at the ceiling\]\(report\.html#def-ceiling\) \| – \|/);
  assert.match(text, /## What this means/);
});

test('a fault on several servers is told for each, and compared by the time to recover', async () => {
  const slower = faultRun().fault;
  assert.ok(slower);
  const runs = [0, 1].flatMap((turn) => [
    faultRun(),
    faultRun({ stage: 'ws', variant: 'prepared', fault: { ...slower, recoveredMs: 3_900 + turn } }),
  ]);
  const text = await page(sampleResult({ runs }));
  assert.match(text, /sse:shared is back soonest: the time to recover 2\.48/);
  assert.match(text, /fault-over-time\.svg/);
  assert.match(text, /not the median over its runs: sse:shared run 1 of 2, ws:prepared run 1 of 2\./);
});

test('one stage on several buses is compared by bus', async () => {
  const text = await page(sampleResult({ runs: busRuns() }));
  assert.match(text, /ws-cluster:redis-pubsub/);
  assert.match(text, /bus process per delivery/);
  assert.doesNotMatch(text, /not the median over its runs/);
  assert.match(text, /The article’s table of buses/);
});

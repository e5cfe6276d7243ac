import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleGate, sampleMetric } from '../../testing/sampleGate.ts';
import { gateMarkdown, MOST_CHARACTERS } from './gateMarkdown.ts';

const COLUMNS = (line: string) => line.replaceAll('\\|', '').split('|').length;

test('the first sentence of the headline is the first line, its others and the table follow', () => {
  const [first, , rest, , head] = gateMarkdown(sampleGate()).split('\n');
  assert.match(rest ?? '', /^The smallest regression that this gate could see here: 7/);
  assert.match(first ?? '', /^## FAIL: server CPU per delivery is 21\.2 % higher/);
  assert.equal(head, '| metric | base | head | change (interval) | accepted | verdict | blocks |');
});

test('a row tells figures, interval, tolerance, the verdict in words and a bar for each block', () => {
  const row = gateMarkdown(sampleGate())
    .split('\n')
    .find((line) => line.includes('`cpu.server.usPerDelivery`'));
  assert.match(
    (row ?? '').replaceAll('\u00a0', ' '),
    /\| 12\.4 µs \| 15 µs \| \+21\.2 % \(\+19\.2 to \+23\.2 %\) \| 5 % \| \*\*✗ FAIL\*\* \| [▁▂▃▄▅▆▇█]{6} \|$/,
  );
});

test('thresholds have a tick or a cross, and what did not pass says why', () => {
  const text = gateMarkdown(sampleGate()).replaceAll('\u00a0', ' ');
  assert.match(text, /^- ✓ latencyUs\.delivery\.p99 \\< 50ms \(worst run of head: 4\.91 ms\)$/m);
  assert.match(text, /^- ✗ FAIL memory\.server\.rssPerConnectionBytes \\< 9KiB/m);
  assert.match(text, /^- \? INCONCLUSIVE memory of the server per connection: The interval reaches/m);
});

test('what would settle it stands in a fence of its own', () => {
  const settle = 'bench gate --blocks 18 --note "```"';
  const text = gateMarkdown(sampleGate({ verdict: 'INCONCLUSIVE', settle }));
  assert.ok(text.includes(`\n\`\`\`\`sh\n${settle}\n\`\`\`\`\n`));
  assert.doesNotMatch(gateMarkdown(sampleGate()), /settle/);
});

test('where no block came to its end there is no empty list of them', () => {
  const text = gateMarkdown(sampleGate({ blocks: [], status: 'aborted', abortReason: 'head ended' }));
  assert.match(text, /^- no block came to its end; ended early: head ended$/m);
});

test('without blocks there is no column of bars, and it is said what stored results hide', () => {
  const metrics = sampleGate().metrics.map((metric) => ({ ...metric, differences: [] }));
  const text = gateMarkdown(sampleGate({ mode: 'stored', blocks: [], metrics }));
  assert.doesNotMatch(text, /▄|blocks \|/);
  assert.match(text, /measured before: whatever changed on the host/);
});

test('names of strangers break neither table nor page', () => {
  const hostile = 'a|b`c\n</details><script>';
  const metric = sampleMetric({ path: hostile, label: hostile, unit: hostile, at: 1, change: 0, noise: 0.1 });
  const gate = sampleGate({ metrics: [metric], headline: hostile, what: hostile });
  const text = gateMarkdown(gate);
  assert.doesNotMatch(text.replaceAll('\\<', '').replace(/`[^`]*`/g, ''), /<script>/);
  const table = text.split('\n').filter((line) => line.startsWith('|'));
  assert.deepEqual(table.map(COLUMNS), [9, 9, 9]);
});

test('stays below the limit of a comment whatever there is, keeps the table and names what was left out', () => {
  const differences = Array.from(
    { length: 2_000 },
    (_, i) => `package ${i}: one version, and another version`,
  );
  const text = gateMarkdown(sampleGate({ differences }));
  assert.ok(text.length <= MOST_CHARACTERS);
  assert.match(text, /cpu\.server\.usPerDelivery/);
  assert.match(text, /Left out here, for want of room: conditions; gate\.json has it\.\n$/);
  assert.match(text, /For information: 4 more metrics/);
});

test('a few runs that were left out are named, many are counted', () => {
  const one = { run: 'block 1, base run 1', families: ['latency'], why: 'send lag p99 4 ms' };
  assert.match(
    gateMarkdown(sampleGate({ excluded: [one] })),
    /left out: block 1, base run 1 \(latency\), because/,
  );
  const many = Array.from({ length: 9 }, (_, i) => ({
    ...one,
    families: i < 2 ? ['latency', 'throughput'] : ['latency'],
  }));
  const text = gateMarkdown(sampleGate({ excluded: many }));
  assert.match(text, /the limit: of latency 9, of throughput 2 runs; gate\.json names each/);
  assert.doesNotMatch(text, /block 1, base run 1/);
});

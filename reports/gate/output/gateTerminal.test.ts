import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { sampleGate, sampleMetric } from '../../testing/sampleGate.ts';
import { gateTerminal } from './gateTerminal.ts';

const PLAIN = { colour: false, reportPath: '/tmp/gate/report.html' };

test('headline first, then the table, why, thresholds and the path, in 100 columns', () => {
  const text = gateTerminal(sampleGate(), PLAIN);
  const lines = text.split('\n');
  assert.match(lines[0] ?? '', /^FAIL: server CPU per delivery is 21\.2 % higher/);
  assert.match(
    text,
    /server CPU per delivery +12\.4 µs +15 µs +\+21\.2 % \(\+19\.2 to \+23\.2 %\) +5 % +FAIL/,
  );
  assert.match(text, /\n✗ FAIL server CPU per delivery: The whole interval is beyond the tolerance\.\n/);
  assert.match(text, /\n✓ PASS latencyUs\.delivery\.p99 < 50ms \(worst run of head: 4\.91 ms\)\n/);
  assert.equal(lines.at(-1), 'Report: /tmp/gate/report.html');
  assert.deepEqual(
    lines.filter((line) => line.length > 100),
    [],
  );
});

test('every column stays, however long the names are', () => {
  const metric = sampleMetric({
    path: 'x',
    label: 'a name that is a good deal longer than any other metric of the whole list has',
    unit: 'us',
    at: 1,
    change: 0,
    noise: 0.1,
  });
  const text = gateTerminal(sampleGate({ metrics: [metric] }), PLAIN);
  assert.match(text, /metric +base +head +change \(interval\) +accepted +verdict/);
});

test('colour paints the verdicts alone, and text of strangers paints nothing', () => {
  const gate = sampleGate({ headline: 'FAIL: \u001b[32mfine', settle: 'bench gate \u001b[2J' });
  const painted = gateTerminal(gate, { ...PLAIN, colour: true });
  assert.ok(painted.includes('\u001b[31mFAIL\u001b[39m'));
  assert.equal(stripVTControlCharacters(painted), gateTerminal(gate, PLAIN));
  assert.ok(!gateTerminal(gate, PLAIN).includes('\u001b'));
});

test('the command that would settle it is never broken', () => {
  const settle = `bench gate --base origin/main --head HEAD ${'--label a=b '.repeat(12)}--blocks 18`;
  const text = gateTerminal(sampleGate({ verdict: 'INCONCLUSIVE', settle }), PLAIN);
  assert.ok(text.includes(`\n  ${settle}\n`));
});

test('a gate that ended early says why', () => {
  const abortReason = '--max-time 2 min was reached after 5 of 6 blocks';
  const text = gateTerminal(sampleGate({ status: 'aborted', abortReason }), PLAIN);
  assert.match(text, /^Ended early: --max-time 2 min was reached after 5 of 6 blocks\.$/m);
  assert.doesNotMatch(gateTerminal(sampleGate(), PLAIN), /Ended early/);
});

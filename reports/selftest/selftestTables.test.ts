import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repeatedRuns } from '../testing/sampleComparison.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { SAMPLE_STUDY, sampleRow, sampleSelftest } from '../testing/sampleSelftest.ts';
import { noiseStudy } from './noiseStudy.ts';
import { finding } from './selftestFigures.ts';
import { selftestMarkdown } from './selftestMarkdown.ts';
import { selftestText } from './selftestTerminal.ts';

const mixed = sampleSelftest([
  sampleRow('pass'),
  sampleRow('fail', { claim: 'lost | twice', measured: '8', expected: '7', tolerance: 'exact' }),
  sampleRow('void'),
  sampleRow('info', { tolerance: '' }),
]);
const noisy = sampleSelftest([], {
  cases: [],
  noise: noiseStudy(sampleResult({ runs: repeatedRuns(8, 1_000) }), { ...SAMPLE_STUDY, runs: 8 }),
});
const text = (columns: number, result = mixed) =>
  selftestText(result, { columns, colour: false, directory: '/r' });

test('the finding counts what holds, what failed and what was not shown; what is told is no claim', () => {
  assert.equal(
    finding(mixed).replaceAll('\u00a0', ' '),
    'FAIL: 1 of 2 claims hold, 1 failed, 1 case not shown, since the host disturbed every attempt; 95 s.',
  );
  assert.match(finding(sampleSelftest()), /^PASS: 1 of 1 claims hold; /);
  assert.match(
    finding(sampleSelftest([sampleRow('void')])),
    /^NOT SHOWN: no claim was judged, 1 case not shown/,
  );
  const aborted = sampleSelftest([sampleRow('pass')], { status: 'aborted', verdict: 'not shown' });
  assert.match(finding(aborted), /^ABORTED: 1 of 1 claims hold, interrupted before the end/);
});

test('every line keeps the width of the terminal, and no word is lost', () => {
  for (const columns of [60, 80, 100, 160]) {
    for (const result of [mixed, noisy]) {
      const lines = text(columns, result).split('\n');
      assert.deepEqual(
        lines.filter((line) => line.length > columns),
        [],
        `${columns} columns`,
      );
    }
    const words = text(columns).split(/\s+/);
    for (const word of ['frozen', '1.4', 'FAIL', 'VOID', '±22', 'exact']) {
      assert.ok(words.includes(word), `${word} at ${columns} columns`);
    }
  }
});

test('the verdict stands on the first line of its row, and attempts that were disturbed are told', () => {
  const lines = text(100).split('\n');
  assert.ok(lines.some((line) => /^ {2}lost \| twice +7 +8 +exact +FAIL$/.test(line)));
  assert.match(text(100), /attempts: 2; the host disturbed: other work on the host 0\.50 cores/);
});

test('what was not shown comes with the command that asks for it again', () => {
  const voided = sampleSelftest([sampleRow('void')], { seed: 7 });
  assert.match(text(200, voided), /^bench selftest --quick --seed 7 --only frozen-server$/m);
  assert.doesNotMatch(text(200, sampleSelftest()), /--only/);
});

test('Markdown has a row for each claim, and text of rows breaks no table', () => {
  const markdown = selftestMarkdown(mixed);
  const rows = markdown.split('\n').filter((line) => line.startsWith('| frozen-server'));
  assert.equal(rows.length, 4);
  assert.ok(rows[1]?.includes('lost \\| twice'));
  assert.match(rows[1] ?? '', /\| 7 \| 8 \| exact \| FAIL \|$/);
  assert.match(markdown, /Example CPU 3\.0 GHz, 2 cores, 24 GiB.*v26\.10\.0.*--quick/);
  assert.match(markdown, /frozen-server: 2 attempts; the host disturbed/);
});

test('an A/A study is a table with a row for each metric and what its columns mean', () => {
  const markdown = selftestMarkdown(noisy).replaceAll('\u00a0', ' ');
  assert.match(markdown, /\| deliveries\.perSecond \| 20 k\/s \| 0 % \| .* \| 0 of 1 \|/);
  assert.match(markdown, /False alarms: 4 runs in a row against the 4 after them/);
  assert.match(text(100, noisy), /8 of 8 runs/);
});

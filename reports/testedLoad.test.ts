import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../contract/result.ts';
import { renderMarkdown } from './markdown.ts';
import { plainNumbers } from './numbers.ts';
import { namedRuns } from './runLabel.ts';
import { terminalSummary } from './terminal.ts';
import { testedLoad } from './testedLoad.ts';
import { sampleResult } from './testing/sampleResult.ts';
import { sampleRun } from './testing/sampleRun.ts';
import { samplePolling } from './testing/sampleScenarios.ts';

const RUN = sampleRun();
const CEILING = RUN.generatorCeiling!;

function told(...runs: readonly Partial<Run>[]): string | null {
  const load = testedLoad(namedRuns(runs.map((over) => sampleRun(over))));
  return load === null ? null : plainNumbers(load);
}

const at = (over: Partial<typeof CEILING>): Partial<Run> => ({ generatorCeiling: { ...CEILING, ...over } });

test('the load of one run is told with its share, the ceiling, and what that is of', () => {
  assert.equal(
    told({}),
    'Tested load 20 k deliveries/s = 4.17 % of what this generator can take here, 480 k/s (sse, 256 bytes)',
  );
  assert.match(
    told(at({ streamsPerConnection: 100 })) ?? '',
    /480 k\/s \(sse, 256 bytes, 100 streams on a connection\)$/,
  );
});

test('clients that poll on an interval load a server with polls', () => {
  const polling = samplePolling({ intervalMs: 200 });
  assert.match(told({ polling, ...at({ protocol: 'poll' }) }) ?? '', /^Tested load 20 k polls\/s = /);
});

test('what keeps a share from being taken at its word is told with it', () => {
  assert.match(
    told(at({ loadShare: 1.5 })) ?? '',
    /^Tested load .* = 150 % .*\), more than with one message in each write$/,
  );
  assert.match(told(at({ othersCores: 0.3 })) ?? '', /, measured beside 0.3 cores of other work$/);
  assert.match(told({ security: { ...RUN.security, kind: 'tls' } }) ?? '', /, measured without protection$/);
});

test('several runs have a share each, and those that know none are left out', () => {
  assert.equal(
    told(
      { order: 0 },
      { order: 1, variant: 'raw', ...at({ loadShare: 0.5 }) },
      { generatorCeiling: null, variant: 'none' },
    ),
    `Tested load as a share of what this generator can take here: ${RUN.stage}:${RUN.variant} 4.17 % of 480 k/s (sse, 256 bytes), ${RUN.stage}:raw 50 % of 480 k/s (sse, 256 bytes)`,
  );
  assert.equal(told({ generatorCeiling: null }), null);
  assert.equal(told(at({ loadShare: null, offeredPerSecond: null })), null);
});

test('the summaries of terminal and Markdown tell it', () => {
  const result = sampleResult({ runs: [RUN] });
  const line = /Tested load 20 k deliveries\/s = 4.17 % of what this generator can\stake here/;
  assert.match(terminalSummary(result, { colour: false, reportPath: null }), line);
  assert.match(plainNumbers(renderMarkdown(result, [])), line);
});

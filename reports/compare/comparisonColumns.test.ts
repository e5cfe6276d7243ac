import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleResult } from '../testing/sampleResult.ts';
import { sampleRun } from '../testing/sampleRun.ts';
import { columnsFor } from './comparisonColumns.ts';
import { groupRuns } from './serverGroup.ts';

test('a server none of whose runs came to its end has no verdict', () => {
  const ended = sampleRun();
  const begun = sampleRun({ stage: 'ws', variant: 'prepared', status: 'aborted' });
  const groups = groupRuns([{ name: '', result: sampleResult({ runs: [ended, begun] }) }]);
  const verdict = columnsFor(groups).find(({ title }) => title === 'verdict');
  assert.deepEqual(
    groups.map((group) => verdict?.cell(group)),
    ['VALID', 'aborted'],
  );
});

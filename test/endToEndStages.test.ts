import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { assertMeasured, type Bench, SHORT, startRun, TINY, withFolder } from './endToEndBench.ts';
import { openPage } from './endToEndPage.ts';
import { assertValidResult } from './endToEndSchema.ts';
import { requireService } from './requireService.ts';

const browserService = requireService('chromium');
const POLLED = ['--poll-interval', '300ms'];

async function resultOf(run: Bench) {
  const ended = await run.ended;
  const result = await run.result();
  assertMeasured(ended, result);
  await assertValidResult(run.out);
  return result;
}

describe('stages', { concurrency: 4 }, () => {
  // The longest first, so that nothing waits for it at the end.
  test('several stages are one comparison, whose page opens from disk', browserService, () =>
    withFolder(async (folder) => {
      const run = startRun(folder, [...SHORT, ...POLLED, '--stage', 'poll,ws', '--runs', '1']);
      const { runs } = await resultOf(run);
      assert.deepEqual(
        runs.map(({ stage, procedure }) => [stage, procedure]),
        [
          ['poll', 'load'],
          ['ws', 'load'],
          ['poll', 'ceiling'],
          ['ws', 'ceiling'],
        ],
      );
      // An interval over runs tells how far runs differ only where no process served two of them.
      const pids = runs.flatMap(({ processes }) =>
        processes.filter(({ role }) => role !== 'coordinator').map(({ pid }) => pid),
      );
      assert.equal(new Set(pids).size, pids.length);
      const { faults } = await openPage(browserService.path ?? '', join(run.out, 'report.html'));
      assert.deepEqual(faults, []);
    }),
  );

  for (const [stage, flags] of [
    ['poll:short', POLLED],
    ['poll:keepalive', POLLED],
    ['poll:conditional', POLLED],
    ['poll:long', []],
    ['ws:send', []],
    ['ws:prepared', []],
  ] as const) {
    test(`nothing is lost and nothing repeated: ${stage}`, () =>
      withFolder(async (folder) => {
        const { runs } = await resultOf(startRun(folder, [...SHORT, '--stage', stage, ...flags]));
        const [{ deliveries, polling, bus }] = runs;
        assert.deepEqual([deliveries?.expected, deliveries?.lost, deliveries?.duplicated], [800, 0, 0]);
        assert.equal(polling === null, !stage.startsWith('poll'));
        assert.equal(bus, null);
      }));
  }

  for (const stage of ['sse', 'ws', 'poll:long']) {
    test(`clients of ${stage} that are cut off come back and miss nothing`, () =>
      withFolder(async (folder) => {
        const cut = ['--fault', 'cut-connections', '--warmup', '500ms', '--duration', '8s', '--rate', '20'];
        const { runs } = await resultOf(startRun(folder, [...TINY, ...cut, '--stage', stage]));
        const [{ deliveries, fault, connections }] = runs;
        assert.equal(fault?.kind, 'cut-connections');
        assert.deepEqual([fault?.connectionsHit, fault?.connectionsBack], [40, 40]);
        assert.deepEqual([deliveries?.lost, deliveries?.duplicated, connections.gaps], [0, 0, 0]);
      }));
  }

  test('a load shape is published as it stands, and its mean is what was offered', () =>
    withFolder(async (folder) => {
      const flags = ['--load-stages', '1s@20,500ms@200,1s@20', '--warmup', '0s', '--stage', 'sse'];
      const shaped = TINY.filter((word, i) => word !== '--rate' && TINY[i - 1] !== '--rate');
      const { runs } = await resultOf(startRun(folder, [...shaped, ...flags]));
      assert.equal(runs[0].publish?.attempted, 140);
      assert.equal(runs[0].deliveries?.expected, 1_400);
      assert.equal(runs[0].deliveries?.lost, 0);
    }));

  test('a sweep is one run for each value, which it tells', () =>
    withFolder(async (folder) => {
      const flags = ['--sweep', 'connections=20,40', '--stage', 'ws'];
      const alone = SHORT.filter((word, i) => word !== '--connections' && SHORT[i - 1] !== '--connections');
      const { runs } = await resultOf(startRun(folder, [...alone, ...flags]));
      assert.deepEqual(
        runs.map(({ sweep, connections }) => [sweep?.key, sweep?.value, connections.established]),
        [
          ['connections', 20, 20],
          ['connections', 40, 40],
        ],
      );
    }));
});

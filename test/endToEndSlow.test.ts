import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { assertMeasured, startRun, withFolder } from './endToEndBench.ts';

/** Large messages, so that the kernel's 4 MB for each slow client are full within the warm-up. */
const SLOW = [
  ...'--scenario slow-consumer --connections 20 --probes 2 --rate 100 --payload 64KB --flow-limit 16'.split(
    ' ',
  ),
  ...'--warmup 1s --duration 2s'.split(' '),
];

describe('slow consumers', { concurrency: 4 }, () => {
  for (const stage of ['ws', 'sse']) {
    test(`${stage}: each slow client is ended at the mark and accounted for, and the others miss nothing`, () =>
      withFolder(async (folder) => {
        const run = startRun(folder, [...SLOW, '--stage', stage, '--slow', '0.1', '--slow-rate', '100']);
        const ended = await run.ended;
        const result = await run.result();
        assertMeasured(ended, result);
        const [{ slow, flow, deliveries, connections }] = result.runs;
        assert.ok(slow && flow && deliveries, ended.stdout);
        // A tenth of the 18 bulk clients, rounded.
        assert.equal(slow.slots, 2);
        assert.equal(slow.kept + slow.back + slow.away, 2);
        assert.equal(slow.back, 2, 'they come back once they read on');
        assert.equal(slow.expected, 2 * 200);
        assert.equal(slow.received + slow.lost, slow.expected);
        assert.deepEqual([deliveries.expected, deliveries.lost], [18 * 200, 0]);
        assert.equal(deliveries.received, deliveries.expected);
        // On a busy machine others may be refused as well: then they resume, and lose nothing.
        assert.ok(connections.dropped >= 2);
        assert.equal(flow.limitMessages, 16);
        assert.ok(flow.peakConnectionMessages > 16, 'the mark was reached');
        const page = await readFile(join(run.out, 'report.html'), 'utf8');
        assert.match(page, /What became of the slow clients\?/);
        assert.match(page, /What did flow control do\?/);
        assert.match(ended.stdout, /2 slow clients \(10 %\) read 100 B\/s at most/);
      }));
  }

  test('the scenario runs without slow clients and with some, and says what they cost the others', () =>
    withFolder(async (folder) => {
      const run = startRun(folder, [...SLOW, '--stage', 'ws', '--slow-rate', '100']);
      const ended = await run.ended;
      const result = await run.result();
      assertMeasured(ended, result);
      assert.deepEqual(
        result.runs.map(({ sweep, slow }) => [sweep?.value, slow?.slots ?? 0]),
        [
          [0, 0],
          [0.05, 1],
        ],
      );
      assert.match(ended.stdout.replaceAll('\n', ' '), /With 5 % slow readers the p99 of the others on ws/);
      assert.ok(existsSync(join(run.out, 'charts', 'sweep-memory.svg')));
    }));

  test('slow readers of a stage that is polled are refused', () =>
    withFolder(async (folder) => {
      const { code, stderr } = await startRun(folder, [...SLOW, '--stage', 'poll', '--slow', '0.1']).ended;
      assert.equal(code, 2);
      assert.match(stderr, /a poll is answered, not streamed to/);
    }));
});

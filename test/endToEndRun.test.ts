import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { SSE_STAGE } from '../servers/sse/stage.ts';
import { assertMeasured, SHORT, startRun, withFolder } from './endToEndBench.ts';
import { openPage } from './endToEndPage.ts';
import { assertValidResult } from './endToEndSchema.ts';
import { requireService } from './requireService.ts';

const browserService = requireService('chromium');

test(
  'the smoke scenario: an exact ledger, a valid result, a report that opens from disk',
  browserService,
  () =>
    withFolder(async (folder) => {
      const run = startRun(folder, ['--stage', 'sse', '--scenario', 'smoke', '--profile', 'cpu']);
      const ended = await run.ended;
      const result = await run.result();
      assertMeasured(ended, result);
      await assertValidResult(run.out);
      const { connections, deliveries, publish, profiles, probe } = result.runs[0];
      assert.equal(connections.established, 500);
      assert.equal(publish?.sent, 600);
      assert.deepEqual(
        [deliveries?.expected, deliveries?.received, deliveries?.lost, deliveries?.duplicated],
        [30_000, 30_000, 0, 0],
      );
      assert.equal(profiles.length, 1);
      assert.ok(probe !== null);
      const { title, faults } = await openPage(browserService.path ?? '', join(run.out, 'report.html'));
      assert.match(title, /50 of 500 clients per message/);
      assert.deepEqual(faults, []);
    }),
);

const VARIANTS = SSE_STAGE.variants.map(({ name }) => name);

describe('run', { concurrency: 4 }, () => {
  for (const [encoding, variants] of [
    ...VARIANTS.map((variant) => ['json', [variant]] as const),
    ['text', ['shared', 'raw']],
    ['protobuf', ['shared']],
    ['protobuf', ['raw']],
  ] as const) {
    test(`nothing is lost and nothing repeated: ${encoding} from ${variants.join(', ')}`, () =>
      withFolder(async (folder) => {
        const stages = variants.map((variant) => `sse:${variant}`).join(',');
        const run = startRun(folder, [...SHORT, '--warmup', '0s', '--stage', stages, '--encoding', encoding]);
        const ended = await run.ended;
        const result = await run.result();
        assertMeasured(ended, result);
        assert.deepEqual(
          result.runs.map(({ variant, deliveries }) => [
            variant,
            deliveries?.expected,
            deliveries?.lost,
            deliveries?.duplicated,
            deliveries?.reordered,
          ]),
          variants.map((variant) => [variant, 800, 0, 0, 0]),
        );
      }));
  }

  for (const variant of ['shared', 'raw']) {
    test(`connections that are replaced miss nothing and see nothing twice, ${variant}`, () =>
      withFolder(async (folder) => {
        const churn = ['--churn', '40', '--duration', '3s', '--stage', `sse:${variant}`];
        const run = startRun(folder, [...SHORT, ...churn]);
        const ended = await run.ended;
        const result = await run.result();
        assertMeasured(ended, result);
        const { connections, deliveries } = result.runs[0];
        assert.ok(connections.churned > 40, `${connections.churned} replaced`);
        assert.deepEqual(
          [deliveries?.expected, deliveries?.lost, deliveries?.duplicated, connections.gaps],
          [2_400, 0, 0, 0],
        );
      }));
  }
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { SSE_STAGE } from '../servers/sse/stage.ts';
import { assertMeasured, ROOT, SHORT, startRun, withFolder } from './endToEndBench.ts';
import { assertValidResult } from './endToEndSchema.ts';
import { requireService } from './requireService.ts';

const browserService = requireService('chromium');
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
const OFFLINE = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Opens a page from disk; what it complains of and what it fetches. */
async function openPage(executablePath: string, path: string): Promise<{ title: string; faults: string[] }> {
  const browser = await chromium.launch({ executablePath, args: ['--headless', ...QUIET, ...OFFLINE] });
  try {
    const page = await browser.newPage();
    const url = pathToFileURL(path).href;
    const faults: string[] = [];
    page.on('console', (message) => faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('request', (request) => {
      if (request.url() !== url && !request.url().startsWith('data:')) faults.push(request.url());
    });
    await page.goto(url, { waitUntil: 'networkidle' });
    return { title: (await page.textContent('h1')) ?? '', faults };
  } finally {
    await browser.close();
  }
}

test(
  'the smoke scenario: an exact ledger, a valid result, a report that opens from disk',
  browserService,
  () =>
    withFolder(async (folder) => {
      const config = ['--config', join(ROOT, 'bench.config.ts')];
      const run = startRun(folder, [...config, '--stage', 'sse', '--scenario', 'smoke', '--profile', 'cpu']);
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

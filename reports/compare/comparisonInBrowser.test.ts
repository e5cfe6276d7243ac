import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type ReportBrowser, reportBrowser, skipWithoutBrowser as skip } from '../testing/reportBrowser.ts';
import { comparisonResult, sweepRuns } from '../testing/sampleComparison.ts';
import { busyCpuProfile } from '../testing/sampleProfile.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { securityResult } from '../testing/sampleSecurity.ts';
import { writeReport } from '../writeReport.ts';

let directory = '';
let browser: ReportBrowser | null = null;
const urls = { compared: '', swept: '', secured: '' };

before(async () => {
  if (skip) return;
  directory = await mkdtemp(join(tmpdir(), 'pushbench-comparison-'));
  await mkdir(join(directory, 'compared', 'profiles'), { recursive: true });
  for (const stage of ['poll', 'sse', 'ws', 'ws-cluster', 'grpc']) {
    const path = join(directory, 'compared', 'profiles', `${stage}.cpuprofile`);
    await writeFile(path, JSON.stringify(busyCpuProfile()));
  }
  const compared = await writeReport(comparisonResult(), join(directory, 'compared'));
  const swept = await writeReport(sampleResult({ runs: sweepRuns() }), join(directory, 'swept'));
  urls.compared = pathToFileURL(compared.html).href;
  const secured = await writeReport(securityResult(), join(directory, 'secured'));
  urls.swept = pathToFileURL(swept.html).href;
  urls.secured = pathToFileURL(secured.html).href;
  browser = await reportBrowser();
});

after(async () => {
  await browser?.close();
  if (directory) await rm(directory, { recursive: true, force: true });
});

test('the pages open from disk in light and dark: nothing complains, nothing is fetched, nothing overflows', {
  skip,
}, async () => {
  for (const url of Object.values(urls)) {
    for (const scheme of ['light', 'dark'] as const) {
      await browser?.withPage(url, scheme, async (page) => {
        assert.match((await page.textContent('h1')) ?? '', /ws:prepared|mutual TLS/);
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        assert.equal(overflow, 0);
      });
    }
  }
});

test('no label of a chart leaves the page', { skip }, async () => {
  for (const url of [urls.compared, urls.secured]) await assertInside(url);
});

async function assertInside(url: string): Promise<void> {
  await browser?.withPage(url, 'light', async (page) => {
    const outside = await page.evaluate(`[...document.querySelectorAll('figure.chart svg text')]
      .filter((text) => { const box = text.getBoundingClientRect(); return box.width > 0 && (box.left < 0 || box.right > innerWidth); })
      .map((text) => text.textContent)`);
    assert.deepEqual(outside, []);
  });
}

test('each of the flame graphs side by side zooms by itself', { skip }, async () => {
  await browser?.withPage(urls.compared, 'light', async (page) => {
    const widths = () =>
      page
        .locator('.flame g[data-n="publish"] rect')
        .evaluateAll((rects) => rects.map((rect) => Math.round(Number(rect.getAttribute('width')))));
    const before = await widths();
    await page.locator('.flame g[data-n="publish"]').nth(1).click();
    const zoomed = await widths();
    assert.ok((zoomed[1] ?? 0) > (before[1] ?? 0));
    assert.deepEqual(zoomed.toSpliced(1, 1), before.toSpliced(1, 1));
  });
});

test('a bar shows its exact value under the pointer', { skip }, async () => {
  await browser?.withPage(urls.compared, 'dark', async (page) => {
    const bar = page
      .locator('figure[aria-label^="Server and kernel memory"] [aria-roledescription="bar"]')
      .first();
    await bar.scrollIntoViewIfNeeded();
    const box = await bar.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    assert.match((await page.textContent('.tip')) ?? '', /^poll:conditional: 23\.4/);
  });
});

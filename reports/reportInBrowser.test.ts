import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { type ReportBrowser, reportBrowser, skipWithoutBrowser as skip } from './testing/reportBrowser.ts';
import { busyCpuProfile, sampleProfile } from './testing/sampleProfile.ts';
import { sampleResult } from './testing/sampleResult.ts';
import { suspectRun } from './testing/sampleRun.ts';
import { writeReport } from './writeReport.ts';

let directory = '';
let url = '';
let browser: ReportBrowser | null = null;

before(async () => {
  if (skip) return;
  directory = await mkdtemp(join(tmpdir(), 'pushbench-browser-'));
  await mkdir(join(directory, 'profiles'));
  await writeFile(join(directory, 'profiles', 'server.cpuprofile'), JSON.stringify(busyCpuProfile()));
  const result = sampleResult({ runs: [suspectRun({ profiles: [sampleProfile()] })] });
  url = pathToFileURL((await writeReport(result, directory)).html).href;
  browser = await reportBrowser();
});

after(async () => {
  await browser?.close();
  if (directory) await rm(directory, { recursive: true, force: true });
});

async function withPage(scheme: 'light' | 'dark', use: (page: Page) => Promise<void>): Promise<void> {
  assert.ok(browser);
  await browser.withPage(url, scheme, use);
}

test('the page opens from disk in light and dark: nothing complains, nothing is fetched, nothing overflows', {
  skip,
}, async () => {
  for (const scheme of ['light', 'dark'] as const) {
    await withPage(scheme, async (page) => {
      assert.match((await page.textContent('h1')) ?? '', /50 of 5.000 clients per message/);
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      assert.equal(overflow, 0);
    });
  }
});

test('the flame graph zooms by click, walks by keys, finds and resets', { skip }, async () => {
  await withPage('light', async (page) => {
    const frame = page.locator('.flame g[data-n="publish"]').first();
    const widthOf = async () => Math.round(Number(await frame.locator('rect').getAttribute('width')));
    const before = await widthOf();
    await frame.click();
    const zoomed = await widthOf();
    assert.ok(zoomed > before && zoomed >= 990, `${before} became ${zoomed}`);
    await page.keyboard.press('ArrowDown');
    assert.match((await page.textContent('.flame-detail')) ?? '', /^writeUtf8String/, 'the widest callee');
    await page.keyboard.press('Escape');
    assert.equal(await widthOf(), before);
    await page.fill('.flame input', 'encodeEvent');
    assert.equal(await page.locator('.flame g:not(.dim)').count(), 1);
    await page.locator('.flame g[data-n="publish"]').first().click();
    await page.click('.flame button');
    assert.equal(await widthOf(), before);
    assert.equal(await page.locator('.flame g.dim').count(), 0);
  });
});

test('a mark shows its exact value under the pointer', { skip }, async () => {
  await withPage('dark', async (page) => {
    const chart = page.locator('figure.chart svg').first();
    await chart.scrollIntoViewIfNeeded();
    const box = await chart.boundingBox();
    assert.ok(box);
    for (let y = 0.2; y < 0.9 && (await page.locator('.tip').isHidden()); y += 0.03) {
      await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * y);
    }
    assert.match((await page.textContent('.tip')) ?? '', /sse:shared: p\d+/);
  });
});

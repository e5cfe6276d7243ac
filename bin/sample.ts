// Writes docs/sample/ again: the report and the decision record of its result, and a picture of the first screens for the README.
//   node bin/sample.ts [RESULT_DIR]     with a folder, its result and profiles become those of the sample
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { makeSample, readProfile, SAMPLE } from './sampleFiles.ts';

const HEIGHT = 2_600;

async function take(from: string): Promise<void> {
  await cp(join(from, 'result.json'), join(SAMPLE, 'result.json'));
  await rm(join(SAMPLE, 'profiles'), { recursive: true, force: true });
  await mkdir(join(SAMPLE, 'profiles'), { recursive: true });
  for (const name of await readdir(join(from, 'profiles')))
    await writeFile(join(SAMPLE, 'profiles', name), await readProfile(join(from, 'profiles', name)));
}

async function photograph(report: string): Promise<void> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
    ],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1_100, height: HEIGHT }, colorScheme: 'light' });
    await page.goto(pathToFileURL(report).href);
    await page.screenshot({ path: join(SAMPLE, 'report.png') });
  } finally {
    await browser.close();
  }
}

const [given] = process.argv.slice(2);
if (given !== undefined) await take(resolve(given));
const folder = await mkdtemp(join(tmpdir(), 'pushbench-sample-'));
try {
  const made = await makeSample(folder);
  // A chart that is no longer made must not stay.
  await rm(join(SAMPLE, 'adr'), { recursive: true, force: true });
  for (const path of made) await cp(join(folder, path), join(SAMPLE, path));
} finally {
  await rm(folder, { recursive: true, force: true });
}
await photograph(join(SAMPLE, 'report.html'));

// Writes docs/sample/ from a result folder: the report as it is, and a picture of its first screens for the README.
//   node bin/sample.ts [bench-results/latest]
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sample = join(root, 'docs', 'sample');
const report = resolve(process.argv[2] ?? join(root, 'bench-results', 'latest'), 'report.html');
const HEIGHT = 2_600;

await mkdir(sample, { recursive: true });
await copyFile(report, join(sample, 'report.html'));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1_100, height: HEIGHT }, colorScheme: 'light' });
  await page.goto(pathToFileURL(report).href);
  await page.screenshot({ path: join(sample, 'report.png') });
} finally {
  await browser.close();
}

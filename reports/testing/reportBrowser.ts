import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chromium, type Page } from 'playwright-core';

const CANDIDATES = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const executablePath = CANDIDATES.find((path) => path !== '' && existsSync(path));

/** Why browser tests are skipped; false where there is a browser. */
export const skipWithoutBrowser = executablePath
  ? false
  : 'no Chromium on this machine (CHROMIUM_PATH names one)';

export interface ReportBrowser {
  /** Opens a report, and fails where its page complains or asks the network for anything. */
  withPage(url: string, scheme: 'light' | 'dark', use: (page: Page) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** A headless Chromium that looks at reports. */
export async function reportBrowser(): Promise<ReportBrowser> {
  assert.ok(executablePath);
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    async withPage(url, scheme, use) {
      const page = await browser.newPage({ colorScheme: scheme, viewport: { width: 1100, height: 900 } });
      const complaints: string[] = [];
      const requests: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => requests.push(request.url()));
      try {
        await page.goto(url);
        await use(page);
        assert.deepEqual(complaints, []);
        const fetched = requests.filter((address) => address !== url && !address.startsWith('data:'));
        assert.deepEqual(fetched, []);
      } finally {
        await page.close();
      }
    },
    close: () => browser.close(),
  };
}

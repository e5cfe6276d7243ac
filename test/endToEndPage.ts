import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
const OFFLINE = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Opens a page from disk; what it complains of and what it fetches. */
export async function openPage(
  executablePath: string,
  path: string,
): Promise<{ title: string; faults: string[] }> {
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

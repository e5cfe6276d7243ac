import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { UsageError } from '../contract/errors.ts';
import { PLAIN_TARGET } from '../test/plainTarget.ts';
import { checkDriver } from './checkDriver.ts';

const CONNECT = 'connect: async () => ({ close() {} })';
const PUBLISHER = 'publisher: async () => ({ async publish() {}, close() {} })';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pushbench-driver-'));
});
after(() => rm(folder, { recursive: true }));

let count = 0;

/** What is said of a module of this text; null: nothing is against it. */
async function saidOf(
  text: string,
  publishes: boolean,
  publishUrl: string | null = null,
): Promise<string | null> {
  const driver = join(folder, `${count++}.mjs`);
  await writeFile(driver, text);
  return said({ ...PLAIN_TARGET, protocol: 'custom', driver, publishUrl }, publishes);
}

async function said(target: typeof PLAIN_TARGET, publishes: boolean): Promise<string | null> {
  try {
    await checkDriver(target, publishes);
    return null;
  } catch (error) {
    assert.ok(error instanceof UsageError);
    assert.equal(error.exitCode, 2);
    return `${error.message} ${error.hint}`;
  }
}

describe('the module of a driver, before any load', () => {
  it('is not asked for where there is none', async () => {
    assert.equal(await said(PLAIN_TARGET, true), null);
  });

  for (const [what, text, pattern] of [
    ['no default export', 'export const connect = 1;', /default export/],
    ['no connect', 'export default { publisher() {} };', /a function `connect`/],
    ['a publisher that is no function', `export default { ${CONNECT}, publisher: 1 };`, /`publisher`/],
    ['a fault of its own', 'export default null.x;', /can be loaded: Cannot read/],
    ['a package that is not there', "import 'no-such-package'; export default {};", /no-such-package/],
    ['nobody who publishes', `export default { ${CONNECT} };`, /publisher.*--publish-url.*--rate 0/s],
  ] as const) {
    it(`is refused where it has ${what}`, async () => {
      assert.match((await saidOf(text, true)) ?? '', pattern);
    });
  }

  it('is refused where there is no such file', async () => {
    assert.match((await said({ ...PLAIN_TARGET, driver: '/nowhere/driver.ts' }, true)) ?? '', /no such file/);
  });

  it('is taken where somebody publishes, or nothing is published', async () => {
    assert.equal(await saidOf(`export default { ${CONNECT}, ${PUBLISHER} };`, true), null);
    assert.equal(await saidOf(`export default { ${CONNECT} };`, true, 'http://127.0.0.1:1/publish'), null);
    assert.equal(await saidOf(`export default { ${CONNECT} };`, false), null);
  });
});

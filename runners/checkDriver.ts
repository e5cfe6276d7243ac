import type { TargetSettings } from '../contract/config.ts';
import { UsageError } from '../contract/errors.ts';
import { loadCustomDriver } from './drivers/custom/loadCustomDriver.ts';

/**
 * Loads the module of a driver of the user's own before any load, and before a server of theirs is started.
 * @param publishes whether messages are to be published
 * @throws UsageError where it is no driver, or nothing would publish
 */
export async function checkDriver({ driver, publishUrl }: TargetSettings, publishes: boolean): Promise<void> {
  if (driver === null) return;
  const { publisher } = await loadCustomDriver(driver);
  if (publisher !== undefined || publishUrl !== null || !publishes) return;
  const expected = 'a function `publisher` in its default export, since no --publish-url is given';
  const hint =
    'Add one, or give --publish-url URL; --rate 0 publishes nothing and measures connections only.';
  throw new UsageError([{ key: '--driver', value: driver, expected }], hint);
}

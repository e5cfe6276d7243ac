import { BenchError, EXIT } from '../../../contract/errors.ts';
import type { DriverOptions, LoadDriver, PollingOptions } from '../../../contract/loadDriver.ts';
import { initHistograms } from '../../recorders/histograms.ts';
import { PollDriver } from './pollDriver.ts';
import { TcpPolls } from './tcpPolls.ts';

/** The lean driver of polling, see `PollDriver` and `TcpPolls`. */
export async function createLeanPolls(options: DriverOptions): Promise<LoadDriver> {
  const polling = pollingOf(options);
  await initHistograms();
  return new PollDriver('lean', options, polling, (parts) => new TcpPolls(parts));
}

/** @throws BenchError where the options say nothing of polling. */
export function pollingOf({ polling }: DriverOptions): PollingOptions {
  if (polling !== null) return polling;
  throw new BenchError('a driver that polls was made without polling options', {
    exitCode: EXIT.internal,
    hint: 'The plan takes them from the capabilities of the stage, or from the target.',
  });
}

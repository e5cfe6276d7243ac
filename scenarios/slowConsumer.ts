import type { Scenario } from '../contract/config.ts';
import { DEFAULT_WORKLOAD } from './defaults.ts';

/**
 * The same load without slow clients and with some that read next to nothing. The kernel takes about 4 MB for a client that
 * does not read before the server holds anything itself: so each client gets 0.5 MB/s, and those who do not read reach the
 * limit of 1,024 messages in about 10 s. In the 25 s of warm-up and window the limits up to 8,192 are reached, too.
 */
export const slowConsumer: Scenario = {
  ...DEFAULT_WORKLOAD,
  name: 'slow-consumer',
  summary:
    '40 connections in one room, 500 publishes/s of 1 KiB, without slow readers and with 5 % of them: memory, the others, each slow one',
  procedure: 'load',
  connections: 40,
  rooms: 1,
  ratePerSecond: 500,
  payloadBytes: 1_024,
  memoryLevels: 0,
  probes: 4,
  profile: 'none',
  slowShare: 0.05,
  flowMessages: 1_024,
  sweep: { key: 'slowShare', values: [0, 0.05] },
};

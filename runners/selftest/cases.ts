import { clocks } from './cases/clocks.ts';
import { cpuPerDelivery } from './cases/cpuPerDelivery.ts';
import { eventLoopDelay } from './cases/eventLoopDelay.ts';
import { frozenPublisher, frozenWorker } from './cases/frozenGenerator.ts';
import { frozenServer } from './cases/frozenServer.ts';
import { generatorCeiling } from './cases/generatorCeiling.ts';
import { ledger } from './cases/ledger.ts';
import { link, linkJitter } from './cases/link.ts';
import { memorySlope } from './cases/memorySlope.ts';
import { ordinaryRun } from './cases/ordinaryRun.ts';
import { pollInterval } from './cases/pollInterval.ts';
import { probeAgreement } from './cases/probeAgreement.ts';
import { recorder } from './cases/recorder.ts';
import { slowServer } from './cases/slowServer.ts';
import { steadyState } from './cases/steadyState.ts';
import type { SelftestCase } from './selftestCase.ts';

/** Everything that `bench selftest` puts to the test, in the order of the table. */
export const SELFTEST_CASES: readonly SelftestCase[] = [
  recorder,
  steadyState,
  clocks,
  ordinaryRun,
  frozenServer,
  frozenWorker,
  frozenPublisher,
  slowServer,
  pollInterval,
  link,
  linkJitter,
  probeAgreement,
  ledger,
  memorySlope,
  cpuPerDelivery,
  eventLoopDelay,
  generatorCeiling,
];

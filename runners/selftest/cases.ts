import { clocks } from './cases/clocks.ts';
import { probeAgreement } from './cases/probeAgreement.ts';
import { recorder } from './cases/recorder.ts';
import type { SelftestCase } from './selftestCase.ts';

/** Everything that `bench selftest` puts to the test, in the order of the table. */
export const SELFTEST_CASES: readonly SelftestCase[] = [recorder, clocks, probeAgreement];

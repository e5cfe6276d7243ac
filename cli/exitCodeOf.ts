import { EXIT, type ExitCode } from '../contract/errors.ts';
import type { RunResult } from '../contract/result.ts';
import { judgeThresholds } from '../reports/thresholds/judgeThresholds.ts';
import { thresholdsOf } from '../reports/thresholds/thresholdsOf.ts';
import { systemFaultOf } from './systemFault.ts';

/**
 * What a finished run says to the shell that started it. An INVALID run says nothing of the server, so its
 * thresholds decide nothing: 3 comes before 4.
 */
export function exitCodeOf(result: RunResult, interrupted: boolean): ExitCode {
  if (interrupted) return EXIT.interrupted;
  if (result.runs.some((run) => systemFaultOf(run) !== null)) return EXIT.systemUnderTest;
  if (result.validity.verdict === 'INVALID') return EXIT.invalid;
  if (result.status !== 'complete') return EXIT.internal;
  const thresholds = judgeThresholds(thresholdsOf(result), result.runs);
  return thresholds.every(({ passed }) => passed) ? EXIT.ok : EXIT.thresholdFailed;
}

import { EXIT, type ExitCode } from '../contract/errors.ts';
import type { RunResult } from '../contract/result.ts';
import { systemFaultOf } from './systemFault.ts';

/** What a finished run says to the shell that started it. */
export function exitCodeOf(result: RunResult, interrupted: boolean): ExitCode {
  if (interrupted) return EXIT.interrupted;
  if (result.runs.some((run) => systemFaultOf(run) !== null)) return EXIT.systemUnderTest;
  if (result.validity.verdict === 'INVALID') return EXIT.invalid;
  return result.status === 'complete' ? EXIT.ok : EXIT.internal;
}

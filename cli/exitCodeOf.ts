import { EXIT, type ExitCode } from '../contract/errors.ts';
import type { RunResult } from '../contract/result.ts';

const SYSTEM_UNDER_TEST = 'system under test';

/** What a finished run says to the shell that started it. */
export function exitCodeOf(result: RunResult, interrupted: boolean): ExitCode {
  if (interrupted) return EXIT.interrupted;
  if (result.runs.some(systemFailed)) return EXIT.systemUnderTest;
  if (result.validity.verdict === 'INVALID') return EXIT.invalid;
  return result.status === 'complete' ? EXIT.ok : EXIT.internal;
}

function systemFailed(run: RunResult['runs'][number]): boolean {
  if (run.abortReason?.startsWith(SYSTEM_UNDER_TEST)) return true;
  // Never attempted is the generator's fault, not the server's.
  const { requested, established, failed, unsent } = run.connections;
  return requested > 0 && established === 0 && failed > 0 && unsent < requested;
}

import { EXIT, type ExitCode } from '../../contract/errors.ts';
import type { GateResult } from '../../contract/gate.ts';
import type { GateTurn } from '../../runners/gate/blockOrder.ts';

/** What a gate says to the shell that started it, besides its outcome. */
export interface GateEnd {
  readonly interrupted: boolean;
  /** Whose server failed while it was measured; null: nobody's. */
  readonly failed: GateTurn | null;
  readonly failsInconclusive: boolean;
}

/** Of a base that fails nothing is learnt; of a head that does, everything that a gate is there for. */
export function gateExitCode(
  gate: GateResult,
  { interrupted, failed, failsInconclusive }: GateEnd,
): ExitCode {
  if (interrupted) return EXIT.interrupted;
  if (failed === 'base') return EXIT.systemUnderTest;
  if (failed === 'head') return EXIT.thresholdFailed;
  if (gate.verdict === 'FAIL' || gate.thresholds.some(({ passed }) => !passed)) return EXIT.thresholdFailed;
  if (gate.verdict === 'PASS') return EXIT.ok;
  // Where a run is INVALID for some figures only, the others may have told enough: then it did not come here.
  const runs = [...gate.base.validity, ...gate.head.validity];
  if (runs.length > 0 && runs.every((verdict) => verdict === 'INVALID')) return EXIT.invalid;
  return failsInconclusive ? EXIT.inconclusive : EXIT.ok;
}

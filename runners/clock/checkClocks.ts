import { nowUs } from '../../contract/clock.ts';
import { BenchError, EXIT } from '../../contract/errors.ts';
import { milliseconds } from '../milliseconds.ts';
import { type OffsetBounds, sandwich } from './sandwich.ts';

/** A process whose clock can be asked for. */
export interface ClockedRole {
  readonly role: string;
  readonly index: number;
  readonly pid: number;
  request(type: 'clock', body: null): Promise<number>;
}

/** What was shown of the clocks of some processes. */
export interface ClockAgreement {
  /** Processes that were compared with this one. */
  readonly processes: number;
  /** Furthest that any of their clocks can be from this one's, microseconds. */
  readonly uncertaintyUs: number;
}

/** Round trips of 0.1 ms: about 1 ms for each process. On a busy machine more are made, until one of them is quick. */
const ROUNDS = { rounds: 8, maxRounds: 40, tightUs: 200, budgetUs: 50_000 };
/** Each process finds the constant between its two clocks by readings a fraction of a microsecond apart. */
const ROUNDING_US = 1;

/** A process stamps by another clock than this one does: no latency between the two would mean anything. */
export class ClocksDiffer extends BenchError {
  constructor({ role, index, pid }: ClockedRole, { lowUs, highUs }: OffsetBounds) {
    const offUs = (lowUs + highUs) / 2;
    const side = offUs > 0 ? 'ahead of' : 'behind';
    super(
      `The clock of ${role} ${index} (process ${pid}) is ${milliseconds(Math.abs(offUs))} ${side} the coordinator's: latencies between the two would be wrong by that.`,
      {
        exitCode: EXIT.invalid,
        hint: 'All processes of a run must share one monotonic clock: run them on one host, in one time namespace, and without a preload (NODE_OPTIONS, LD_PRELOAD) that changes the time.',
      },
    );
    this.name = 'ClocksDiffer';
  }
}

/**
 * Compares the clock of each process with the own one, one after the other so that they do not delay each other's answers.
 * @throws ClocksDiffer where the two cannot be the same
 */
export async function checkClocks(roles: readonly ClockedRole[]): Promise<ClockAgreement> {
  let uncertaintyUs = 0;
  for (const role of roles) {
    const bounds = await sandwich(() => role.request('clock', null), ROUNDS, nowUs);
    if (bounds.lowUs > ROUNDING_US || bounds.highUs < -ROUNDING_US) throw new ClocksDiffer(role, bounds);
    uncertaintyUs = Math.max(uncertaintyUs, -bounds.lowUs, bounds.highUs);
  }
  return { processes: roles.length, uncertaintyUs };
}

/** What two checks of the same processes show together: the looser one holds for the whole time between them. */
export function looserOf(a: ClockAgreement | null, b: ClockAgreement): ClockAgreement {
  if (a === null) return b;
  return {
    processes: Math.max(a.processes, b.processes),
    uncertaintyUs: Math.max(a.uncertaintyUs, b.uncertaintyUs),
  };
}

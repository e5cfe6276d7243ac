import type { PhaseSpec } from '../../contract/schedule.ts';
import type { WorkerPhaseReport } from '../../contract/workerControl.ts';
import { type Slices, sumRows, totalOf } from '../../reports/statistics/slices.ts';
import { createSchedule } from '../../scenarios/pacing.ts';

/** A phase and what its workers received and lost. */
export interface ReportedPhase {
  readonly spec: PhaseSpec;
  readonly workers: readonly Pick<WorkerPhaseReport, 'expected' | 'lost'>[];
}

/** Deliveries that each row of the slices should hold, by the schedule. */
export function expectedByRow({ spec, workers }: ReportedPhase, rows: number): Float64Array {
  const perMessage = workers.reduce((total, report) => total + report.expected, 0) / spec.count;
  const schedule = createSchedule(spec);
  const expected = new Float64Array(rows);
  for (let i = 0; i < spec.count; i++) {
    const row = Math.floor((schedule.intendedUs(i) / spec.durationUs) * rows);
    expected[Math.min(rows - 1, row)] += perMessage;
  }
  return expected;
}

/**
 * Lost deliveries by the row in which they were due. Rooms of unequal size make what was due in a row a mean, so what is
 * missing there is brought to the number that was counted as lost in all.
 */
export function lostByRow(phase: ReportedPhase, slices: Slices): Float64Array {
  const lost = phase.workers.reduce((total, report) => total + report.lost, 0);
  if (lost <= 0) return new Float64Array(slices.rows);
  const expected = expectedByRow(phase, slices.rows);
  const missing = expected.map((due, row) => Math.max(0, due - totalOf(sumRows(slices, row, row + 1))));
  const shares = totalOf(missing) > 0 ? missing : expected;
  const scale = lost / totalOf(shares);
  return shares.map((share) => share * scale);
}

import { type PhaseSpec, streamOf } from '../../contract/schedule.ts';
import { createSchedule } from '../../scenarios/pacing.ts';

/** Messages of a phase by stream that are due at `fromUs` of the monotonic clock or later. */
export function messagesFrom(spec: PhaseSpec, fromUs: number): Map<number, number> {
  const pacer = createSchedule(spec);
  const due = new Map<number, number>();
  for (let number = 0; number < spec.count; number++) {
    if (Math.floor(spec.startUs + pacer.intendedUs(number)) < fromUs) continue;
    const stream = streamOf(spec.firstIndex + number, spec.streams);
    due.set(stream, (due.get(stream) ?? 0) + 1);
  }
  return due;
}

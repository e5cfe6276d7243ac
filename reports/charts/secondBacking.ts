import type { Run } from '../../contract/result.ts';
import { type Backing, backingNote, backingOf } from '../percentiles.ts';

/** Said below a chart whose p99 of each second has too few messages behind it; null where there are enough. */
export function secondNote(runs: readonly Pick<Run, 'timeline' | 'plan'>[]): string | null {
  return backingNote(
    'Not certain',
    runs.flatMap(({ timeline, plan: { fanOut } }) =>
      timeline.flatMap(({ p99, intended }): (Backing | null)[] =>
        p99 === null ? [] : [backingOf({ messages: Math.round(intended / Math.max(1, fanOut)) }, 'p99')],
      ),
    ),
  );
}

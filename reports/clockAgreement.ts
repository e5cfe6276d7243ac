import type { Run } from '../contract/result.ts';
import { formatUs } from './numbers.ts';

/** How far apart the clocks of the processes can have been, in words; null where no run tells it. */
export function clockAgreement(runs: readonly Pick<Run, 'clock'>[]): string | null {
  const told = runs.flatMap(({ clock }) => clock ?? []);
  if (told.length === 0) return null;
  const processes = Math.max(...told.map((clock) => clock.processes));
  const worst = Math.max(...told.map(({ uncertaintyUs }) => uncertaintyUs));
  return `The clocks of ${processes === 1 ? 'one process' : `${processes} processes`} were compared with the coordinator’s: none can be further than ${formatUs(worst)} away.`;
}

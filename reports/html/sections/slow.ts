import type { Run, SlowFigures } from '../../../contract/result.ts';
import { formatBytes, formatCount, formatUs, NOT_DEFINED } from '../../numbers.ts';
import { backingOf } from '../../percentiles.ts';
import { slowSentence } from '../../slowReaders.ts';
import { type Html, html } from '../escape.ts';
import { section } from '../figureSection.ts';
import { type RunFigure, runFigures } from '../runFigures.ts';
import type { ReportView } from '../view.ts';

/** A run in which nobody read slowly has nothing to tell of them. */
const NONE = '–';

const count = (label: string, of: (slow: SlowFigures) => number): RunFigure => ({
  label,
  definition: 'slow-readers',
  of: ({ slow }) => slow && of(slow),
  format: formatCount,
  missing: NONE,
});
const latency = (label: string, of: (run: Run) => number | null | undefined): RunFigure => ({
  label,
  definition: 'slow-readers',
  of,
  format: formatUs,
  unit: 'µs',
  missing: NOT_DEFINED,
  family: 'latency',
});
const memory = (label: string, of: RunFigure['of']): RunFigure => ({
  label,
  definition: 'memory-load',
  of,
  format: formatBytes,
  unit: 'bytes',
});

const FIGURES: readonly RunFigure[] = [
  count('slow clients', ({ slots }) => slots),
  count('never ended by the server', ({ kept }) => kept),
  count('ended by the server, and back', ({ back }) => back),
  count('ended by the server, and away', ({ away }) => away),
  count('of all these, told of a gap', ({ gapTold }) => gapTold),
  count('deliveries expected by them', ({ expected }) => expected),
  count('received by them', ({ received }) => received),
  count('lost to them', ({ lost }) => lost),
  {
    ...latency('delivery to them, median', ({ slow }) => slow?.delivery.p50),
    backing: ({ slow }) => slow && backingOf(slow.delivery, 'p50'),
    missing: NONE,
  },
  {
    ...latency('delivery to the others, p99', ({ latencyUs }) => latencyUs?.delivery.p99),
    backing: ({ latencyUs }) => latencyUs && backingOf(latencyUs.delivery, 'p99'),
  },
  memory('server RSS in the window, mean', ({ memory: { server } }) => server.meanRssBytes),
  memory('server RSS in the window, peak', ({ memory: { server } }) => server.peakRssBytes),
];

/**
 * What became of each client that read slowly on purpose, and what it cost the others.
 * @param note said first
 */
export function slowSection(view: ReportView, note: Html | null = null): Html | null {
  const slow = view.runs.filter(({ run }) => run.slow !== null);
  if (slow.length === 0) return null;
  // A run without slow clients that was made to be compared with stands beside them.
  const shown = view.runs.filter(({ run }) => run.slow !== null || run.sweep?.key === 'slowShare');
  const stories = slow.map(({ run, label }) => {
    const name = shown.length > 1 ? `${label}: ` : '';
    return html`<p>${name}${slowSentence(run) ?? 'no slow client was established'}.</p>`;
  });
  return section('What became of the slow clients?', [
    note,
    html`${stories}`,
    runFigures({ ...view, runs: shown }, FIGURES),
    html`<p class="quiet">Before a server holds anything for a client that does not read, the kernel does: about 4 MB for each connection on loopback, which no mark of the server sees. At the end of the window the slow clients read on at full speed, so that each comes to an end that can be told. Latency, lost deliveries and deliveries per second of the run are those of the others.</p>`,
  ]);
}

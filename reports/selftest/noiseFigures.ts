import type { NoiseRow, NoiseStudy } from '../../contract/selftest.ts';
import { formatShare, NOT_DEFINED } from '../numbers.ts';
import { gateNote } from './gateOfNoise.ts';
import { NOISE_METRICS } from './noiseMetrics.ts';

export const NOISE_HEAD = ['metric', 'mean', 'CV', 'lowest', 'highest', 'false alarms'] as const;

/** The cells of one metric, figures with their unit. */
export function noiseCells(row: NoiseRow): string[] {
  const metric = NOISE_METRICS.find(({ path }) => path === row.metric);
  const show = (value: number | null) =>
    value === null ? NOT_DEFINED : (metric?.format(value) ?? String(value));
  const { falseAlarms } = row;
  return [
    row.metric,
    show(row.mean),
    row.cv === null ? '-' : formatShare(row.cv),
    show(row.min),
    show(row.max),
    falseAlarms === null ? '-' : `${falseAlarms.alarms} of ${falseAlarms.comparisons}`,
  ];
}

/** What the columns are, and what the alarms may be at most. */
export function noiseNotes({ verdicts, runsPerSide, level, rows }: NoiseStudy): string[] {
  const compared = rows.flatMap(({ falseAlarms }) => falseAlarms ?? []);
  const comparisons = compared.reduce((sum, each) => sum + each.comparisons, 0);
  const alarms = compared.reduce((sum, each) => sum + each.alarms, 0);
  const words = [...new Set(verdicts)].map(
    (word) => `${verdicts.filter((one) => one === word).length} ${word}`,
  );
  return [
    `Verdicts of the runs: ${words.join(', ') || 'none'}. What was INVALID in a run is left out of its family.`,
    'CV: standard deviation over mean, between runs with processes of their own.',
    comparisons === 0
      ? `False alarms need ${2 * runsPerSide} runs that are not INVALID: ${runsPerSide} on each side.`
      : `False alarms: ${runsPerSide} runs in a row against the ${runsPerSide} after them, by the rule of \`bench compare\`; ${alarms} of ${comparisons} in all. ` +
        `By its own arithmetic the rule calls ${formatShare(level)} of equal pairs different; more than that means that runs drift over time. The comparisons of one study share runs, so they are few looks at the same thing.`,
    gateNote(rows),
  ];
}

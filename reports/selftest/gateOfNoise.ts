import type { NoiseRow } from '../../contract/selftest.ts';
import { blockDifference } from '../gate/differences.ts';
import { DEFAULT_TOLERANCES, gateMetric } from '../gate/gateMetrics.ts';
import { shiftOfDifferences } from '../gate/hodgesLehmann.ts';
import { heldAgainst, verdictOn } from '../gate/tolerance.ts';

/** What the rule of `bench gate` says of runs of one build, of one metric that decides by default. */
export interface GatesOfNoise {
  readonly gates: number;
  /** Of them, false alarms. */
  readonly fail: number;
  readonly inconclusive: number;
}

const RUNS_OF_BLOCK = 4;
const BLOCKS = 6;
/** The smallest gate that can tell anything. */
export const RUNS_OF_GATE = RUNS_OF_BLOCK * BLOCKS;

/**
 * Gates of six blocks of neighbouring runs, one beginning at each run, each block ABBA or BAAB in turn, at the default tolerance.
 * null where the metric does not decide by default, or nowhere are there enough runs in a row that can be used.
 */
export function gatesOfNoise({
  metric: path,
  values,
}: Pick<NoiseRow, 'metric' | 'values'>): GatesOfNoise | null {
  const metric = gateMetric(path);
  const tolerance = DEFAULT_TOLERANCES.get(path);
  if (metric === null || tolerance === undefined) return null;
  const starts = Array.from({ length: Math.max(0, values.length - RUNS_OF_GATE + 1) }, (_, start) => start);
  const verdicts = starts.flatMap((start) => {
    const blocks = Array.from({ length: BLOCKS }, (_, block) => {
      const at = start + block * RUNS_OF_BLOCK;
      return values.slice(at, at + RUNS_OF_BLOCK);
    }).filter((runs) => !runs.includes(null));
    const differences = blocks.map(([first, second, third, fourth], block) => {
      const [outer, inner] = [
        [first, fourth],
        [second, third],
      ];
      return block % 2 === 0 ? blockDifference(outer, inner, metric) : blockDifference(inner, outer, metric);
    });
    const shift = shiftOfDifferences(differences);
    return shift === null ? [] : [verdictOn(heldAgainst(shift, tolerance, metric))];
  });
  const count = (verdict: string) => verdicts.filter((one) => one === verdict).length;
  if (verdicts.length === 0) return null;
  return { gates: verdicts.length, fail: count('FAIL'), inconclusive: count('INCONCLUSIVE') };
}

/** What `noiseNotes` says of it. */
export function gateNote(rows: readonly NoiseRow[]): string {
  const told = rows.flatMap((row) => {
    const gates = gatesOfNoise(row);
    return gates === null ? [] : [{ path: row.metric, ...gates }];
  });
  const [first] = told;
  if (!first) {
    return `The rule of \`bench gate\` can be tried on ${RUNS_OF_GATE} runs in a row that are not INVALID, and more: ${BLOCKS} blocks of ${RUNS_OF_BLOCK}.`;
  }
  const parts = told.map(
    ({ path, gates, fail, inconclusive }) =>
      `${path} ${fail} FAIL and ${inconclusive} INCONCLUSIVE of ${gates}`,
  );
  return `False alarms of \`bench gate\`, in gates of ${BLOCKS} blocks of neighbouring runs, with the tolerances that it has by default: ${parts.join('; ')}. The gates of one study share runs.`;
}

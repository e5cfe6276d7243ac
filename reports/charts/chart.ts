import type { TopLevelSpec } from 'vega-lite';
import type { Run } from '../../contract/result.ts';
import { type Colour, stageColour } from '../palette.ts';
import { runLabels, serverLabel } from '../runLabel.ts';

/** A chart: its file name without ending, the question it belongs to, and its Vega-Lite specification with the data inside. */
export interface Chart {
  readonly name: string;
  /** For readers who cannot see it: what it shows, in one sentence. */
  readonly description: string;
  readonly spec: TopLevelSpec;
}

/** A run with the look that it has in every chart of a report. */
export interface StyledRun {
  readonly run: Run;
  readonly label: string;
  readonly colour: Colour;
  /** Stroke dash of its lines: variants of one stage share the colour. */
  readonly dash: readonly number[];
  /** Opacity of its marks: the later a variant on its stage's ladder, the stronger. */
  readonly opacity: number;
}

const DASHES: readonly (readonly number[])[] = [
  [1, 0],
  [6, 3],
  [2, 2],
  [9, 3, 2, 3],
  [12, 4],
];

/** Gives each run of a result its look. */
export function styleRuns(runs: readonly Run[]): StyledRun[] {
  const labels = runLabels(runs);
  return runs.map((run, i) => {
    const siblings = runs.filter((other) => other.stage === run.stage);
    const names = [...new Set(siblings.map(serverLabel))];
    const rank = names.indexOf(serverLabel(run));
    return {
      run,
      label: labels[i] ?? '',
      colour: stageColour(run.plan.target ? '' : run.stage),
      // The last variant is the solid one: it is the strongest step of the ladder.
      dash: DASHES[(names.length - 1 - rank) % DASHES.length] ?? [1, 0],
      opacity: names.length < 2 ? 1 : 0.6 + (0.4 * rank) / (names.length - 1),
    };
  });
}

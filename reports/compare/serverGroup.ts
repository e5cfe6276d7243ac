import type { Family, Run, RunResult, Verdict } from '../../contract/result.ts';
import { type StyledRun, styleRuns } from '../charts/chart.ts';
import { serverLabel } from '../runLabel.ts';
import { worstVerdict } from '../verdicts.ts';
import { isSearch } from './metric.ts';

/** One result among those compared. */
export interface Source {
  /** Told apart in labels; empty where there is only one. */
  readonly name: string;
  readonly result: RunResult;
}

/** All runs of one server at one load, with the look it has in every chart. */
export interface ServerGroup {
  readonly label: string;
  readonly stage: string;
  readonly source: number;
  readonly sweep: Run['sweep'];
  readonly runs: readonly Run[];
  /** The run that stands for the group where a chart or table can hold only one. */
  readonly look: StyledRun;
}

/** True where the runs are a comparison: more than one server, or one over several loads. The article's tables are reports of their own. */
export function isComparison(runs: readonly Run[]): boolean {
  if (runs.some(({ article, articlePoll, articleWs }) => article || articlePoll || articleWs)) return false;
  return new Set(runs.map(serverLabel)).size > 1 || runs.some(({ sweep }) => sweep !== null);
}

/** Groups runs by server, source and swept value, in the order in which each was first seen. */
export function groupRuns(sources: readonly Source[]): ServerGroup[] {
  const groups = new Map<string, { source: number; runs: Run[] }>();
  sources.forEach(({ result }, source) => {
    for (const run of result.runs) {
      const key = JSON.stringify([source, serverLabel(run), run.sweep]);
      const group = groups.get(key) ?? { source, runs: [] };
      group.runs.push(run);
      groups.set(key, group);
    }
  });
  return styled([...groups.values()], sources);
}

function styled(groups: readonly { source: number; runs: Run[] }[], sources: readonly Source[]) {
  const representatives = groups.flatMap(({ runs }) => representative(runs));
  const looks = styleRuns(representatives);
  return groups.flatMap(({ source, runs }, i): ServerGroup[] => {
    const look = looks[i];
    if (!look) return [];
    const name = sources[source]?.name ?? '';
    const label = `${serverLabel(look.run)}${name ? ` (${name})` : ''}`;
    return [
      {
        label,
        stage: look.run.stage,
        source,
        sweep: look.run.sweep,
        runs,
        look: { ...look, label, ...(name ? lookOfSource(source) : {}) },
      },
    ];
  });
}

/** The same server in several results keeps its colour: the newest is solid, the older ones are dashed and paler. */
function lookOfSource(source: number): Pick<StyledRun, 'dash' | 'opacity'> {
  const dashes = [
    [6, 3],
    [1, 0],
    [2, 2],
    [9, 3, 2, 3],
  ];
  return { dash: dashes[source % dashes.length] ?? [1, 0], opacity: source === 0 ? 0.6 : 1 };
}

/** A run with deliveries and without a search tells most: it was measured under the load that all share. */
function representative(runs: readonly Run[]): Run[] {
  const best = runs.find((run) => run.deliveries && !isSearch(run)) ?? runs[0];
  return best ? [best] : [];
}

/** Worst verdict of the group's runs on one family of figures. */
export function verdictOf(runs: readonly Run[], family: Family): Verdict {
  const reasons = runs.flatMap(({ validity }) => validity.reasons);
  return worstVerdict(
    reasons.filter(({ families }) => families.includes(family)).map(({ verdict }) => verdict),
  );
}

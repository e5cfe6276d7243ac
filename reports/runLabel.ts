import type { Run } from '../contract/result.ts';

/** What a run is called in every chart and table: `sse:shared`, or the address of a user's own server. */
export function serverLabel(run: Run): string {
  return run.plan.target ?? `${run.stage}:${run.variant}`;
}

/** Labels of the runs of one result, told apart by number where one server ran more than once. */
export function runLabels(runs: readonly Run[]): string[] {
  const names = runs.map(serverLabel);
  return names.map((name, i) => {
    const repeats = names.filter((other) => other === name).length;
    return repeats === 1
      ? name
      : `${name} #${names.slice(0, i + 1).filter((other) => other === name).length}`;
  });
}

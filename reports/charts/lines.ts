import type { StyledRun } from './chart.ts';

/** Scales that give the lines of a chart their run's colour, dash and strength, by the field `server`. */
export function runScales(runs: readonly StyledRun[]) {
  const domain = runs.map(({ label }) => label);
  return {
    color: {
      field: 'server',
      type: 'nominal' as const,
      scale: { domain, range: runs.map(({ colour }) => colour.light) },
      legend: null,
    },
    strokeDash: {
      field: 'server',
      type: 'nominal' as const,
      scale: { domain, range: runs.map(({ dash }) => [...dash]) },
      legend: null,
    },
    opacity: {
      field: 'server',
      type: 'ordinal' as const,
      scale: { domain, range: runs.map(({ opacity }) => opacity) },
      legend: null,
    },
  };
}

import { plainNumbers, significant } from '../numbers.ts';
import { fittedTable, printable, shorten } from '../textLayout.ts';
import type { Delta, DeltaPair } from './delta.ts';
import type { Figure } from './figures.ts';
import { FEWEST_RUNS } from './mannWhitney.ts';
import type { ServerGroup } from './serverGroup.ts';

/** Leaves room for two figures with their reach and the longest delta in 100 columns. */
const LABEL_WIDTH = 32;

/** Old, new and delta of each server in benchstat's manner, at most `width` columns wide. */
export function deltaText(pairs: readonly DeltaPair[], width: number): string {
  const tables = pairs.map((pair) => table(pair, width));
  if (tables.length === 0) return '';
  const few = pairs.some(({ deltas }) => deltas.some(({ outcome }) => outcome === 'tooFew'));
  const notes = [
    'Medians; counts: mean per run; ±: reach of the interval of the runs; ~: no difference (Mann-Whitney U, p >= 0.05).',
    ...(few ? [`n too small: ${FEWEST_RUNS} runs on each side decide, --runs ${FEWEST_RUNS}.`] : []),
  ];
  return [...tables, notes.join('\n')].join('\n\n');
}

function table({ old, new: newer, deltas }: DeltaPair, width: number): string {
  const rows = [
    ['', 'old', 'new', 'delta'],
    ...deltas.map((delta) => [
      shorten(delta.metric.short ?? delta.metric.label, LABEL_WIDTH),
      withSpread(delta.old),
      withSpread(delta.new),
      deltaCell(delta),
    ]),
  ];
  const names = [`old: ${nameOf(old)}`, `new: ${nameOf(newer)}`].map((name) => shorten(name, width));
  return [...names, fittedTable(rows, width)].join('\n');
}

function nameOf({ label, sweep }: ServerGroup): string {
  return printable(`${label}${sweep ? `, ${sweep.key} ${sweep.value}` : ''}`);
}

function withSpread({ metric, estimate: { value, interval } }: Figure): string {
  const text = plainNumbers(metric.format(value));
  if (!interval || value === 0 || !Number.isFinite(interval.high)) return text;
  const reach = Math.max(interval.high - value, value - interval.low) / Math.abs(value);
  return `${text} ± ${significant(reach * 100, 2)} %`;
}

/** `-14.8 % (p=0.008 n=5+5)`, `~ (p=0.69 n=5+5)`, `n too small (1+1)`. */
export function deltaCell({ old, new: newer, share, p, outcome }: Delta): string {
  const n = `${old.estimate.values.length}+${newer.estimate.values.length}`;
  if (outcome === 'tooFew') return `n too small (${n})`;
  const evidence = p === null ? `(n=${n})` : `(p=${p.toFixed(3)} n=${n})`;
  if (outcome === 'same') return `~ ${evidence}`;
  const change =
    share === null ? 'from 0' : `${share > 0 ? '+' : '-'}${(Math.abs(share) * 100).toFixed(1)} %`;
  return `${change} ${evidence}`;
}

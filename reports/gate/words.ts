import type { GateMetric, GateResult } from '../../contract/gate.ts';
import { formatCount, formatShare, significant } from '../numbers.ts';
import type { ComparedSides } from './compareSides.ts';

type Scaled = Pick<GateMetric, 'scale'>;
type Mode = GateResult['mode'];

/** A change with its sign: `+21 %`, `−0.3 %`, `+4`. Three digits of a share of nothing are noise: from a hundredth of a per cent on. */
export function signed(change: number, { scale }: Scaled): string {
  const text = size(change, { scale });
  return change > 0 && text !== size(0, { scale }) ? `+${text}` : text;
}

export function size(change: number, { scale }: Scaled): string {
  return scale === 'share' ? formatShare(Math.round(change * 1e4) / 1e4) : significant(change);
}

/** `+21 % (+19 % to +23 %)`; an end that no number stands for is left open. */
export function changeWithInterval(metric: Pick<GateMetric, 'scale' | 'effect' | 'low' | 'high'>): string {
  const { effect, low, high } = metric;
  const at = effect === null ? 'not defined' : signed(effect, metric);
  if (low === null && high === null) return at;
  if (low === null || high === null)
    return `${at} (${low === null ? 'up to' : 'from'} ${signed(low ?? high ?? 0, metric)}${low === null ? '' : ' on'})`;
  return `${at} (${signed(low, metric)} to ${signed(high, metric)})`;
}

/** `8 blocks`, `5 runs`. */
export function countOf(mode: Mode, count: number): string {
  const one = mode === 'blocks' ? 'block' : 'run';
  return `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`;
}

/** Why there is no interval: fewer blocks than one can be made of. */
export function tooFew(mode: Mode, { count, of }: Pick<ComparedSides, 'count' | 'of'>): string {
  const needed = mode === 'blocks' ? 6 : 4;
  const least = `an interval of 95 % needs ${countOf(mode, needed)}${mode === 'stored' ? ' on each side' : ''}`;
  if (count === of)
    return `${countOf(mode, of)}${mode === 'stored' ? ' on a side' : ''} were measured, and ${least}.`;
  return `Only ${formatCount(count)} of ${countOf(mode, of)} could be used, and ${least}: in the others the generator or the host was the limit, or a run has no such figure.`;
}

/** Runs of either side without a number, which rank as the worst there are; '' where there are none. */
export function undefinedRuns({ used }: ComparedSides): string {
  const count = (readings: readonly unknown[]) => readings.filter((one) => one === 'undefined').length;
  const [base, head] = [count(used.base), count(used.head)];
  if (base + head === 0) return '';
  return ` It is not defined in ${formatCount(base)} of ${formatCount(used.base.length)} runs of base and in ${formatCount(head)} of ${formatCount(used.head.length)} of head: that ranks as worse than any number.`;
}

/** Runs of either side at 0 or below, of which no share can be taken; '' where there are none, or counts are compared. */
export function withoutShare({ used }: ComparedSides, { scale }: Scaled): string {
  const count = [...used.base, ...used.head].filter((one) => typeof one === 'number' && one <= 0).length;
  if (count === 0 || scale === 'count') return '';
  return ` It is 0 or less in ${formatCount(count)} of ${formatCount(used.base.length + used.head.length)} runs, of which no share can be taken: those rank as less than any number.`;
}

const SETTINGS: readonly (readonly [RegExp, string])[] = [
  [
    /PerConnectionBytes$/,
    'a slope is taken over levels: --memory-levels 4, and the processes of the server must be known',
  ],
  [
    /^(latencyUs|deliveries|wire)\./,
    'messages must be published: a scenario with a rate, and of a server of your own its publish address',
  ],
  [
    /^publish\./,
    'messages must be published: a scenario with a rate, and of a server of your own its publish address',
  ],
  [
    /^(cpu|io|memory|gc|loop|handles)\.server|^memory\./,
    'the processes of the server must be known: `start` of the target, or --pid',
  ],
  [/^(cpu|io)\./, 'the processes of the server must be known, and messages must be published'],
  [/^(loop|gc|handles)\./, 'it is only seen inside a reference server'],
  [/^ceiling\./, 'it is searched by --scenario ceiling'],
  [/^fault\./, 'a scenario with a fault takes it, such as --scenario failover'],
];

/** Why a metric has no figure on one side or both, and what would give it one. */
export function notMeasured(path: string, { base, head }: Pick<ComparedSides, 'base' | 'head'>): string {
  const has = (readings: readonly unknown[]) => readings.some((one) => one !== null);
  const hint = SETTINGS.find(([pattern]) => pattern.test(path))?.[1];
  const needs = hint ? `: ${hint}` : '';
  if (!has(base) && !has(head)) return `Not measured on either side${needs}.`;
  return `Measured on ${has(base) ? 'base' : 'head'} only, so there is nothing to hold it against${needs}.`;
}

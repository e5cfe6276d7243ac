import { monthsUntil, netAtHorizon } from './breakEven.ts';
import type { Prices } from './decision.ts';
import { demandOf } from './demand.ts';
import type { Measured } from './measured.ts';
import { monthlyCostOf } from './monthlyCost.ts';
import type { Option } from './option.ts';
import type { Quantity } from './range.ts';
import type { Sourced, Traffic } from './traffic.ts';

/** Each assumption is halved and doubled by itself. */
export const FACTORS = { low: 0.5, high: 2 } as const;

/** A change-over under one assumption that is changed. */
export interface Sensitivity {
  readonly what: string;
  readonly halved: Consequence;
  readonly doubled: Consequence;
}

export interface Consequence {
  readonly savingPerMonth: number;
  /** Infinite: never. */
  readonly months: number;
  /** Savings less effort at the horizon. */
  readonly net: number;
}

/** What a change-over is calculated from. */
export interface Case {
  readonly today: Measured;
  readonly other: Measured;
  readonly traffic: Traffic;
  readonly prices: Prices;
  readonly usableShare: number;
  readonly effort: number;
}

/** Of each assumption that may be wrong, what comes out at half and at double of it, by the medians; what moves most first. */
export function sensitivityOf(one: Case): Sensitivity[] {
  return CHANGES.flatMap(({ what, change }): Sensitivity[] => {
    const halved = consequenceOf(change(one, FACTORS.low));
    const doubled = consequenceOf(change(one, FACTORS.high));
    return halved && doubled ? [{ what, halved, doubled }] : [];
  }).sort((a, b) => reach(b) - reach(a));
}

function reach({ halved, doubled }: Sensitivity): number {
  return Math.abs(halved.net - doubled.net);
}

/** By the medians; null where a figure is missing. */
export function consequenceOf({
  today,
  other,
  traffic,
  prices,
  usableShare,
  effort,
}: Case): Consequence | null {
  const cost = (measured: Measured) => {
    const demand = demandOf(measured, traffic, usableShare);
    return demand && monthlyCostOf(demand, prices, usableShare).total.value;
  };
  const [before, after] = [cost(today), cost(other)];
  if (before === null || after === null || !Number.isFinite(before) || !Number.isFinite(after)) return null;
  const savingPerMonth = before - after;
  return {
    savingPerMonth,
    months: monthsUntil(effort, savingPerMonth),
    net: netAtHorizon(effort, savingPerMonth),
  };
}

interface Change {
  readonly what: string;
  readonly change: (one: Case, factor: number) => Case;
}

const times = (sourced: Sourced, factor: number): Sourced => ({ ...sourced, value: sourced.value * factor });

function scaled(quantity: Quantity | null, factor: number): Quantity | null {
  if (quantity === null) return null;
  const { low, value, high, hasInterval } = quantity.range;
  return {
    ...quantity,
    range: { low: low * factor, value: value * factor, high: high * factor, hasInterval },
  };
}

const traffic = (
  what: string,
  key: 'connections' | 'messagesPerSecond' | 'fanOut' | 'payloadBytes',
): Change => ({
  what,
  change: (one, factor) => ({
    ...one,
    traffic: { ...one.traffic, [key]: times(one.traffic[key], factor) },
  }),
});

const price = (what: string, key: 'perCoreHour' | 'perGiBHour' | 'perGiBEgress'): Change => ({
  what,
  change: (one, factor) => ({ ...one, prices: { ...one.prices, [key]: one.prices[key] * factor } }),
});

const figures = (what: string, scale: (measured: Measured, factor: number) => Measured): Change => ({
  what,
  change: (one, factor) => ({ ...one, today: scale(one.today, factor), other: scale(one.other, factor) }),
});

const CHANGES: readonly Change[] = [
  traffic('connections', 'connections'),
  traffic('messages per second', 'messagesPerSecond'),
  traffic('subscribers for each message', 'fanOut'),
  traffic('bytes of a message', 'payloadBytes'),
  price('price of a core', 'perCoreHour'),
  price('price of memory', 'perGiBHour'),
  price('price of traffic', 'perGiBEgress'),
  figures('CPU, both servers', (measured, factor) => ({
    ...measured,
    cpu: scaled(measured.cpu, factor),
    publishCpu: scaled(measured.publishCpu, factor),
    busCpu: scaled(measured.busCpu, factor),
  })),
  figures('memory, both servers', (measured, factor) => ({
    ...measured,
    memory: scaled(measured.memory, factor),
    base: scaled(measured.base, factor),
  })),
  { what: 'person-days', change: (one, factor) => ({ ...one, effort: one.effort * factor }) },
];

/** The change-over from one option to another; null where either cannot be priced. */
export function caseOf(
  today: Option,
  other: Option,
  rest: Pick<Case, 'traffic' | 'prices' | 'usableShare' | 'effort'>,
): Case | null {
  if (!today.cost || !other.cost) return null;
  return { today: today.measured, other: other.measured, ...rest };
}

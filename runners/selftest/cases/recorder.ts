import type { LatencyStats } from '../../../contract/result.ts';
import { PERCENTILES } from '../../../reports/percentiles.ts';
import { DELIVERIES, type Exact, playWindow, type Recorded } from '../recorderBench.ts';
import { exactly, near, type Row, same } from '../rows.ts';
import type { SelftestCase } from '../selftestCase.ts';

/** What HdrHistograms with three significant digits promise. */
const PRECISION = 0.001;

/** Latencies from a send, microseconds, each with the reason for which it is here. */
const DISTRIBUTIONS: readonly (readonly [string, (random: () => number) => number])[] = [
  ['uniform, 0 to 50 ms', (random) => random() * 50_000],
  ['exponential, mean 3 ms', (random) => -Math.log(1 - random()) * 3_000],
  ['bimodal, 0.8 ms and 1 in 100 of 120 ms', (random) => (random() < 0.99 ? 800 : 120_000)],
  ['6 in 10 exactly 0, the others to 2 ms', (random) => (random() < 0.6 ? 0 : random() * 2_000)],
  // Two processes read one clock at nearly the same time: the later reading may be the smaller by its rounding.
  ['0.4 µs before the send', () => -0.4],
  ['heavy tail, 1 ms to an hour', (random) => Math.min(3.6e9, 1_000 * (1 - random()) ** -1.6)],
];

/** The recorders, the ledger, the merge and the percentiles against arithmetic on the values themselves. */
export const recorder: SelftestCase = {
  name: 'recorder',
  title: 'Recorders against an exact computation',
  async run({ options: { seed } }) {
    return [
      ...DISTRIBUTIONS.flatMap(([name, serviceUs], nth) => distributionRows(name, serviceUs, seed + nth)),
      ...lagRows(seed),
      ...lossRows(seed),
      ...duplicateRows(seed),
    ];
  },
};

function distributionRows(name: string, serviceUs: (random: () => number) => number, seed: number): Row[] {
  const { four, one, exact } = playWindow({ serviceUs, seed });
  return [
    deviationRow(`${name}: percentiles, min, mean, max, off by at most`, four, exact),
    exactly(`${name}: latencies kept`, DELIVERIES, four.latency.latencyUs.delivery.count),
    same(`${name}: four workers merged against one that saw it all`, 'equal', unequal(four, one)),
  ];
}

/** A publisher that is late by known times: its lateness is in the delivery, and only there. */
function lagRows(seed: number): Row[] {
  const late = playWindow({ serviceUs: () => 2_000, lagUs: () => 3_000, seed });
  const { delivery, service, sendLag } = late.four.latency.latencyUs;
  const ms = (us: number) => `${(us / 1_000).toFixed(3)} ms`;
  const at = (claim: string, expected: number, measured: number | null) =>
    near({ claim, expected, measured, tolerance: expected * PRECISION }, ms);
  const varied = playWindow({
    serviceUs: (random) => 500 + random() * 1_500,
    lagUs: (index) => (index % 50 === 0 ? 40_000 : index % 7),
    seed,
  });
  return [
    at('sent 3 ms late, received 2 ms later: delivery latency, median', 5_000, delivery.p50),
    at('sent 3 ms late, received 2 ms later: service latency, median', 2_000, service.p50),
    at('sent 3 ms late, received 2 ms later: send lag, median', 3_000, sendLag.p50),
    deviationRow('1 message in 50 sent 40 ms late: all three, off by at most', varied.four, varied.exact),
  ];
}

/** A lost delivery is later than any other: percentiles end exactly where more than their tail is lost. */
function lossRows(seed: number): Row[] {
  const serviceUs = (random: () => number) => 1_000 + random() * 9_000;
  const hundredth = playWindow({ serviceUs, isLost: (delivery) => delivery % 100 === 37, seed });
  const lost = DELIVERIES / 100;
  const onePlus = playWindow({
    serviceUs,
    isLost: (delivery) => delivery % 100 === 37 || delivery === 31,
    seed,
  });
  const p99 = (recorded: Recorded) => recorded.latency.latencyUs.delivery.p99;
  return [
    exactly('1 in 100 lost: lost deliveries', lost, hundredth.four.deliveries.lost),
    deviationRow('1 in 100 lost: percentiles, off by at most', hundredth.four, hundredth.exact, lost),
    same('1 in 100 lost: p99', 'defined', p99(hundredth.four) === null ? 'not defined' : 'defined'),
    exactly('one more lost: lost deliveries', lost + 1, onePlus.four.deliveries.lost),
    same('one more lost: p99', 'not defined', p99(onePlus.four) === null ? 'not defined' : 'defined'),
    deviationRow('one more lost: percentiles, off by at most', onePlus.four, onePlus.exact, lost + 1),
  ];
}

function duplicateRows(seed: number): Row[] {
  const serviceUs = (random: () => number) => 1_000 + random() * 9_000;
  const { four, exact } = playWindow({ serviceUs, isTwice: (delivery) => delivery % 40 === 0, seed });
  return [
    exactly('1 in 40 comes again a second later: duplicates', DELIVERIES / 40, four.deliveries.duplicated),
    exactly('1 in 40 comes again a second later: received', DELIVERIES, four.deliveries.received),
    deviationRow('1 in 40 comes again a second later: percentiles, off by at most', four, exact),
  ];
}

/** The worst of all figures of a window, as a share of the exact value; what is off by 1 µs or less is not off. */
function deviationRow(claim: string, { latency }: Recorded, exact: Exact, lost = 0): Row {
  const { delivery, service, sendLag } = latency.latencyUs;
  const deviations = [
    ...deviationsOf(delivery, exact.delivery, lost),
    ...deviationsOf(service, exact.service, lost),
    ...deviationsOf(sendLag, exact.sendLag, 0),
  ];
  const measured = deviations.includes(null) ? null : Math.max(...deviations.map((share) => share ?? 0));
  return near({ claim, expected: 0, measured, tolerance: PRECISION }, (share) =>
    share === 0 ? '0 %' : `${(share * 100).toFixed(3)} %`,
  );
}

/** null: a figure is there that should not be, or is not there that should be. */
function deviationsOf(stats: LatencyStats, values: readonly number[], lost: number): (number | null)[] {
  const sorted = [...values].sort((a, b) => a - b);
  const whole = (value: number) => (lost > 0 ? null : value);
  const pairs: (readonly [number | null, number | null])[] = [
    [stats.min, sorted[0]],
    [stats.max, whole(sorted[sorted.length - 1])],
    [stats.mean, whole(sorted.reduce((sum, value) => sum + value, 0) / sorted.length)],
    ...PERCENTILES.map(({ key, quantile }) => [stats[key], orderStatistic(sorted, lost, quantile)] as const),
  ];
  return pairs.map(([measured, expected]) => {
    if (measured === null || expected === null) return measured === expected ? 0 : null;
    const off = Math.abs(measured - expected);
    return off <= 1 ? 0 : off / Math.abs(expected);
  });
}

/** The least value that a share of `quantile` of the expected deliveries does not exceed; null: it is a lost one. */
function orderStatistic(sorted: readonly number[], lost: number, quantile: number): number | null {
  const all = sorted.length + lost;
  // Per mille in whole numbers: 0.999 x 1,000 is not 999 in binary fractions.
  const rank = Math.ceil((Math.round(quantile * 1_000) * all) / 1_000);
  return rank > sorted.length ? null : sorted[rank - 1];
}

/** What differs between two recordings of one window. */
function unequal(a: Recorded, b: Recorded): string {
  const parts = [
    ['delivery', a.latency.histograms.delivery === b.latency.histograms.delivery],
    ['service', a.latency.histograms.service === b.latency.histograms.service],
    ['spread', a.latency.histograms.spread === b.latency.histograms.spread],
    ['slices', a.latency.slices.counts.every((count, i) => count === b.latency.slices.counts[i])],
    ['received', a.deliveries.received === b.deliveries.received],
    ['per second', a.deliveries.perSecond === b.deliveries.perSecond],
  ] as const;
  const differing = parts.flatMap(([name, isEqual]) => (isEqual ? [] : [name]));
  return differing.length === 0 ? 'equal' : `differ in ${differing.join(', ')}`;
}

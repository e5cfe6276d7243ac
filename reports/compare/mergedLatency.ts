import { build } from 'hdr-histogram-js';
import type { Run } from '../../contract/result.ts';
import { type DecodedHistogram, decodeHistogram } from '../histogram.ts';
import { usableRuns } from './figures.ts';
import { isSearch } from './metric.ts';

/** Delivery latencies of several runs as one histogram, with what bounds its percentiles. */
export interface MergedHistogram {
  readonly histogram: DecodedHistogram;
  readonly messages: number;
  readonly lostShare: number;
}

/** Runs whose latency is drawn: those that are behind the percentiles of the table too, which knows them by their figures. */
export function latencyRuns(runs: readonly Run[]): readonly Run[] {
  return usableRuns(
    runs.filter((run) => run.latencyUs && !isSearch(run)),
    'latency',
  );
}

/** Adds the latency histograms of the runs under the shared load; null where none has any. */
export function mergedLatency(runs: readonly Run[]): MergedHistogram | null {
  const measured = runs.filter((run) => run.latencyUs && !isSearch(run));
  const decoded = measured.flatMap(({ histograms }) =>
    histograms.delivery ? decodeHistogram(histograms.delivery) : [],
  );
  if (decoded.length === 0) return null;
  const sum = (of: (run: Run) => number) => measured.reduce((total, run) => total + of(run), 0);
  const expected = sum(({ deliveries }) => deliveries?.expected ?? 0);
  return {
    histogram: merge(decoded),
    messages: sum(({ latencyUs }) => latencyUs?.delivery.messages ?? 0),
    lostShare: expected > 0 ? sum(({ deliveries }) => deliveries?.lost ?? 0) / expected : 0,
  };
}

function merge(decoded: readonly ReturnType<typeof decodeHistogram>[]): DecodedHistogram {
  const [only] = decoded;
  if (decoded.length === 1 && only) return only;
  const total = build({ numberOfSignificantValueDigits: 3, bitBucketSize: 32 });
  for (const histogram of decoded) total.add(histogram);
  return total;
}

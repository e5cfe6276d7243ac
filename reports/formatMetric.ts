import { METRICS } from '../contract/metrics.ts';
import {
  formatBytes,
  formatCount,
  formatRate,
  formatShare,
  formatUs,
  significant,
  UNIT_GAP,
} from './numbers.ts';

const FORMATS: Readonly<Record<string, (value: number) => string>> = {
  us: formatUs,
  ms: (ms) => formatUs(ms * 1_000),
  bytes: formatBytes,
  'bytes/s': (bytes) => `${formatBytes(bytes)}/s`,
  fraction: formatShare,
  count: formatCount,
  '1/s': formatRate,
  'publishes/s': formatRate,
  'deliveries/s': formatRate,
  'ms/s': (value) => `${significant(value)}${UNIT_GAP}ms/s`,
  '1/s/MB': (value) => `${significant(value)}${UNIT_GAP}/s/MB`,
};

/** Unit of a path of `METRICS`; '' where there is no such path. */
export function metricUnit(path: string): string {
  return METRICS.find((metric) => metric.path === path)?.unit ?? '';
}

/** A value in the unit of its path, as readers see it: `4.1 ms`. */
export function formatMetric(value: number, unit: string): string {
  const format = Object.hasOwn(FORMATS, unit) ? FORMATS[unit] : significant;
  return format(value);
}

import type { Metric } from '../../contract/metrics.ts';

/** A path of a result as a Prometheus metric: its name with a base unit, and what its values are multiplied by to be in that. */
export interface PrometheusName {
  readonly name: string;
  readonly factor: number;
}

/** By the unit of a path. Seconds, bytes and ratios are the base units of https://prometheus.io/docs/practices/naming/. */
const BASE: Readonly<Record<string, { readonly factor: number; readonly suffix: string }>> = {
  us: { factor: 1e-6, suffix: 'seconds' },
  ms: { factor: 1e-3, suffix: 'seconds' },
  'ms/s': { factor: 1e-3, suffix: '' },
  fraction: { factor: 1, suffix: 'ratio' },
  '1/s/MB': { factor: 1e-6, suffix: '' },
};
/** Words of a path that name a unit which the base unit takes the place of. */
const UNITS: Readonly<Record<string, string>> = { us: 'seconds', ms: 'seconds', mb: 'byte' };

/** `latencyUs.delivery.p99` is `pushbench_latency_delivery_p99_seconds`. */
export function prometheusName({ path, unit }: Metric): PrometheusName {
  const { factor, suffix } = BASE[unit] ?? { factor: 1, suffix: '' };
  const words = wordsOf(path);
  // `usPerDelivery`: the unit is what the figure is per.
  const isRate = words.some((word, i) => word in UNITS && words[i + 1] === 'per');
  const kept = words.flatMap((word, i) => {
    if (!(word in UNITS)) return [word];
    return words[i + 1] === 'per' || words[i - 1] === 'per' ? [UNITS[word]] : [];
  });
  const end = isRate || suffix === '' || kept.at(-1) === suffix ? [] : [suffix];
  return { name: ['pushbench', ...kept, ...end].join('_'), factor };
}

function wordsOf(path: string): string[] {
  return path
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[._]/);
}

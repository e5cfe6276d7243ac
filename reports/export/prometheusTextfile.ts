import { METRICS, type Metric } from '../../contract/metrics.ts';
import type { Run, RunResult } from '../../contract/result.ts';
import { runLabels } from '../runLabel.ts';
import { judgedThresholds } from '../thresholds/judgeThresholds.ts';
import { thresholdsOf } from '../thresholds/thresholdsOf.ts';
import { valueAt } from '../thresholds/valueAt.ts';
import { familyVerdicts } from '../verdicts.ts';
import { prometheusName } from './prometheusName.ts';

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

interface Exposed {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/**
 * A result in the text format that node_exporter's textfile collector reads: a gauge for each path of `METRICS` with a value for each run
 * that measured it, in seconds and bytes; then how far each family can be trusted, and what came of the thresholds.
 * Format: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function prometheusTextfile(result: RunResult): string {
  const labels = labelsOf(result);
  const exposed = [...figures(result, labels), ...validity(result, labels), ...thresholds(result)];
  const created: Exposed = {
    name: 'pushbench_result_created_seconds',
    help: 'when the result was made, since 1970',
    samples: [{ labels: {}, value: Date.parse(result.createdAt) / 1_000 }],
  };
  return [...exposed, created]
    .filter(({ samples }) => samples.length > 0)
    .map(textOf)
    .join('');
}

function figures({ runs }: RunResult, labels: readonly Labels[]): Exposed[] {
  return METRICS.map((metric) => {
    const { name, factor } = prometheusName(metric);
    const samples = runs.flatMap((run, i): Sample[] => {
      const at = valueAt(run, metric.path);
      if (at.kind !== 'number') return [];
      return [{ labels: { ...labels[i], ...currencyOf(run, metric.unit) }, value: scaled(at.value, factor) }];
    });
    return { name, help: inBaseUnits(metric), samples };
  });
}

/** A meaning that names megabytes stands beside a value per byte. */
function inBaseUnits({ meaning, unit }: Metric): string {
  return unit.endsWith('/MB') ? meaning.replace('megabytes', 'bytes').replace(/\bMB\b/, 'byte') : meaning;
}

/** 1,234 us are 0.001234 s, and not 0.0012339999999999999. */
function scaled(value: number, factor: number): number {
  return factor === 1 ? value : Number((value * factor).toPrecision(15));
}

function currencyOf({ roi }: Run, unit: string): Labels {
  return unit === 'currency' && roi.money !== null ? { currency: roi.money.currency } : {};
}

function validity({ runs }: RunResult, labels: readonly Labels[]): Exposed[] {
  const samples = runs.flatMap((run, i) =>
    familyVerdicts([run]).map(({ family, verdict }) => ({
      labels: { ...labels[i], family, verdict },
      value: 1,
    })),
  );
  return [
    { name: 'pushbench_validity', help: 'how far figures of a family can be trusted; always 1', samples },
  ];
}

function thresholds(result: RunResult): Exposed[] {
  const samples = judgedThresholds(thresholdsOf(result), result.runs).map(({ threshold, passed }) => ({
    labels: { threshold: threshold.text },
    value: passed ? 1 : 0,
  }));
  return [{ name: 'pushbench_threshold_holds', help: '1 where the threshold holds, 0 where not', samples }];
}

/** Of each run; the user's own labels give way where a name is taken. */
function labelsOf({ runs, labels }: RunResult): Labels[] {
  const names = runLabels(runs);
  return runs.map((run, i) => {
    const own = {
      stage: run.stage,
      variant: run.variant,
      scenario: run.scenario,
      server: names[i] ?? '',
      run: String(run.order),
      ...(run.sweep === null ? {} : { sweep: `${run.sweep.key}=${run.sweep.value}` }),
    };
    return { ...own, ...userLabels(labels, [...Object.keys(own), ...TAKEN]) };
  });
}

const TAKEN = ['sweep', 'family', 'verdict', 'currency', 'threshold', 'instance', 'job'];

/** Names of a label are letters, digits and `_`; what starts with `__` is Prometheus's own. */
function userLabels(labels: Labels, taken: readonly string[]): Labels {
  const named: Record<string, string> = {};
  for (const [key, value] of Object.entries(labels)) {
    let name = key.replaceAll(/\W/g, '_').replace(/^_+/, '');
    if (/^\d/.test(name) || name === '' || taken.includes(name)) name = `label_${name}`;
    while (name in named) name += '_';
    named[name] = value;
  }
  return named;
}

function textOf({ name, help, samples }: Exposed): string {
  const lines = samples.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
    return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`;
  });
  return [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} gauge`, ...lines, ''].join('\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

import { METRIC } from '../../compare/comparisonMetrics.ts';
import { figureOf } from '../../compare/figures.ts';
import { listOf } from '../../compare/listOf.ts';
import type { ComparisonMetric } from '../../compare/metric.ts';
import { formatShare } from '../../numbers.ts';
import type { CriterionName } from '../decision.ts';
import { quantityOf } from '../measured.ts';
import { isLostBeyond, type RankedOption } from '../option.ts';
import { FEWEST_RUNS } from '../range.ts';
import { LOST_BEYOND } from '../scores.ts';
import { image, type Setting } from './setting.ts';
import { blocks, capital, plain, quantityText, table } from './words.ts';

/** The share that a criterion has in the totals. */
export function weightShare(weights: ReadonlyMap<CriterionName, number>, name: CriterionName): number {
  const all = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return all === 0 ? 0 : (weights.get(name) ?? 0) / all;
}

/** Decision drivers: what counts, how much, and by which figure. */
export function driversText({ record, notes }: Setting): string {
  const { weights, areWeightsGiven, latency, unjudged, options, prices } = record;
  const what: Readonly<Record<CriterionName, string>> = {
    latency: `delivery latency, ${latency.id}: ${percentWord(latency.id)} arrive within it, counted from the time the message was due`,
    memory: 'resident memory of the server for each connection',
    cost: `money for a month at the traffic above${prices.isExample ? ', at example prices' : ''}`,
    operability: 'how easy it is to run: a judgement by people, not a measurement',
  };
  const lines = [...weights].map(
    ([name]) =>
      `* **${capital(name)}**, weight ${formatShare(weightShare(weights, name))}: ${what[name]}${name === 'latency' ? notes.mark(LATENCY_NOTE) : ''}`,
  );
  const origin = areWeightsGiven
    ? 'The weights are those of the config file (`decision.weights`).'
    : 'No weights are stated (`decision.weights` in the config file), so each criterion counts the same.';
  const left = unjudged.length === 0 ? '' : leftOut(unjudged, options.length);
  return blocks('## Decision Drivers', lines.join('\n'), `${origin}${left}`);
}

const LATENCY_NOTE =
  'p99 is the latency that 99 % of the deliveries keep, p50 the median. The highest percentile is taken that enough messages stand behind for every pushed server.';

function percentWord(id: string): string {
  return id === 'p50' ? 'half of the deliveries' : `${id.slice(1)} % of the deliveries`;
}

function leftOut(unjudged: readonly string[], all: number): string {
  const who = unjudged.length === all ? 'any option' : plain(listOf([...unjudged]));
  return ` Operability is left out of the totals: nobody has judged ${who} (\`decision.operability\`), and a score is not made up here. The facts for that judgement stand [below](#operability).`;
}

const FIGURES: readonly (readonly [ComparisonMetric, string])[] = [
  [METRIC.memory, 'memory.server.rssPerConnectionBytes'],
  [METRIC.cpu, '(CPU of the servers and the bus) / deliveries.perSecond'],
  [METRIC.publishCpu, 'cpu.server.usPerPublish'],
  [METRIC.wire, 'wire.bytesPerDelivery'],
  [METRIC.connects, 'connections.perSecond'],
  [METRIC.ceiling, 'ceiling.deliveriesPerSecond'],
  [METRIC.lost, 'deliveries.lost'],
];

/** Considered options: what each is, and its figures with their intervals. */
export function optionsText(setting: Setting): string {
  const { record } = setting;
  const list = record.options.map(
    ({ label, facts }) => `* **${plain(label)}**${facts ? `, ${plain(facts.summary)}` : ''}`,
  );
  const latency: readonly (readonly [ComparisonMetric, string])[] = [
    [METRIC.p50, 'latencyUs.delivery.p50'],
    ...(record.latency.id === 'p50'
      ? []
      : [[record.latency, `latencyUs.delivery.${record.latency.id}`] as const]),
  ];
  const rows = [...latency, ...FIGURES].flatMap(([metric, path]) => figureRow(metric, path, setting));
  return blocks(
    '## Considered Options',
    list.join('\n'),
    'What was measured under the same load, the median of the runs with its interval in brackets. Where two intervals overlap, the runs do not tell the two apart.',
    table(['', ...record.options.map(({ label }) => plain(label))], rows),
    intervalNote(record.options),
    pollNote(record.options),
    image(setting, 'compared-percentiles'),
    pooledNote(setting),
  );
}

function figureRow(metric: ComparisonMetric, path: string, { record, notes, links }: Setting): string[][] {
  const quantities = record.options.map(({ group }) => quantityOf(group, metric, path));
  if (quantities.every((quantity) => quantity === null)) return [];
  const cells = record.options.map(({ group }, i) => {
    const quantity = quantities[i] ?? null;
    if (isLostBeyond(group, metric)) return `not defined: ${LOST_BEYOND}`;
    // Counts add up exactly; a percentile of too few messages is put in brackets.
    if (metric.isCount && quantity) return metric.format(quantity.range.value);
    const text = quantityText(quantity, metric.format);
    return figureOf(group, metric)?.isSupported === false ? `(${text})` : text;
  });
  const where = sourceNote(
    path,
    record.options,
    quantities.map((quantity) => quantity?.runs ?? []),
    links.result,
  );
  return [[`${metric.label}${notes.mark(definition(metric, links.report, where))}`, ...cells]];
}

function definition({ definition: id }: ComparisonMetric, report: string | null, where: string): string {
  return id === null || report === null ? where : `${where} [Definition](${report}#def-${id}).`;
}

/** Where in the result a figure stands, for every option. */
export function sourceNote(
  path: string,
  options: readonly RankedOption[],
  runs: readonly (readonly number[])[],
  result: string,
): string {
  const lists = options.flatMap(({ label }, i) => {
    const own = runs[i] ?? [];
    return own.length === 0 ? [] : [`${plain(label)} ${own.join(', ')}`];
  });
  return `\`${path}\` of the runs (positions in \`runs\` of [result.json](${result})): ${lists.join('; ')}.`;
}

function intervalNote(options: readonly RankedOption[]): string {
  const counts = options.map(({ group }) => figureOf(group, METRIC.p50)?.estimate.values.length ?? 0);
  const fewest = Math.min(...counts);
  if (fewest < FEWEST_RUNS)
    return 'An option with fewer than three runs has no interval here, so nothing is claimed about it: the ranges of two runs of equal servers lie apart by chance in a third of all cases.';
  return fewest < 6
    ? `Of ${fewest} runs the interval is their lowest and highest, which is weaker than the usual 95 %; from 6 runs on it is the 95 % interval of the median. That of memory is the 92 % interval of the slope over levels of connections.`
    : 'Each interval is the 95 % interval of the median of the runs; that of memory is the 92 % interval of the slope over levels of connections.';
}

function pollNote(options: readonly RankedOption[]): string {
  const polled = options.filter(({ measured }) => measured.unit === 'poll');
  if (polled.length === 0) return '';
  const [{ measured }] = polled;
  return `${plain(listOf(polled.map(({ label }) => label)))} asks every ${measured.pollIntervalSeconds} s, so the wait for the next poll is in its latency by choice and not by the server’s doing: a shorter interval is sooner, and costs CPU and bytes in proportion. Its CPU and bytes per delivery count messages that one answer showed together; its cost below is calculated from polls.`;
}

/** The p99 written into the drawing is another figure than that of the table. */
function pooledNote({ record: { options }, links }: Setting): string {
  const most = Math.max(
    ...options.map(({ group }) => figureOf(group, METRIC.p50)?.estimate.values.length ?? 0),
  );
  return links.chart('compared-percentiles') === null || most < 2
    ? ''
    : 'The curves put the messages of all runs of an option together; the table has the median of what each run had by itself. One run with a long tail lifts the curve and hardly moves the median.';
}

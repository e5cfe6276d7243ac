import type { LatencyStats, Run } from '../../../contract/result.ts';
import type { DefinitionId } from '../../definitions.ts';
import { describeLoadShape, loadShapeOf } from '../../loadShape.ts';
import { formatCount, formatUs, NOT_DEFINED } from '../../numbers.ts';
import { backingNote, backingOf, isSupported, PERCENTILES, type Percentile } from '../../percentiles.ts';
import { type Html, html } from '../escape.ts';
import { chartFigure, section } from '../figureSection.ts';
import { type Cell, cell, term } from '../table.ts';
import type { ReportView } from '../view.ts';

interface LatencyLine {
  readonly measure: string;
  readonly server: string;
  readonly definition: DefinitionId;
  readonly stats: LatencyStats;
  readonly run: Run;
  readonly withIntervals: boolean;
}

/** Latency: percentiles, the curve, time. */
export function howFastSection(view: ReportView): Html | null {
  return section('How fast?', [
    latencyTable(view),
    broadcastNote(view),
    shapeNote(view),
    chartFigure(view, 'latency-percentiles', 'percentile'),
    // A fault has this chart with its marks, in a section of its own.
    view.charts.has('fault-over-time') ? null : chartFigure(view, 'latency-over-time', 'delivery-latency'),
    chartFigure(view, 'deliveries-over-time', 'deliveries-per-second'),
    chartFigure(view, 'handshake', 'handshake'),
    chartFigure(view, 'connect-ramp', 'connect-rate'),
  ]);
}

const INTERVAL_NOTE = html`<p class="quiet">Delivery latency has the ${term('95 % interval', 'interval')} of each percentile in its tooltip.</p>`;

/** Delivery latency of all servers first; the parts that it is made of behind it. */
function latencyTable({ runs }: ReportView): Html | null {
  const lines = runs.flatMap(({ run, label }) => linesOf(run, label));
  if (lines.length === 0) return null;
  const few = backingNote(
    'Grey',
    lines.flatMap(({ stats }) => PERCENTILES.map(({ key }) => backingOf(stats, key))),
  );
  const footnote = few === null ? null : html`<p class="quiet">${few}</p>`;
  const note = html`${INTERVAL_NOTE}${footnote}`;
  if (runs.length === 1) return html`${tableOf(lines, ({ measure }) => measure)}${note}`;
  const measures = [...new Set(lines.map(({ measure }) => measure))];
  const tables = measures.map((measure, i) => {
    const own = tableOf(
      lines.filter((line) => line.measure === measure),
      ({ server }) => server,
    );
    const title = `${measure[0]?.toUpperCase()}${measure.slice(1)}`;
    return i === 0
      ? html`<h3>${title}</h3>${own}`
      : html`<details><summary>${title}</summary>${own}</details>`;
  });
  return html`${tables}${note}`;
}

function tableOf(lines: readonly LatencyLine[], name: (line: LatencyLine) => string): Html {
  const percentiles = PERCENTILES.map(({ label }) => term(label, 'percentile'));
  const titles = ['', 'min', ...percentiles, 'max', 'messages'];
  const head = titles.map((title) => html`<th scope="col">${title}</th>`);
  const body = lines.map((line) => tableRow(line, name(line)));
  return html`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function linesOf(run: Run, server: string): LatencyLine[] {
  const { latencyUs, handshakeUs, publish } = run;
  const line = (
    measure: string,
    definition: DefinitionId,
    stats: LatencyStats | null | undefined,
  ): LatencyLine[] =>
    stats && stats.count > 0
      ? [{ measure, server, definition, stats, run, withIntervals: definition === 'delivery-latency' }]
      : [];
  return [
    ...line('delivery latency', 'delivery-latency', latencyUs?.delivery),
    ...line('service latency', 'service-latency', latencyUs?.service),
    ...line('fan-out spread', 'spread', latencyUs?.spread),
    ...line('send lag', 'send-lag', latencyUs?.sendLag),
    ...line('publish acknowledged', 'publish', publish?.ackUs),
    ...line('handshake', 'handshake', handshakeUs),
  ];
}

function tableRow(line: LatencyLine, name: string): Html {
  const { stats } = line;
  const cells: Cell[] = [
    plain(stats.min),
    ...PERCENTILES.map((percentile) => percentileCell(line, percentile)),
    plain(stats.max),
    { text: `${formatCount(stats.messages)}${line.definition === 'handshake' ? ' connects' : ''}` },
  ];
  return html`<tr><th scope="row">${term(name, line.definition)}</th>${cells.map(cell)}</tr>`;
}

function plain(value: number | null): Cell {
  return value === null ? { text: NOT_DEFINED } : { text: formatUs(value), exact: `${value} µs` };
}

function percentileCell({ stats, run, withIntervals }: LatencyLine, percentile: Percentile): Cell {
  const value = stats[percentile.key];
  if (value === null) return { text: NOT_DEFINED, exact: 'more than the tail was lost' };
  const range = withIntervals ? intervalText(run.latencyIntervalsUs?.[percentile.key]) : '';
  const supported = isSupported(stats, percentile);
  return { text: formatUs(value), exact: `${value} µs${range}`, className: supported ? '' : 'unsupported' };
}

/** @param interval undefined: the run has none at all */
function intervalText(interval: { readonly low: number; readonly high: number } | null | undefined): string {
  if (interval === undefined) return '';
  return interval === null
    ? ', no 95 % interval: its upper end lies beyond what was seen'
    : `, 95 % interval ${formatUs(interval.low)} to ${formatUs(interval.high)}`;
}

/** In a broadcast the place in the server's list decides: said wherever all subscribers get each message. */
function broadcastNote({ runs }: ReportView): Html | null {
  const broadcast = runs.find(({ run }) => run.latencyUs && run.plan.fanOut > 1 && run.plan.rooms === 1);
  if (!broadcast) return null;
  const { run } = broadcast;
  const perDelivery = run.cpu.server.usPerDelivery;
  const estimate =
    perDelivery === null
      ? ''
      : ` Here: ${formatCount(Math.round(run.plan.fanOut))} × ${formatUs(perDelivery)} = ${formatUs(run.plan.fanOut * perDelivery)} of server CPU per message.`;
  return html`<p>Broadcast p99 is about connections × cost per delivery: the last subscriber in the server’s list waits for all before it.${estimate} Latency at fan-out 1 is what <code>--scenario unicast</code> measures.</p>`;
}

/** Where the rate changed within the window; the offered line of the deliveries over time shows it. */
function shapeNote({ runs }: ReportView): Html | null {
  const shapes = new Set(runs.map(({ run }) => describeLoadShape(loadShapeOf(run))).filter(Boolean));
  if (shapes.size === 0) return null;
  return html`<p>The rate followed a <a href="#def-load-shape">load shape</a>: ${[...shapes].join('; ')}. The percentiles are those of the whole window; what each stretch did is in the charts over time.</p>`;
}

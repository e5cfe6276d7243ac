import type { Run } from '../../../contract/result.ts';
import type { DefinitionId } from '../../definitions.ts';
import { formatBytes, formatCount, formatRate, formatShare, formatUs } from '../../numbers.ts';
import { quotable, quoteOf } from '../../percentiles.ts';
import { perSubscriber } from '../../runShape.ts';
import { cpuCores } from '../../statistics/cpuCores.ts';
import { unsettledText } from '../../steadyText.ts';
import { type Html, html } from '../escape.ts';
import { term } from '../table.ts';
import type { ReportView } from '../view.ts';

interface KeyFigure {
  readonly label: string;
  readonly definition: DefinitionId;
  readonly value: string;
  readonly note: string;
}

/** The few figures that decide; only for one run: several stand side by side in the tables. */
export function keyFigures({ runs }: ReportView): Html | null {
  const [only] = runs;
  if (!only || runs.length > 1) return null;
  const { run } = only;
  const figures = [
    latency(run),
    rate(run),
    ledger(run),
    ceiling(run),
    memory(run),
    cpu(run),
    connects(run),
  ].flatMap((figure) => (figure ? [figure] : []));
  const items = figures
    .slice(0, 5)
    .map(
      ({ label, definition, value, note }) =>
        html`<div><dt>${term(perSubscriber(label, [run]), definition)}</dt><dd>${value}<small>${note}</small></dd></div>`,
    );
  return html`<dl class="figures">${items}</dl>`;
}

function latency(run: Run): KeyFigure | null {
  const stats = run.latencyUs?.delivery;
  const percentile = stats ? quotable(stats) : null;
  if (!stats || !percentile) return null;
  const value = stats[percentile.key];
  const median = stats.p50 === null ? '' : `median ${formatUs(stats.p50)}`;
  return {
    label: `Delivery latency, ${percentile.label}`,
    definition: 'delivery-latency',
    value: value === null ? 'not defined' : formatUs(value),
    note: [value === null ? 'too much was lost' : median, unsettledText([{ label: '', run }])]
      .filter(Boolean)
      .join(', '),
  };
}

function rate(run: Run): KeyFigure | null {
  if (!run.deliveries) return null;
  const { perSecond, offeredPerSecond } = run.deliveries;
  return {
    label: 'Deliveries per second',
    definition: 'deliveries-per-second',
    value: formatRate(perSecond),
    note: `${formatRate(offeredPerSecond)} offered${ofGenerator(run)}`,
  };
}

/** Where polls are the load, the deliveries are no share of it. */
function ofGenerator({ generatorCeiling: ceiling, polling }: Run): string {
  if (!ceiling || ceiling.loadShare === null || (polling && polling.intervalMs > 0)) return '';
  return `, ${formatShare(ceiling.loadShare)} of what the generator can take`;
}

function ledger(run: Run): KeyFigure | null {
  if (!run.deliveries || !run.publish) return null;
  const { lost, expected, exact } = run.deliveries;
  return {
    label: 'Lost',
    definition: 'ledger',
    value: formatCount(lost),
    note: `of ${formatCount(expected)} deliveries${exact ? '' : ', not exact'}`,
  };
}

function ceiling(run: Run): KeyFigure | null {
  if (!run.ceiling) return null;
  const { ratePerSecond, limitedBy } = run.ceiling;
  return {
    label: 'Ceiling, publishes',
    definition: 'ceiling',
    value: ratePerSecond === null ? 'not found' : formatRate(ratePerSecond),
    note: limitedBy,
  };
}

function memory(run: Run): KeyFigure | null {
  const { server } = run.memory;
  if (server.rssPerConnectionBytes !== null) {
    const peak =
      server.peakRssBytes === null
        ? 'slope of resident memory'
        : `peak ${formatBytes(server.peakRssBytes)} in all`;
    return {
      label: 'Server memory per connection',
      definition: 'memory-slope',
      value: formatBytes(server.rssPerConnectionBytes),
      note: peak,
    };
  }
  if (server.peakRssBytes === null) return null;
  return {
    label: 'Server memory, peak',
    definition: 'memory-load',
    value: formatBytes(server.peakRssBytes),
    note: 'resident, in all',
  };
}

function cpu(run: Run): KeyFigure | null {
  const { usPerDelivery } = run.cpu.server;
  const cores = cpuCores(run.cpu.server);
  if (usPerDelivery === null) return null;
  return {
    label: 'Server CPU per delivery',
    definition: 'cpu-per-delivery',
    value: formatUs(usPerDelivery),
    note: cores === null ? '' : `${Math.round(cores * 100)} % of a core`,
  };
}

function connects(run: Run): KeyFigure | null {
  if (run.connections.perSecond === null) return null;
  const handshake = run.handshakeUs && quoteOf(run.handshakeUs, 'p95');
  return {
    label: 'Connects per second',
    definition: 'connect-rate',
    value: formatRate(run.connections.perSecond),
    note: handshake ? `handshake ${handshake}` : '',
  };
}

import { formatBytes, formatCount, formatShare, formatUs, significant } from '../../numbers.ts';
import { cpuCores } from '../../statistics/cpuCores.ts';
import type { Html } from '../escape.ts';
import { html } from '../escape.ts';
import { beside, chartFigure, section } from '../figureSection.ts';
import { type RunFigure, runFigures } from '../runFigures.ts';
import type { ReportView } from '../view.ts';

const cpu = (label: string, of: RunFigure['of']): RunFigure => ({
  label,
  definition: 'cpu-per-delivery',
  of,
  format: formatUs,
  unit: 'µs',
});
const cores = (label: string, of: RunFigure['of']): RunFigure => ({
  label,
  definition: 'cpu-per-delivery',
  of,
  format: (value) => `${formatShare(value)} of a core`,
  unit: 'cores',
});

const FIGURES: readonly RunFigure[] = [
  cpu('server CPU per delivery', (run) => run.cpu.server.usPerDelivery),
  cpu('server CPU per publish (ingest)', (run) => run.cpu.server.usPerPublish),
  cpu('load client CPU per delivery', (run) => run.cpu.generator.usPerDelivery),
  cores('server, user mode', (run) => run.cpu.server.userShare),
  cores('server, system', (run) => run.cpu.server.systemShare),
  cores('load clients, user mode', (run) => run.cpu.generator.userShare),
  cores('load clients, system', (run) => run.cpu.generator.systemShare),
  cores('publisher', (run) => cpuCores(run.cpu.publisher)),
  cores('link (the relay)', (run) => run.cpu.link && cpuCores(run.cpu.link)),
  {
    label: 'host busy',
    definition: 'cpu-per-delivery',
    of: (run) => run.cpu.hostBusyShare,
    format: (value) => `${formatShare(value)} of all cores`,
  },
  {
    label: 'host softirq',
    definition: 'cpu-per-delivery',
    of: (run) => run.cpu.hostSoftirqShare,
    format: (value) => `${formatShare(value)} of all cores`,
  },
  {
    label: 'server system calls per delivery',
    definition: 'syscalls',
    of: (run) => run.io.server.syscallsPerDelivery,
    format: significant,
  },
  {
    label: 'bytes on the wire per delivery',
    definition: 'wire',
    of: (run) => run.wire.bytesPerDelivery,
    format: formatBytes,
    unit: 'bytes',
  },
];

const RUNTIME: readonly RunFigure[] = [
  {
    label: 'event-loop delay, p99',
    definition: 'event-loop',
    of: (run) => run.loop?.delayP99Us,
    format: formatUs,
    unit: 'µs',
  },
  {
    label: 'event-loop lateness, worst',
    definition: 'event-loop',
    of: (run) => run.loop?.latenessMaxUs,
    format: formatUs,
    unit: 'µs',
  },
  {
    label: 'event-loop utilisation',
    definition: 'event-loop',
    of: (run) => run.loop?.utilisation,
    format: formatShare,
  },
  { label: 'garbage collections', definition: 'gc', of: (run) => run.gc?.count, format: formatCount },
  {
    label: 'GC pause per second',
    definition: 'gc',
    of: (run) => run.gc?.pauseMsPerSecond,
    format: (ms) => formatUs(ms * 1000),
    unit: 'ms',
  },
  {
    label: 'GC pause, longest',
    definition: 'gc',
    of: (run) => run.gc?.pauseMaxMs,
    format: (ms) => formatUs(ms * 1000),
    unit: 'ms',
  },
  {
    label: 'allocated per delivery',
    definition: 'gc',
    of: (run) => run.gc?.allocatedBytesPerDelivery,
    format: formatBytes,
    unit: 'bytes',
  },
  {
    label: 'handles per connection',
    definition: 'handles',
    of: (run) => run.handles?.perConnection,
    format: significant,
  },
  {
    label: 'timers per connection',
    definition: 'handles',
    of: (run) => run.handles?.timersPerConnection,
    format: significant,
  },
  {
    label: 'open files of the server',
    definition: 'handles',
    of: (run) => run.handles?.openFiles,
    format: formatCount,
  },
];

const ROI: readonly RunFigure[] = [
  {
    label: '1 · deliveries per second / MB of RSS per connection',
    definition: 'roi',
    of: (run) => run.roi.qpsPerMbRss,
    format: significant,
  },
  {
    label: '2 · deliveries per second inside the objective / MB of server memory',
    definition: 'roi',
    of: (run) => run.roi.sloDeliveriesPerMbServer,
    format: significant,
  },
  {
    label: '3 · money per million deliveries',
    definition: 'roi',
    of: (run) => run.roi.money?.perMillionDeliveries,
    format: significant,
  },
  {
    label: '3 · money per 100k connections and month',
    definition: 'roi',
    of: (run) => run.roi.money?.per100kConnectionMonth,
    format: significant,
  },
];

/** What did it cost: CPU by role, system calls, bytes, the runtime's own work, return on investment. */
export function costSection(view: ReportView): Html | null {
  const roi = runFigures(view, ROI);
  return section('What did it cost?', [
    beside(view, [
      heading('CPU, system calls, bytes', runFigures(view, FIGURES)),
      heading('Inside the server', runFigures(view, RUNTIME)),
    ]),
    chartFigure(view, 'cpu-over-time', 'cpu-per-delivery'),
    heading('Return on investment', roi),
    roi ? currency(view) : null,
  ]);
}

function heading(title: string, table: Html | null): Html | null {
  return table ? html`<div><h3>${title}</h3>${table}</div>` : null;
}

function currency({ runs }: ReportView): Html {
  const names = new Set(runs.flatMap(({ run }) => (run.roi.money ? [run.roi.money.currency] : [])));
  return names.size === 0
    ? html`<p class="quiet">Money is not given: the configuration names no prices (<code>cost</code> in bench.config.ts).</p>`
    : html`<p class="quiet">Money in ${[...names].join(', ')}, by the prices of the configuration.</p>`;
}

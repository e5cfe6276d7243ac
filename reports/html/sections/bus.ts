import type { BusFigures, Run } from '../../../contract/result.ts';
import type { StyledRun } from '../../charts/chart.ts';
import { formatBytes, formatCount, formatShare, formatUs, NOT_MEASURED, orMissing } from '../../numbers.ts';
import { backingOf } from '../../percentiles.ts';
import { cpuCores } from '../../statistics/cpuCores.ts';
import { type Html, html } from '../escape.ts';
import { section } from '../figureSection.ts';
import { type RunFigure, runFigures } from '../runFigures.ts';
import { term } from '../table.ts';
import type { ReportView } from '../view.ts';

const hop = (label: string, key: 'p50' | 'p95' | 'p99' | 'max'): RunFigure => ({
  label,
  definition: 'bus-hop',
  of: ({ bus }) => bus?.hopUs[key],
  backing: ({ bus }) => (bus && key !== 'max' ? backingOf(bus.hopUs, key) : null),
  format: formatUs,
  unit: 'µs',
});
const count = (label: string, of: (bus: BusFigures) => number): RunFigure => ({
  label,
  definition: 'bus-loss',
  of: ({ bus }) => bus && of(bus),
  format: formatCount,
});

const FIGURES: readonly RunFigure[] = [
  hop('bus hop, median', 'p50'),
  hop('bus hop, p95', 'p95'),
  hop('bus hop, p99', 'p99'),
  hop('bus hop, longest', 'max'),
  count('received by the nodes', ({ received }) => received),
  count('lost by the bus', ({ lost }) => lost),
  count('publishes that it did not confirm', ({ publishFailed }) => publishFailed),
  count('reconnects of the nodes', ({ reconnects }) => reconnects),
  {
    label: 'broker CPU per delivery',
    definition: 'cpu-per-delivery',
    of: ({ cpu }) => cpu.broker?.usPerDelivery,
    format: formatUs,
    unit: 'µs',
  },
  {
    label: 'broker CPU',
    definition: 'cpu-per-delivery',
    of: ({ cpu }) => cpu.broker && cpuCores(cpu.broker),
    format: (share) => `${formatShare(share)} of a core`,
    unit: 'cores',
  },
  {
    label: 'broker RSS at the end of the window',
    definition: 'memory-load',
    of: ({ bus }) => bus?.brokerRssBytes,
    format: formatBytes,
    unit: 'bytes',
  },
];

/** What the article says of each bus; it gives orders of magnitude, no conditions. */
const CLAIMS = [
  { kind: 'redis-pubsub', name: 'Redis Pub/Sub', latency: 'milliseconds', kept: 'nothing' },
  { kind: 'redis-streams', name: 'Redis Streams', latency: 'milliseconds', kept: 'kept' },
  { kind: 'kafka', name: 'Kafka', latency: 'hundreds of ms', kept: 'kept' },
  { kind: 'embedded', name: 'embedded hub', latency: 'no claim', kept: 'no claim' },
] as const;

/**
 * What the bus between the nodes added and lost, and the article's table of buses with ours beside it.
 * @param note said first
 */
export function busSection(view: ReportView, note: Html | null = null): Html | null {
  const bused = view.runs.filter(({ run }) => run.bus);
  if (bused.length === 0) return null;
  return section('What did the bus between the nodes cost?', [
    note,
    brokerNote(bused.map(({ run }) => run)),
    runFigures({ ...view, runs: bused }, FIGURES),
    lossNote(bused.map(({ run }) => run)),
    html`<h3>The article’s table of buses, measured here</h3>`,
    claimTable(bused),
    html`<p class="quiet">The article gives orders of magnitude and no conditions. Ours is the <a href="#def-bus-hop">bus hop</a> on loopback, broker and nodes on one machine: the network between them is not in it.</p>`,
  ]);
}

/** Which program was measured: without its name and version the figures are nobody's. */
function brokerNote(runs: readonly Run[]): Html {
  const brokers = runs.flatMap(({ bus, plan }) => {
    if (!bus) return [];
    const origin = bus.isGiven ? 'given by its address' : 'started for this run, and stopped after it';
    return [`${bus.kind}: ${bus.broker} between ${formatCount(plan.serverNodes)} nodes, ${origin}`];
  });
  return html`<p>Measured: ${[...new Set(brokers)].join('; ')}.</p>`;
}

function lossNote(runs: readonly Run[]): Html | null {
  const lossy = runs.filter(({ bus }) => bus && bus.lost > 0);
  if (lossy.length === 0) return null;
  const lost = lossy.reduce((sum, { bus }) => sum + (bus?.lost ?? 0), 0);
  return html`<p>The bus lost ${formatCount(lost)} messages on the way to a node: what each was to fan out there is among the lost deliveries, and no client can get it back.</p>`;
}

function claimTable(runs: readonly StyledRun[]): Html {
  const titles = [
    term('hop, median', 'bus-hop'),
    term('p99', 'bus-hop'),
    html`claimed latency`,
    term('lost', 'bus-loss'),
    html`claimed: kept for a node that was away`,
  ];
  const rows = CLAIMS.flatMap((claim) => {
    const own = runs.filter(({ run }) => run.bus?.kind === claim.kind);
    if (own.length === 0) return claim.kind === 'embedded' ? [] : [claimRow(claim, claim.name, null)];
    const names = own.map(({ label }) => (own.length > 1 ? `${claim.name}, ${label}` : claim.name));
    return own.map(({ run }, i) => claimRow(claim, names[i] ?? '', run.bus));
  });
  const head = titles.map((title) => html`<th scope="col">${title}</th>`);
  return html`<div class="scroll"><table><thead><tr><th scope="col">bus</th>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function claimRow(claim: (typeof CLAIMS)[number], name: string, bus: BusFigures | null): Html {
  const measured = (value: number | null | undefined) => orMissing(value, formatUs);
  const cells = [measured(bus?.hopUs.p50), measured(bus?.hopUs.p99)].map(
    (text) => html`<td class="figure${text === NOT_MEASURED ? ' unsupported' : ''}">${text}</td>`,
  );
  const lost = orMissing(bus?.lost, formatCount);
  return html`<tr><th scope="row">${name}</th>${cells}<td class="figure claim">${claim.latency}</td><td class="figure${bus ? '' : ' unsupported'}">${lost}</td><td class="figure claim">${claim.kept}</td></tr>`;
}

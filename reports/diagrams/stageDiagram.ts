import type { Run } from '../../contract/result.ts';
import { escapeText } from '../html/escape.ts';
import { formatCount, formatUs } from '../numbers.ts';
import { stageColour } from '../palette.ts';
import { serverName } from '../runLabel.ts';
import { linkWord } from '../runLink.ts';
import { sharesConnections } from '../runShape.ts';

const WIDTH = 1000;
const BOX = { width: 190, height: 50 };
const COLUMNS = { publisher: 4, server: 392, clients: 790 };
/** More boxes than this in a column are drawn as the first ones and a count. */
const MOST = 4;

interface Box {
  readonly title: string;
  readonly detail: string;
}

/** The architecture of a run as SVG: publisher, bus, server nodes, load workers and probe, with their counts. */
export function stageDiagram(run: Run): string {
  const left = leftBoxes(run);
  const servers = capped(serverBoxes(run));
  const clients = capped(clientBoxes(run));
  const rows = Math.max(left.length, servers.length, clients.length, 1);
  const height = rows * (BOX.height + 18) + 44;
  const colour = `var(${stageColour(run.plan.target ? '' : run.stage).variable})`;
  const place = (index: number, count: number) => middle(index, count, height);
  const parts = [
    ...left.map((box, i) =>
      drawBox(COLUMNS.publisher, place(i, left.length), box, box.isBus ? colour : 'var(--faint)'),
    ),
    ...servers.map((box, i) => drawBox(COLUMNS.server, place(i, servers.length), box, colour)),
    ...clients.map((box, i) => drawBox(COLUMNS.clients, place(i, clients.length), box, 'var(--faint)')),
    ...left.flatMap(({ isBus }, l) =>
      servers.map((_, s) => {
        // Where several reach a node, their lines end below each other, in the order of the boxes.
        const shift = (l - (left.length - 1) / 2) * (left.length > 2 ? 12 : 18);
        const from = { x: COLUMNS.publisher + BOX.width, y: place(l, left.length) };
        const to = { x: COLUMNS.server, y: place(s, servers.length) + shift };
        return isBus ? connection(from, to, colour, 'both') : connection(from, to, 'var(--faint)', 'to');
      }),
    ),
    ...servers.flatMap((_, s) =>
      clients.map((__, c) =>
        connection(
          { x: COLUMNS.server + BOX.width, y: place(s, servers.length) },
          { x: COLUMNS.clients, y: place(c, clients.length) },
          'var(--faint)',
          // Who polls asks, and is answered on the same line; who speaks says and hears there.
          run.polling || run.plan.publishVia === 'clients' ? 'both' : 'to',
        ),
      ),
    ),
    ...(hasPublisher(run)
      ? [caption((COLUMNS.publisher + BOX.width + COLUMNS.server) / 2, publishCaption(run))]
      : []),
    caption((COLUMNS.server + BOX.width + COLUMNS.clients) / 2, deliveryCaption(run)),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" style="max-width:100%;height:auto" role="img" aria-label="${escapeText(description(run))}" font-family="system-ui,sans-serif">${parts.join('')}</svg>`;
}

function description(run: Run): string {
  const { stage, plan, bus, rolling } = run;
  const between = `${bus ? `, bus ${bus.kind}` : ''}${rolling ? `, discovery ${rolling.discovery}` : ''}`;
  return `Architecture of ${stage}: ${hasPublisher(run) ? 'publisher, ' : ''}${plan.serverNodes} server nodes${between}, ${plan.workers} load workers, probe`;
}

/** Where clients speak themselves there is nobody beside them who publishes. */
function hasPublisher({ publish, plan }: Run): boolean {
  return publish !== null && plan.publishVia !== 'clients';
}

function publishCaption({ plan, rolling }: Run): string {
  if (plan.publishVia === 'call') return `unary calls${rolling ? `, ${rolling.balance}` : ''}`;
  if (plan.publishVia === 'driver') return 'by the driver';
  if (plan.target !== null) return 'POST';
  if (plan.serverNodes < 2) return 'POST /publish';
  return plan.publishTo === 'any-node' ? 'POST /publish, nodes in turn' : 'POST /publish, to every node';
}

function deliveryCaption({ plan, polling, stage, security }: Run): string {
  const between = plan.link === null ? '' : `, ${linkWord(plan.link)}`;
  const reach = `fan-out ${formatCount(Math.round(plan.fanOut))}${between}`;
  const guarded = security.kind === 'plain' ? '' : `, ${security.kind}`;
  const shared = plan.streamsPerConnection > 1 ? ` x${plan.streamsPerConnection}` : '';
  if (!polling) return `${stage}${shared}${guarded}, ${reach}`;
  const asked = polling.intervalMs > 0 ? `GET every ${formatUs(polling.intervalMs * 1000)}` : 'GET, held';
  return `${asked}${guarded}, ${reach}`;
}

/** Publisher above; below it the bus that the nodes have between them, and the directory that they register in. */
function leftBoxes(run: Run): (Box & { readonly isBus: boolean })[] {
  const publisher = hasPublisher(run) ? [{ ...publisherBox(run), isBus: false }] : [];
  const bus = run.bus ? [{ title: `bus ${run.bus.kind}`, detail: shorten(run.bus.broker), isBus: true }] : [];
  const directory =
    run.rolling && run.rolling.discovery !== 'static'
      ? [{ title: run.rolling.discovery, detail: 'instances, watched', isBus: true }]
      : [];
  return [...publisher, ...bus, ...directory];
}

function publisherBox({ workload, publish }: Run): Box {
  const size =
    typeof workload.payloadBytes === 'number' ? `, ${formatCount(workload.payloadBytes)} B each` : '';
  return {
    title: 'publisher',
    detail: `${formatCount(Math.round(publish?.offeredPerSecond ?? 0))} /s${size}`,
  };
}

function serverBoxes(run: Run): Box[] {
  const { plan, processes, stage, variant } = run;
  if (plan.target !== null) return [{ title: serverName(run), detail: 'own server' }];
  const nodes = processes.filter(({ role }) => role === 'server');
  return Array.from({ length: plan.serverNodes }, (_, i) => ({
    title: `${stage}:${variant}`,
    detail: `${plan.serverNodes > 1 ? `node ${i}: ` : ''}${formatCount(nodes[i]?.connections ?? 0)} ${sharesConnections({ plan }) ? 'streams' : 'connections'}`,
  }));
}

function clientBoxes({ plan, processes }: Run): Box[] {
  const clients = sharesConnections({ plan }) ? 'streams' : 'lean clients';
  const workers = processes.filter(({ role }) => role === 'worker');
  const boxes = workers.map(({ index, connections }) => ({
    title: workers.length > 1 ? `load worker ${index}` : 'load worker',
    detail: `${formatCount(connections)} ${clients}`,
  }));
  const probe = { title: 'probe', detail: `${formatCount(plan.probes)} library clients` };
  return plan.probes > 0 ? [...capped(boxes), probe] : boxes;
}

function capped(boxes: readonly Box[]): Box[] {
  if (boxes.length <= MOST + 1) return [...boxes];
  const rest = boxes.length - MOST;
  return [
    ...boxes.slice(0, MOST - 1),
    { title: `${rest} more`, detail: boxes[MOST]?.detail ?? '' },
    ...boxes.slice(-1),
  ];
}

function middle(index: number, count: number, height: number): number {
  return 30 + ((height - 36) * (index + 0.5)) / count;
}

function drawBox(x: number, y: number, { title, detail }: Box, stroke: string): string {
  const top = y - BOX.height / 2;
  return `<g><rect x="${x}" y="${top}" width="${BOX.width}" height="${BOX.height}" rx="4" style="fill:none;stroke:${stroke};stroke-width:1.5"/><text x="${x + BOX.width / 2}" y="${y - 4}" text-anchor="middle" font-size="13.5" font-weight="600" style="fill:var(--ink)">${escapeText(shorten(title))}</text><text x="${x + BOX.width / 2}" y="${y + 15}" text-anchor="middle" font-size="12.5" style="fill:var(--muted)">${escapeText(detail)}</text></g>`;
}

function shorten(text: string): string {
  return text.length <= 25 ? text : `${text.slice(0, 24)}…`;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A curve from the right side of one box to the left side of another, with an arrow head at one or both ends. */
function connection(from: Point, to: Point, stroke: string, heads: 'to' | 'both'): string {
  const [x1, x2] = [from.x + (heads === 'both' ? 10 : 4), to.x - 10];
  const bend = (x1 + x2) / 2;
  const back = heads === 'both' ? `<path d="M${x1 - 6},${from.y}l7,-3.5v7z" style="fill:${stroke}"/>` : '';
  return `<path d="M${x1},${from.y}C${bend},${from.y} ${bend},${to.y} ${x2},${to.y}" style="fill:none;stroke:${stroke};stroke-width:1.2"/><path d="M${x2 + 6},${to.y}l-7,-3.5v7z" style="fill:${stroke}"/>${back}`;
}

function caption(x: number, text: string): string {
  return `<text x="${x}" y="16" text-anchor="middle" font-size="12.5" style="fill:var(--muted)">${escapeText(text)}</text>`;
}

import type { Run } from '../../contract/result.ts';
import { escapeText } from '../html/escape.ts';
import { formatCount } from '../numbers.ts';
import { stageColour } from '../palette.ts';

const WIDTH = 1000;
const BOX = { width: 190, height: 50 };
const COLUMNS = { publisher: 4, server: 392, clients: 790 };
/** More boxes than this in a column are drawn as the first ones and a count. */
const MOST = 4;

interface Box {
  readonly title: string;
  readonly detail: string;
}

/** The architecture of a run as SVG: publisher, server nodes, load workers and probe, with their counts. */
export function stageDiagram(run: Run): string {
  const servers = capped(serverBoxes(run));
  const clients = capped(clientBoxes(run));
  const rows = Math.max(servers.length, clients.length, 1);
  const height = rows * (BOX.height + 18) + 44;
  const publishes = run.publish !== null;
  const colour = `var(${stageColour(run.plan.target ? '' : run.stage).variable})`;
  const parts = [
    ...(publishes
      ? [drawBox(COLUMNS.publisher, middle(0, 1, height), publisherBox(run), 'var(--faint)')]
      : []),
    ...servers.map((box, i) => drawBox(COLUMNS.server, middle(i, servers.length, height), box, colour)),
    ...clients.map((box, i) =>
      drawBox(COLUMNS.clients, middle(i, clients.length, height), box, 'var(--faint)'),
    ),
    ...(publishes
      ? servers.map((_, i) => arrow(COLUMNS.publisher, 0, 1, COLUMNS.server, i, servers.length, height))
      : []),
    ...servers.flatMap((_, s) =>
      clients.map((__, c) =>
        arrow(COLUMNS.server, s, servers.length, COLUMNS.clients, c, clients.length, height),
      ),
    ),
    ...(publishes ? [caption((COLUMNS.publisher + BOX.width + COLUMNS.server) / 2, 'POST /publish')] : []),
    caption(
      (COLUMNS.server + BOX.width + COLUMNS.clients) / 2,
      `${run.stage}, fan-out ${formatCount(Math.round(run.plan.fanOut))}`,
    ),
  ];
  const label = escapeText(
    `Architecture of ${run.stage}: publisher, ${run.plan.serverNodes} server nodes, ${run.plan.workers} load workers, probe`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" style="max-width:100%;height:auto" role="img" aria-label="${label}" font-family="system-ui,sans-serif">${parts.join('')}</svg>`;
}

function publisherBox({ workload, publish }: Run): Box {
  const size =
    typeof workload.payloadBytes === 'number' ? `, ${formatCount(workload.payloadBytes)} B each` : '';
  return {
    title: 'publisher',
    detail: `${formatCount(Math.round(publish?.offeredPerSecond ?? 0))} /s${size}`,
  };
}

function serverBoxes({ plan, processes, stage, variant }: Run): Box[] {
  if (plan.target) return [{ title: plan.target, detail: 'own server' }];
  const nodes = processes.filter(({ role }) => role === 'server');
  return Array.from({ length: plan.serverNodes }, (_, i) => ({
    title: `${stage}:${variant}${plan.serverNodes > 1 ? ` node ${i}` : ''}`,
    detail: `${formatCount(nodes[i]?.connections ?? 0)} connections`,
  }));
}

function clientBoxes({ plan, processes }: Run): Box[] {
  const workers = processes.filter(({ role }) => role === 'worker');
  const boxes = workers.map(({ index, connections }) => ({
    title: workers.length > 1 ? `load worker ${index}` : 'load worker',
    detail: `${formatCount(connections)} lean clients`,
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
  return text.length <= 26 ? text : `${text.slice(0, 25)}…`;
}

function arrow(
  fromX: number,
  from: number,
  fromCount: number,
  toX: number,
  to: number,
  toCount: number,
  height: number,
): string {
  const [x1, x2] = [fromX + BOX.width + 4, toX - 10];
  const [y1, y2] = [middle(from, fromCount, height), middle(to, toCount, height)];
  const bend = (x1 + x2) / 2;
  return `<path d="M${x1},${y1}C${bend},${y1} ${bend},${y2} ${x2},${y2}" style="fill:none;stroke:var(--faint);stroke-width:1.2"/><path d="M${x2 + 6},${y2}l-7,-3.5v7z" style="fill:var(--faint)"/>`;
}

function caption(x: number, text: string): string {
  return `<text x="${x}" y="16" text-anchor="middle" font-size="12.5" style="fill:var(--muted)">${escapeText(text)}</text>`;
}

import type { MemoryLevel, Run } from '../../../contract/result.ts';
import { formatBytes, formatCount, orMissing } from '../../numbers.ts';
import { perSubscriber, shapeNote } from '../../runShape.ts';
import { type Html, html } from '../escape.ts';
import { chartFigure, section } from '../figureSection.ts';
import { type RunFigure, runFigures } from '../runFigures.ts';
import { term } from '../table.ts';
import type { ReportView } from '../view.ts';

const slope = (label: string, of: RunFigure['of']): RunFigure => ({
  label,
  definition: 'memory-slope',
  of,
  format: formatBytes,
  unit: 'bytes',
});
const ruler = (label: string, of: RunFigure['of']): RunFigure => ({
  ...slope(label, of),
  definition: 'rulers',
});
const load = (label: string, of: RunFigure['of']): RunFigure => ({
  ...slope(label, of),
  definition: 'memory-load',
});

const FIGURES: readonly RunFigure[] = [
  slope('server RSS per connection, slope', (run) => run.memory.server.rssPerConnectionBytes),
  slope('server RSS per connection, (last − base) / n', (run) => run.memory.serverRssNaivePerConnectionBytes),
  ruler('server PSS per connection', (run) => run.memory.server.pssPerConnectionBytes),
  ruler('server heap per connection', (run) => run.memory.server.heapPerConnectionBytes),
  ruler('server external per connection', (run) => run.memory.server.externalPerConnectionBytes),
  ruler('kernel per connection, both ends', (run) => run.memory.kernelPerConnectionBytes),
  slope('load client RSS per connection, slope', (run) => run.memory.generator.rssPerConnectionBytes),
  load('server RSS in the window, mean', (run) => run.memory.server.meanRssBytes),
  load('server RSS in the window, peak', (run) => run.memory.server.peakRssBytes),
  load('load client RSS in the window, peak', (run) => run.memory.generator.peakRssBytes),
  ruler('kernel socket buffers under load', (run) => run.memory.sockBytes),
  {
    ...ruler('whole machine, all connections live', (run) => run.memory.machineBytes),
    // Other programs may give back more than the run takes.
    format: (bytes) => (bytes > 0 ? formatBytes(bytes) : 'hidden by other programs'),
  },
];

/** How much memory: slope and its naive neighbour, levels, under load. */
export function memorySection(view: ReportView): Html | null {
  const runs = view.runs.map(({ run }) => run);
  const figures = runFigures(
    view,
    FIGURES.map((figure) => ({ ...figure, label: perSubscriber(figure.label, runs) })),
  );
  const shape = shapeNote(runs);
  if (!figures) return null;
  return section('How much memory?', [
    figures,
    shape === null ? null : html`<p>${shape}</p>`,
    flagsNote(view),
    chartFigure(view, 'memory-levels', 'memory-slope'),
    html`${view.runs.map(({ run, label }) => levelTable(run, label))}`,
  ]);
}

function flagsNote({ runs }: ReportView): Html {
  const flags = new Set(
    runs.flatMap(({ run }) =>
      run.processes.filter(({ role }) => role === 'server').flatMap((process) => process.flags),
    ),
  );
  const natural = runs.some(({ run }) => run.memory.gc === 'natural');
  const hasLevels = runs.some(({ run }) => run.memory.levels.length > 0);
  const levels = hasLevels
    ? 'Levels were sampled after a forced garbage collection.'
    : 'No levels were sampled in this scenario, so there is no slope; --scenario idle gives it.';
  const gc = natural
    ? 'Garbage was collected whenever the server chose (natural): never put these figures beside forced ones.'
    : levels;
  return html`<p class="quiet">${gc} V8 flags of the server: ${[...flags].join(' ') || 'none'}.</p>`;
}

function levelTable(run: Run, label: string): Html | null {
  const { levels } = run.memory;
  if (levels.length === 0) return null;
  const titles = [
    'server RSS',
    'after GC',
    'server PSS',
    'server heap',
    'clients RSS',
    'after GC',
    'kernel slab',
    'machine',
  ];
  const head = [
    html`<th scope="col">${term('connections', 'memory-slope')}</th>`,
    ...titles.map((title) => html`<th scope="col">${term(title, 'rulers')}</th>`),
  ];
  return html`<details><summary>Levels of ${label}</summary><div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${levels.map(levelRow)}</tbody></table></div></details>`;
}

function levelRow({ connections, settled, afterGc }: MemoryLevel): Html {
  const ruled = afterGc ?? settled;
  const cells = [
    settled.server.rssBytes,
    afterGc?.server.rssBytes ?? null,
    ruled.server.pssBytes,
    ruled.server.heapBytes,
    settled.generator.rssBytes,
    afterGc?.generator.rssBytes ?? null,
    ruled.kernelSlabBytes,
    ruled.machineBytes,
  ].map((bytes) => html`<td class="figure">${orMissing(bytes, formatBytes, '–')}</td>`);
  return html`<tr><td>${formatCount(connections)}</td>${cells}</tr>`;
}

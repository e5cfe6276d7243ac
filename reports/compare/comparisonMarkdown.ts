import type { Chart } from '../charts/chart.ts';
import { clockAgreement } from '../clockAgreement.ts';
import {
  accessLines,
  escapeMarkdown,
  figureName,
  noteLines,
  startLines,
  testedLoadLine,
} from '../markdown.ts';
import { backingNote } from '../percentiles.ts';
import { reasonFigure } from '../reasonFigure.ts';
import { perSubscriber } from '../runShape.ts';
import { thresholdMarkdown } from '../thresholds/thresholdViews.ts';
import type { Comparison } from './comparison.ts';
import { comparisonHeadline } from './comparisonHeadline.ts';
import { differencesOf } from './differences.ts';
import { type Figure, figuresOf } from './figures.ts';
import { formatRange } from './formatRange.ts';
import { LADDER } from './ladderRows.ts';
import { meaning, type Statement } from './meaning.ts';
import { connectPace } from './securityConditions.ts';
import { securityRows } from './securityRows.ts';
import type { ServerGroup } from './serverGroup.ts';
import { nameAtLoad, shownLoad } from './sweep.ts';
import { kneeStatements } from './sweepMeaning.ts';

/** The comparison as Markdown: the same story, for a pull request or a wiki. */
export function comparisonMarkdown(comparison: Comparison, charts: readonly Chart[]): string {
  const { servers, groups } = comparison;
  const statements = [...meaning(servers), ...kneeStatements(groups)];
  const parts = [
    `# ${escapeMarkdown(comparisonHeadline(comparison))}`,
    atLoad(servers),
    ladder(servers),
    testedLoadLine(servers.map(({ label, look: { run } }) => ({ label, run }))),
    protection(servers),
    thresholdMarkdown(comparison.sources, escapeMarkdown),
    ['## What this means', '', ...statements.map(bullet)].join('\n'),
    doubts(comparison),
    ...charts.map((chart) => `![${escapeMarkdown(chart.description)}](charts/${chart.name}.svg)`),
    conditions(comparison),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

const row = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`;

/** Empty without a sweep: then there is but one load. */
function atLoad(servers: readonly ServerGroup[]): string {
  const load = shownLoad(servers);
  return load === null ? '' : `${escapeMarkdown(load)}:`;
}

function ladder(servers: readonly ServerGroup[]): string {
  const metrics = LADDER.flatMap((part) => part.metrics);
  const runs = servers.flatMap((server) => server.runs);
  const rows = metrics.flatMap((metric) => {
    const figures = figuresOf(servers, metric);
    if (figures.length === 0) return [];
    const cells = servers.map((server) => text(figures.find(({ group }) => group === server)));
    const name = figureName(perSubscriber(metric.label, runs), metric.definition);
    return [`| ${name} | ${cells.map(escapeMarkdown).join(' | ')} |`];
  });
  const labels = servers.map(({ label }) => label);
  const note = backingNote(
    'In brackets',
    metrics.flatMap((metric) => figuresOf(servers, metric).flatMap(({ few }) => few)),
  );
  const head = [row(['', ...labels]), `|---|${labels.map(() => '--:|').join('')}`];
  return [...head, ...rows, ...noteLines(note)].join('\n');
}

/** What protection costs; empty where one kind was run. */
function protection(servers: readonly ServerGroup[]): string {
  const [head, ...rows] = securityRows(servers);
  if (!head) return '';
  const note =
    'Behind each figure its ratio to the least protected, in brackets where the intervals do not tell the two apart; ✗ is INVALID.';
  const pace = connectPace(servers.flatMap((server) => server.runs));
  return [
    '## What protection costs',
    '',
    row(head),
    `|---|${head
      .slice(1)
      .map(() => '--:|')
      .join('')}`,
    ...rows.map(row),
    '',
    escapeMarkdown(`${note} ${pace}`.trim()),
  ].join('\n');
}

function text(figure: Figure | undefined): string {
  if (!figure) return '–';
  const { metric, estimate, verdict, isSupported } = figure;
  const ends = estimate.interval ? formatRange(estimate.interval, metric.format, ' – ') : null;
  const range = ends ? ` (${ends})` : '';
  const value = `${metric.format(estimate.value)}${range}`;
  // Too few messages for that percentile: brackets, as in the terminal.
  return `${isSupported ? value : `(${value})`}${verdict === 'VALID' ? '' : ` ${verdict}`}`;
}

function bullet({ text: said, command }: Statement): string {
  return `- ${escapeMarkdown(said)}${command ? `\n\n      ${command}\n` : ''}`;
}

function doubts({ groups, sources, servers }: Comparison): string {
  const unlike = differencesOf(sources, servers).map(
    ({ what, values }) => `- **not like for like** ${escapeMarkdown(`${what}: ${values.join(', ')}`)}`,
  );
  const reasons = groups.flatMap((group) =>
    group.runs.flatMap(({ validity }) =>
      validity.reasons.map(
        (reason) =>
          `- **${reason.verdict}** (${reason.families.join(', ')}) ${escapeMarkdown(`${nameAtLoad(group)}: ${reason.message}. ${reasonFigure(reason)}. ${reason.advice}`)}`,
      ),
    ),
  );
  const lines = [...unlike, ...new Set(reasons)];
  return lines.length === 0 ? '' : ['## Is it true?', '', ...lines].join('\n');
}

function conditions({ sources, servers }: Comparison): string {
  const lines = sources.map(({ name, result: { host, seed, command, tool } }) => {
    const memory = `${Math.round(host.memoryBytes / 1024 ** 3)} GiB`;
    const machine = `${host.cpuModel}, ${host.cores} cores, ${memory}, ${host.platform}, kernel ${host.kernel}, Node ${host.nodeVersion}`;
    return `- ${escapeMarkdown(`${name ? `${name}: ` : ''}${machine}; ${tool.name} ${tool.version}, seed ${seed}`)}: \`${command.join(' ').replaceAll('`', "'")}\``;
  });
  const clocks = clockAgreement(sources.flatMap(({ result }) => result.runs));
  return [
    '## Under what conditions',
    '',
    ...lines,
    ...startLines(servers.map(({ look }) => look.run)),
    ...accessLines(servers.map(({ look }) => look.run)),
    '- Server and generator on one machine share its cores: they are co-located.',
    ...(clocks === null ? [] : [`- ${clocks}`]),
  ].join('\n');
}

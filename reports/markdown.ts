import type { Run, RunResult } from '../contract/result.ts';
import type { Chart } from './charts/chart.ts';
import { clockAgreement } from './clockAgreement.ts';
import type { DefinitionId } from './definitions.ts';
import { headline } from './headline.ts';
import { protectionText } from './html/sections/access.ts';
import { bracketNote } from './percentileColumn.ts';
import { reasonFigure } from './reasonFigure.ts';
import { namedRuns, runLabels, serverLabel } from './runLabel.ts';
import { describeLink } from './runLink.ts';
import { describeShape, sharesConnections } from './runShape.ts';
import { startCommand } from './startCommand.ts';
import { summaryColumns } from './summaryColumns.ts';
import { type NamedRun, testedLoad } from './testedLoad.ts';
import { thresholdMarkdown } from './thresholds/thresholdViews.ts';

/** The report as Markdown: the same story, for a pull request or a wiki. */
export function renderMarkdown(result: RunResult, charts: readonly Chart[]): string {
  const parts = [
    `# ${escapeMarkdown(headline(result))}`,
    summaryTable(result),
    testedLoadLine(namedRuns(result.runs)),
    thresholdMarkdown([{ name: '', result }], escapeMarkdown),
    reasons(result),
    ...charts.map((chart) => `![${escapeMarkdown(chart.description)}](charts/${chart.name}.svg)`),
    conditions(result),
    result.runs.some(({ plan }) => plan.target === null)
      ? 'These are Node reference servers; for yours, run with `--target`.'
      : '',
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/** Text of strangers must neither break a table nor become markup. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#!]/g, (character) => `\\${character}`).replace(/[\r\n]+/g, ' ');
}

/** The name of a figure, leading to its definition in the page beside this one. */
export function figureName(name: string, definition: DefinitionId | null): string {
  const text = escapeMarkdown(name);
  return definition === null ? text : `[${text}](report.html#def-${definition})`;
}

function summaryTable({ runs }: RunResult): string {
  if (runs.length === 0) return '';
  const labels = runLabels(runs);
  const columns = summaryColumns(runs);
  const row = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  return [
    `| ${['server', ...columns.map(({ title, definition }) => figureName(title, definition))].join(' | ')} |`,
    `|---|${columns.map(() => '--:|').join('')}`,
    ...runs.map((run, i) => row([labels[i] ?? '', ...columns.map(({ cell }) => cell(run))])),
    ...noteLines(bracketNote(columns, runs)),
  ].join('\n');
}

/** A paragraph below a table; none for null. */
export function noteLines(note: string | null): string[] {
  return note === null ? [] : ['', escapeMarkdown(note)];
}

/** Empty where no run knows it. */
export function testedLoadLine(named: readonly NamedRun[]): string {
  const load = testedLoad(named);
  return load === null ? '' : `${escapeMarkdown(load)}.`;
}

function reasons({ runs }: RunResult): string {
  const labels = runLabels(runs);
  const lines = runs.flatMap((run, i) =>
    run.validity.reasons.map(
      (reason) =>
        `- **${reason.verdict}** (${reason.families.join(', ')}) ${escapeMarkdown(`${labels[i]}: ${reason.message}. ${reasonFigure(reason)}. ${reason.advice}`)}`,
    ),
  );
  return lines.length === 0 ? '' : ['## Is it true?', '', ...lines].join('\n');
}

function conditions({ host, seed, command, tool, runs }: RunResult): string {
  const memory = `${Math.round(host.memoryBytes / 1024 ** 3)} GiB`;
  return [
    '## Under what conditions',
    '',
    `- ${escapeMarkdown(`${host.cpuModel}, ${host.cores} cores, ${memory}, ${host.platform}, kernel ${host.kernel}, Node ${host.nodeVersion}`)}`,
    `- ${tool.name} ${tool.version}, seed ${seed}: \`${command.join(' ').replaceAll('`', "'")}\``,
    ...startLines(runs),
    ...accessLines(runs),
    '- Server and generator on one machine share its cores: they are co-located.',
    ...clockLine(runs),
  ].join('\n');
}

/** How a server of the user's own was started, which its name does not say. */
export function startLines(runs: readonly Run[]): string[] {
  const commands = new Set(runs.flatMap((run) => startCommand(run) ?? []));
  return [...commands].map(
    (command) => `- A server of the user's own, started for each run: \`${command.replaceAll('`', "'")}\``,
  );
}

function clockLine(runs: readonly Run[]): string[] {
  const told = clockAgreement(runs);
  return told === null ? [] : [`- ${told}`];
}

/** The shape, the protection and the network that were measured, where they are not the plain ones. */
export function accessLines(runs: readonly Run[]): string[] {
  const told = runs.filter(
    (run) => sharesConnections(run) || run.security.kind !== 'plain' || run.plan.link !== null,
  );
  const lines = told.map(
    (run) =>
      `- ${escapeMarkdown(`${serverLabel(run)}: ${describeShape(run)}; protection ${protectionText(run)}; network: ${describeLink(run.plan)}`)}`,
  );
  return [...new Set(lines)];
}

import type { GateMetric, GateResult } from '../../../contract/gate.ts';
import { escapeMarkdown } from '../../markdown.ts';
import { conditionLines } from './gateConditions.ts';
import {
  BARS_NOTE,
  blockBars,
  changeText,
  endedLines,
  excludedLines,
  figureText,
  gating,
  headlineParts,
  informing,
  medianText,
  toleranceText,
  verdictText,
} from './gateFigures.ts';

/** A comment on GitHub holds 65,536 characters, and GitLab's and our own words around it want some. */
export const MOST_CHARACTERS = 65_000;

/**
 * The gate for a pull request: headline, table, and the rest behind clicks.
 * @returns at most `MOST_CHARACTERS`; parts without room are named, and stand in gate.json
 */
export function gateMarkdown(gate: GateResult): string {
  const { lead, rest } = headlineParts(gate);
  const parts: readonly Part[] = [
    { name: 'headline', text: `## ${escapeMarkdown(lead)}` },
    { name: 'headline', text: escapeMarkdown(rest) },
    { name: 'table', text: gatingTable(gate) },
    { name: 'why', text: whyLines(gate) },
    { name: 'thresholds', text: thresholdLines(gate) },
    { name: 'settle', text: settleText(gate) },
    {
      name: 'conditions',
      text: details(
        'Under what conditions',
        conditionLines(gate, excludedLines(gate)).map(bullet).join('\n'),
      ),
    },
    { name: 'information', text: informationTable(gate) },
  ];
  return `${fitting(parts.filter(({ text }) => text !== '')).join('\n\n')}\n`;
}

interface Part {
  readonly name: string;
  readonly text: string;
}

/** Room for the line that names what was left out. */
const LEFT_OUT_ROOM = 300;

function fitting(parts: readonly Part[]): string[] {
  const kept: string[] = [];
  const left: string[] = [];
  let room = MOST_CHARACTERS - LEFT_OUT_ROOM;
  for (const { name, text } of parts) {
    if (text.length + 2 <= room) {
      kept.push(text);
      room -= text.length + 2;
    } else left.push(name);
  }
  return left.length === 0
    ? kept
    : [...kept, `Left out here, for want of room: ${left.join(', ')}; gate.json has it.`];
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

function gatingTable(gate: GateResult): string {
  const metrics = gating(gate);
  if (metrics.length === 0) return '';
  const hasBars = metrics.some(({ differences }) => differences.length > 0);
  const head = [
    'metric',
    'base',
    'head',
    'change (interval)',
    'accepted',
    'verdict',
    ...(hasBars ? ['blocks'] : []),
  ];
  const lines = metrics.map((metric) =>
    row([
      ...figureCells(metric),
      escapeMarkdown(toleranceText(metric)),
      metric.verdict === 'PASS' ? verdictText(metric.verdict) : `**${verdictText(metric.verdict)}**`,
      ...(hasBars ? [blockBars(metric)] : []),
    ]),
  );
  const table = [row(head), `|---|--:|--:|--:|--:|---|${hasBars ? '---|' : ''}`, ...lines].join('\n');
  return hasBars ? `${table}\n\n<sub>${escapeMarkdown(BARS_NOTE)}</sub>` : table;
}

function figureCells(metric: GateMetric): string[] {
  const { label, path } = metric;
  return [
    `${escapeMarkdown(label)}<br>\`${path.replace(/[^\w.]/g, '?')}\``,
    escapeMarkdown(medianText(metric, 'base')),
    escapeMarkdown(medianText(metric, 'head')),
    escapeMarkdown(changeText(metric)),
  ];
}

/** Why there are fewer blocks than asked for, and why a metric did not pass. */
function whyLines(gate: GateResult): string {
  const why = gating(gate)
    .filter(({ verdict }) => verdict !== 'PASS')
    .map(({ label, verdict, why: said }) => `${verdictText(verdict)} ${label}: ${said}`);
  return [...endedLines(gate), ...why].map(bullet).join('\n');
}

function thresholdLines({ thresholds }: GateResult): string {
  if (thresholds.length === 0) return '';
  const lines = thresholds.map(({ text, passed, worst, unit }) =>
    bullet(`${passed ? '✓' : '✗ FAIL'} ${text} (worst run of head: ${figureText(worst, unit)})`),
  );
  return ['Thresholds:', '', ...lines].join('\n');
}

function settleText({ settle }: GateResult): string {
  if (settle === null) return '';
  return `What would settle it:\n\n${fenced(settle)}`;
}

/** A fence longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${text}\n${fence}`;
}

function informationTable(gate: GateResult): string {
  const metrics = informing(gate);
  if (metrics.length === 0) return '';
  const hasBars = metrics.some(({ differences }) => differences.length > 0);
  const lines = metrics.map((metric) =>
    row([...figureCells(metric), ...(hasBars ? [blockBars(metric)] : [])]),
  );
  const table = [
    row(['metric', 'base', 'head', 'change (interval)', ...(hasBars ? ['blocks'] : [])]),
    `|---|--:|--:|--:|${hasBars ? '---|' : ''}`,
    ...lines,
  ].join('\n');
  return details(`For information: ${metrics.length} more metrics, which do not decide`, table);
}

function details(summary: string, text: string): string {
  return `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`;
}

function bullet(text: string): string {
  return `- ${escapeMarkdown(text)}`;
}

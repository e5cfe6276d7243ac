import { plainNumbers } from '../numbers.ts';
import { testedLoad } from '../testedLoad.ts';
import { fittedTable, printable, shorten, wrap } from '../textLayout.ts';
import type { Comparison } from './comparison.ts';
import { caveats, columnsFor } from './comparisonColumns.ts';
import { comparisonHeadline } from './comparisonHeadline.ts';
import { METRIC } from './comparisonMetrics.ts';
import { withoutCovered } from './coveredCommands.ts';
import { isSameServer, pairsOfSources } from './delta.ts';
import { deltaText } from './deltaText.ts';
import { meaning } from './meaning.ts';
import { PROTECTION_FIGURES } from './securityCost.ts';
import { securityRows } from './securityRows.ts';
import { shownLoad } from './sweep.ts';
import { kneeStatements } from './sweepMeaning.ts';

/** The sentence, one table, what would settle the rest: the comparison in `width` columns, without a path. */
export function comparisonText(comparison: Comparison, width: number): string {
  const { servers, groups } = comparison;
  const columns = columnsFor(servers);
  const rows = [
    ['server', ...columns.map(({ title }) => title)],
    ...servers.map((group) => [
      shorten(printable(group.label), 32),
      ...columns.map(({ cell }) => plainNumbers(cell(group))),
    ]),
  ];
  const knees = kneeStatements(groups).map(({ text }) => text);
  const swept = shownLoad(servers);
  const shown = swept === null ? [] : [`The table: ${swept.toLowerCase()}.`];
  const tested = testedLoad(servers.map(({ label, look: { run } }) => ({ label, run })));
  const load = tested === null ? [] : [`${tested}.`];
  const notes = [...shown, ...knees, ...caveats(servers), ...load].map((text) => wrap(clean(text), width));
  return [
    wrap(clean(comparisonHeadline(comparison)), width),
    fittedTable(rows, width),
    protection(servers, width),
    notes.join('\n'),
    commands(comparison),
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** What has room in a terminal; the latency stands in the table above it. */
const TOLL = PROTECTION_FIGURES.filter(({ metric }) =>
  [METRIC.handshake, METRIC.connects, METRIC.memory, METRIC.deliveryCpu].some(({ id }) => id === metric.id),
);

/** What protection costs; empty where one kind was run. */
function protection(servers: Comparison['servers'], width: number): string {
  const rows = securityRows(servers, TOLL).map(([label = '', ...cells]) => [
    shorten(printable(label), 32),
    ...cells.map(plainNumbers),
  ]);
  const note =
    'Behind each figure its ratio to the least protected, in brackets where the intervals do not tell the two apart.';
  return rows.length === 0 ? '' : `${fittedTable(rows, width)}\n\n${wrap(note, width)}`;
}

/**
 * Several results: the finding and what changed where the same servers are on both sides; else the comparison of their
 * servers, and old, new and delta where each side has one.
 * @returns text of at most `width` columns, but for commands, which are never broken
 */
export function changeText(comparison: Comparison, width: number): string {
  const pairs = pairsOfSources(comparison);
  const changes = deltaText(pairs, width);
  const isChange = pairs.length > 0 && pairs.every(isSameServer);
  const lead = isChange
    ? wrap(clean(comparisonHeadline(comparison)), width)
    : comparisonText(comparison, width);
  return [lead, changes].filter(Boolean).join('\n\n');
}

/** Commands stand on lines of their own, unbroken, to be copied. */
function commands({ servers }: Comparison): string {
  const distinct = withoutCovered(meaning(servers).flatMap(({ command }) => command ?? []));
  return distinct.length === 0
    ? ''
    : ['What these runs do not settle, these would:', ...distinct.map((command) => `  ${command}`)].join(
        '\n',
      );
}

function clean(text: string): string {
  return printable(plainNumbers(text));
}

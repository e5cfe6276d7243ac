import { CALM, ROUGH, type Shares, simulate, type Weather } from './simulate.ts';

export const CVS = [0.02, 0.05, 0.1, 0.2] as const;
export const EFFECTS = [0, 0.05, 0.1, 0.2] as const;
export const BLOCKS = [6, 8, 12] as const;
export const GATES = 4_000;
const SEED = 20_261_123;

/** One table of docs/gate.md. */
export interface PowerTable {
  readonly weather: Weather;
  readonly tolerance: number;
}

export const TABLES: readonly PowerTable[] = [
  { weather: CALM, tolerance: 0.05 },
  { weather: CALM, tolerance: 0.02 },
  { weather: ROUGH, tolerance: 0.05 },
];

const START = '<!-- gate:power -->';
const END = '<!-- /gate:power -->';

/** The text between the markers of a document replaced. @throws Error where there are no markers */
export function withPower(document: string, power: string): string {
  const [from, to] = [document.indexOf(START), document.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`the document lacks ${START} or ${END}`);
  return `${document.slice(0, from + START.length)}\n\n${power}\n\n${document.slice(to)}`;
}

/** All tables, in Markdown. */
export function powerMarkdown(): string {
  return TABLES.map(tableMarkdown).join('\n\n');
}

function tableMarkdown(table: PowerTable): string {
  const titles = EFFECTS.map((effect) => (effect === 0 ? 'no change' : `+${percent(effect)}`));
  return [
    `Tolerance ${percent(table.tolerance)}, ${table.weather.name}; FAIL / INCONCLUSIVE / PASS, % of ${GATES.toLocaleString('en')} gates:`,
    '',
    `| run CV | blocks | ${titles.join(' | ')} |`,
    `|---|---|${EFFECTS.map(() => '---|').join('')}`,
    ...CVS.flatMap((cv) => BLOCKS.map((blocks) => powerRow(table, cv, blocks))),
  ].join('\n');
}

/** One row, which is the same however many others are made. */
export function powerRow({ weather, tolerance }: PowerTable, cv: number, blocks: number): string {
  const cells = EFFECTS.map((effect, i) =>
    // A seed of its own for each cell, and the same runs under each tolerance.
    cell(
      simulate({ cv, effect, blocks, weather }, tolerance, GATES, SEED + 1_000 * blocks + 10 * i + cv * 100),
    ),
  );
  return `| ${percent(cv)} | ${blocks} | ${cells.join(' | ')} |`;
}

function cell({ fail, inconclusive, pass }: Shares): string {
  return [fail, inconclusive, pass].map((share) => (share * 100).toFixed(1)).join(' / ');
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

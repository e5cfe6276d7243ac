import type { Figure } from './figure.ts';

const START = '<!-- figures: written by npm run benchmark -->';
const END = '<!-- end of figures -->';
const HEAD = ['| what | must | aim | measured | ruler | when |', '|---|--:|--:|--:|---|---|'];

/**
 * The document with these figures in its table. A row that was not measured this time stays as it was, with its date.
 * @throws RangeError where the document has lost the markers of its table.
 */
export function withFigures(document: string, figures: readonly Figure[], when: string): string {
  const [before, rest] = document.split(START);
  const [table, after] = (rest ?? '').split(END);
  if (rest === undefined || after === undefined)
    throw new RangeError(`no table between "${START}" and "${END}"`);
  const fresh = new Map(figures.map((figure) => [figure.what, rowOf(figure, when)]));
  const kept = rowsOf(table).map((row) => {
    const what = whatOf(row);
    const newer = fresh.get(what);
    fresh.delete(what);
    return newer ?? row;
  });
  return `${before}${START}\n\n${[...HEAD, ...kept, ...fresh.values()].join('\n')}\n\n${END}${after}`;
}

/** The same figures for a terminal. */
export function figuresText(figures: readonly Figure[]): string {
  const width = Math.max(0, ...figures.map(({ what }) => what.length));
  return figures
    .map(({ what, must, aim, measured }) => {
      const budget = must === '' ? '' : `   must ${must}${aim === '' ? '' : `, aim ${aim}`}`;
      return `${what.padEnd(width)}   ${measured}${budget}\n`;
    })
    .join('');
}

function rowOf({ what, must, aim, measured, ruler }: Figure, when: string): string {
  return `| ${[what, must, aim, measured, ruler, when].join(' | ')} |`;
}

function rowsOf(table: string): string[] {
  const lines = table.split('\n').filter((line) => line.startsWith('| '));
  return lines.filter((line) => line !== HEAD[0]);
}

function whatOf(row: string): string {
  return row.slice(2, row.indexOf(' | '));
}

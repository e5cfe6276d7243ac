/** A target's address or label may hold escape sequences: a terminal must not obey them. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed here
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}

/** Breaks a text into lines of at most `width`, between words where it can. */
export function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line].flatMap((long) => chunks(long, width)).join('\n');
}

function chunks(line: string, width: number): string[] {
  const parts: string[] = [];
  for (let at = 0; at < Math.max(1, line.length); at += width) parts.push(line.slice(at, at + width));
  return parts;
}

/** A table whose first row is its head: names to the left, figures to the right, columns before the last left out until it fits. */
export function fittedTable(rows: readonly (readonly string[])[], width: number): string {
  const fitted = dropColumns(rows, width);
  const widths = fitted[0]?.map((_, i) => Math.max(...fitted.map((row) => row[i]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  const [head = [], ...body] = fitted;
  return [line(head), '-'.repeat(line(head).length), ...body.map(line)].join('\n');
}

function dropColumns(rows: readonly (readonly string[])[], width: number): string[][] {
  const total = (table: readonly string[][]) =>
    (table[0] ?? []).reduce(
      (sum, _, i) => sum + 2 + Math.max(...table.map((row) => row[i]?.length ?? 0)),
      -2,
    );
  let fitted = rows.map((row) => [...row]);
  while (total(fitted) > width && (fitted[0]?.length ?? 0) > 3) {
    fitted = fitted.map((row) => row.toSpliced(-2, 1));
  }
  return fitted;
}

export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

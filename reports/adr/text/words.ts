import { formatRange } from '../../compare/formatRange.ts';
import { escapeMarkdown } from '../../markdown.ts';
import { significant, UNIT_GAP } from '../../numbers.ts';
import type { Prices } from '../decision.ts';
import type { Quantity, Range } from '../range.ts';

/** `12.4 µs (11.8 to 13.1 µs)`; without an interval that is said. */
export function rangeText(range: Range, format: (value: number) => string): string {
  const value = format(range.value);
  if (!range.hasInterval) return `${value} (no interval)`;
  const ends = formatRange(range, format, ' to ');
  return ends === null ? value : `${value} (${ends})`;
}

/** The same with its verdict, where that is not VALID; a dash where it was not measured. */
export function quantityText(quantity: Quantity | null, format: (value: number) => string): string {
  if (quantity === null) return '–';
  const mark = quantity.verdict === 'VALID' ? '' : ` ${quantity.verdict}`;
  return `${rangeText(quantity.range, format)}${mark}`;
}

/** `1 230 USD`; without bound where it is infinite. */
export function moneyOf({ currency }: Pick<Prices, 'currency'>): (value: number) => string {
  return (value) => (Number.isFinite(value) ? `${significant(value)}${UNIT_GAP}${currency}` : 'no bound');
}

/** A count that may be infinite. */
export function countText(value: number): string {
  return Number.isFinite(value) ? significant(value) : 'no number';
}

/** `14 months`, `never`. */
export function monthsText(months: number): string {
  if (!Number.isFinite(months)) return 'never';
  return months < 1
    ? 'less than a month'
    : `${significant(months, 2)} ${months < 1.5 && significant(months, 2) === '1' ? 'month' : 'months'}`;
}

/** `8 to 14 months`, `from 8 months to never`, `never`. */
export function paybackText({ low, value, high, hasInterval }: Range): string {
  if (!hasInterval) return `${monthsText(value)} (no interval)`;
  if (!Number.isFinite(low)) return 'never';
  if (!Number.isFinite(high)) {
    const middle = Number.isFinite(value) ? `, ${monthsText(value)} by the medians` : '';
    return `from ${monthsText(low)} to never${middle}`;
  }
  return monthsText(low) === monthsText(high)
    ? monthsText(value)
    : `${monthsText(value)} (${monthsText(low)} to ${monthsText(high)})`;
}

/**
 * A table of Markdown; cells are texts that may hold markup of ours, so strangers' words are escaped before.
 * @param textColumns columns of words, at the left; the others hold figures
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  textColumns = 1,
): string {
  const rule = head.map((_, i) => (i < textColumns ? '---' : '--:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Text of strangers, such as the name of a server. */
export const plain = escapeMarkdown;

/** Paragraphs and blocks, without those that say nothing. */
export function blocks(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

/** Footnotes in the order in which they are first referred to. */
export interface Footnotes {
  /** The mark of a note: `[^1]`. */
  mark(text: string): string;
  /** All notes, at the end. */
  text(): string;
}

export function footnotes(): Footnotes {
  const notes: string[] = [];
  return {
    mark(text) {
      const known = notes.indexOf(text);
      return `[^${known < 0 ? notes.push(text) : known + 1}]`;
    },
    text: () => notes.map((note, i) => `[^${i + 1}]: ${note}`).join('\n'),
  };
}

/** With its first letter as at the start of a sentence. */
export function capital(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}

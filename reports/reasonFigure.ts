import type { ValidityReason } from '../contract/result.ts';
import { formatCount, formatShare, formatUs, significant, UNIT_GAP } from './numbers.ts';

const FORMATS: Readonly<Record<string, (value: number) => string>> = {
  us: formatUs,
  ms: (ms) => formatUs(ms * 1_000),
  share: formatShare,
  count: formatCount,
  cores: (cores) => `${significant(cores)}${UNIT_GAP}cores`,
  pages: (pages) => `${formatCount(pages)}${UNIT_GAP}pages`,
};

/** What the rule of a reason measured, and what it allows: `Measured 1.71 ms, bound 1.55 ms`. */
export function reasonFigure({ figure, bound, unit }: ValidityReason): string {
  const format = FORMATS[unit] ?? ((value: number) => `${significant(value)}${UNIT_GAP}${unit}`);
  return `Measured ${format(figure)}, bound ${format(bound)}`;
}

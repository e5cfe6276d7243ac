import type { SelftestRow } from '../../contract/selftest.ts';

/** A row without the name of its case, which is added where it is run. */
export type Row = Omit<SelftestRow, 'case'>;

export interface Compared {
  readonly claim: string;
  readonly expected: number;
  /** null: not defined, which is never what was expected. */
  readonly measured: number | null;
  readonly tolerance: number;
}

/** How a figure is shown, with its unit. */
export type Show = (value: number) => string;

/** The figure is the expected one within a tolerance to each side. */
export function near({ claim, expected, measured, tolerance }: Compared, show: Show): Row {
  const agrees = measured !== null && Math.abs(measured - expected) <= tolerance;
  return {
    claim,
    expected: show(expected),
    measured: measured === null ? 'not defined' : show(measured),
    tolerance: tolerance === 0 ? 'exact' : `±${show(tolerance)}`,
    // JSON knows no infinity; what was measured still stands in words.
    figures: { expected, measured: Number.isFinite(measured) ? measured : null, tolerance },
    verdict: agrees ? 'pass' : 'fail',
  };
}

/** A count that has to be right to the last one. */
export function exactly(claim: string, expected: number, measured: number | null): Row {
  return near({ claim, expected, measured, tolerance: 0 }, (value) => value.toLocaleString('en-GB'));
}

/** Words that have to be the same. */
export function same(claim: string, expected: string, measured: string): Row {
  const verdict = expected === measured ? 'pass' : 'fail';
  return { claim, expected, measured, tolerance: 'exact', figures: null, verdict };
}

/** Something to know beside the claims. */
export function told(claim: string, measured: string, expected = ''): Row {
  return { claim, expected, measured, tolerance: '', figures: null, verdict: 'info' };
}

/** A value, or what would have been right. The caller knows the key and adds it. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly expected: string };

/** Parses what a flag or an environment variable (text) or a config file (text or number) gives. */
export type Parser<T> = (input: unknown) => Parsed<T>;

/** Bounds of a number, both included. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Checks a number that is already in its unit; `null` stands for text that is no number. */
export function within(value: number | null, bounds: Bounds, expected: string): Parsed<number> {
  const good = value !== null && value >= bounds.min && value <= bounds.max;
  return good ? { ok: true, value } : { ok: false, expected };
}

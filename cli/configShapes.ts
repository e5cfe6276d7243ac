import type { Fault } from '../contract/errors.ts';
import { nearest } from './nearest.ts';

/** An object of a config file, not checked yet. */
export type Plain = Readonly<Record<string, unknown>>;

/** True for objects that are no list. */
export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object; {} where it is absent, or a fault was added. */
export function objectOf(value: unknown, key: string, faults: Fault[]): Plain {
  if (value === undefined) return {};
  if (isPlain(value)) return value;
  faults.push({ key, value, expected: 'an object' });
  return {};
}

/** Adds a fault for each key that is not known, with the nearest one that is. */
export function refuseUnknown(value: Plain, known: readonly string[], at: string, faults: Fault[]): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const expected = `no such key; there is ${known.join(', ')}${nearest(key, known)}`;
    faults.push({ key: `${at}.${key}`, value: undefined, expected });
  }
}

/** A list of text; [] where it is absent, or a fault was added. */
export function stringList(value: unknown, key: string, faults: Fault[]): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  faults.push({ key, value, expected: "a list of text, such as ['sse', 'sse:raw']" });
  return [];
}

/** Text; null where it is absent, or a fault was added. */
export function optionalText(value: unknown, key: string, faults: Fault[]): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string') return value;
  faults.push({ key, value, expected: 'text' });
  return null;
}

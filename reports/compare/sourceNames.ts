import { shorten } from '../textLayout.ts';

const LONGEST = 24;

/**
 * Short names of the compared results: what their own names, cut at hyphens, do not all begin or end with.
 * Names that are alike are numbered.
 */
export function sourceNames(names: readonly string[]): string[] {
  const parts = names.map((name) => name.split('-'));
  const shortest = Math.min(...parts.map(({ length }) => length));
  const head = sharedCount(parts, shortest - 1, (list, i) => list[i]);
  const tail = sharedCount(parts, shortest - head - 1, (list, i) => list[list.length - 1 - i]);
  const distinct = parts.map((list) => shorten(list.slice(head, list.length - tail).join('-'), LONGEST));
  return distinct.map((name, i) =>
    distinct.indexOf(name) === distinct.lastIndexOf(name) ? name : `${name} ${i + 1}`,
  );
}

/** How many parts, counted from one end, all names share. */
function sharedCount(
  parts: readonly (readonly string[])[],
  most: number,
  at: (list: readonly string[], i: number) => string | undefined,
): number {
  let count = 0;
  while (count < most && new Set(parts.map((list) => at(list, count))).size === 1) count++;
  return count;
}

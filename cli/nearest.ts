/** Edit distance of Levenshtein, two rows. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}

/**
 * What the user may have meant, for the end of an error message: `; did you mean "steady"?`, or '' where nothing is near.
 */
export function nearest(word: string, known: readonly string[]): string {
  const bound = Math.max(2, Math.floor(word.length / 3));
  const near = known
    .map((name) => ({ name, off: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, off }) => off <= bound || (word.length > 2 && name.startsWith(word)))
    .sort((a, b) => a.off - b.off)
    .slice(0, 3)
    .map(({ name }) => `"${name}"`);
  return near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
}

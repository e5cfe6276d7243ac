/** Less than nothing, nothing (the fourth), more than nothing. */
const LEVELS = [...'▁▂▃▄▅▆▇█'];
const ZERO = 3;

/**
 * One bar for each value, in order: ▄ is 0, █ is `furthest` or beyond, ▁ is as far below.
 * @param furthest above 0, in the unit of the values
 */
export function sparkline(values: readonly number[], furthest: number): string {
  return values
    .map((value) => {
      const share = Math.max(-1, Math.min(1, value / furthest));
      const steps = share > 0 ? LEVELS.length - 1 - ZERO : ZERO;
      return LEVELS[ZERO + Math.round(share * steps)];
    })
    .join('');
}

/** First and longest delay between two attempts to reach the bus, milliseconds. */
const FIRST_MS = 50;
const LONGEST_MS = 2_000;

/** Delay before attempt `attempt` (from 0): doubling, less up to half of it at random, so that nodes do not return as one. */
export function backOffMs(attempt: number, random: () => number = Math.random): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(longest * (1 - random() / 2));
}

import { nowUs } from '../../contract/clock.ts';

const ROUNDS = 5;
const STEPS = 4_000_000;

/**
 * How long a fixed loop takes now, microseconds: the least of five, some 3 ms each. On a machine that shares its cores with
 * machines that it does not see this changes, and no counter of the kernel tells.
 */
export function hostPace(): number {
  return Math.min(...Array.from({ length: ROUNDS }, timeLoop));
}

function timeLoop(): number {
  const fromUs = nowUs();
  let state = 1;
  for (let i = 0; i < STEPS; i++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  const tookUs = nowUs() - fromUs;
  // The result is used, or the loop may be left out.
  return state === 0 ? 0 : tookUs;
}

/** Share by which the slowest of these paces is above the quickest. */
export function paceSpread(paces: readonly number[]): number {
  return Math.max(...paces) / Math.min(...paces) - 1;
}

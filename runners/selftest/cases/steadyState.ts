import { playWindow } from '../recorderBench.ts';
import { same } from '../rows.ts';
import type { SelftestCase } from '../selftestCase.ts';

type Verdict = 'steady' | 'no steady state';

/** How latency changes over the window: a factor by the share of it that is over, and what has to be said of it. */
const COURSES: readonly (readonly [string, (share: number) => number, Verdict])[] = [
  ['latency that does not change', () => 1, 'steady'],
  ['latency that grows by a twentieth, which matters to nobody', (share) => 1 + share / 20, 'steady'],
  ['latency that doubles evenly over the window', (share) => 1 + share, 'no steady state'],
  ['latency that steps up by 60 % after seven tenths', (share) => (share > 0.7 ? 1.6 : 1), 'no steady state'],
  ['a warm-up that reaches into the window', (share) => 1 + 2 * Math.exp(-5 * share), 'no steady state'],
];

/** Windows that are known to be settled or not, through recorders and merge. */
export const steadyState: SelftestCase = {
  name: 'steady-state',
  title: 'Windows that settled, and windows that did not',
  async run({ options: { seed } }) {
    return COURSES.map(([claim, factor, expected]) => {
      const { four } = playWindow({
        serviceUs: (random, share) => factor(share) * (3_000 - Math.log(1 - random()) * 7_000),
        seed,
      });
      return same(claim, expected, four.latency.steadyState.verdict);
    });
  },
};

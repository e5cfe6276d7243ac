import { type ClockAgreement, ClocksDiffer, checkClocks } from '../../clock/checkClocks.ts';
import { skewedFlags } from '../../clock/skewedFlags.ts';
import { ROLE_FLAGS, RoleClient, startPublisher, startServerNode, startWorker } from '../../roleClient.ts';
import { exactly, near, type Row, same } from '../rows.ts';
import type { SelftestCase } from '../selftestCase.ts';

/** What a clock is set off by, microseconds; both ways. */
const SKEW_US = 5_000;
/** What the bounds may be apart for the claim to mean something: a tenth of the skew that is to be found. */
const SHARP_US = SKEW_US / 10;

const inMs = (us: number) => `${(us / 1_000).toFixed(3)} ms`;

/** Latencies are differences of two processes' clocks: those are one clock, and another would be noticed. */
export const clocks: SelftestCase = {
  name: 'clocks',
  title: 'One clock in all processes',
  async run() {
    const roles = [startServerNode(0), startPublisher(), startWorker('worker', 0), startWorker('probe', 1)];
    const skewed = [SKEW_US, -SKEW_US].map(
      (byUs, index) =>
        new RoleClient('worker', index + 2, 'loadWorker', [...ROLE_FLAGS, ...skewedFlags(byUs)]),
    );
    try {
      return [
        ...agreed(roles.length, await checkClocks(roles)),
        await refused('ahead', skewed[0]),
        await refused('behind', skewed[1]),
      ];
    } finally {
      await Promise.all([...roles, ...skewed].map((role) => role.stop()));
    }
  },
};

function agreed(roles: number, { processes, uncertaintyUs }: ClockAgreement): Row[] {
  return [
    exactly('processes whose clock is the coordinator’s: server, publisher, worker, probe', roles, processes),
    near(
      {
        claim: 'furthest that one of these clocks can be from the coordinator’s',
        expected: 0,
        measured: uncertaintyUs,
        tolerance: SHARP_US,
      },
      inMs,
    ),
  ];
}

async function refused(side: string, role: Parameters<typeof checkClocks>[0][number]): Promise<Row> {
  const claim = `a worker whose clock is ${inMs(SKEW_US)} ${side}`;
  try {
    await checkClocks([role]);
    return same(claim, 'refused', 'accepted');
  } catch (error) {
    if (!(error instanceof ClocksDiffer)) throw error;
    return same(claim, 'refused', 'refused');
  }
}

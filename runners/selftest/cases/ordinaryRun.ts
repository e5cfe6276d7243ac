import type { Run } from '../../../contract/result.ts';
import { type Row, same } from '../rows.ts';
import type { SelftestCase } from '../selftestCase.ts';

/**
 * A run in which nothing is wrong gets no reason to be doubted: a rule that always speaks says nothing. What the host brings
 * about makes the attempt void, so that such a rule is found here as well.
 */
export const ordinaryRun: SelftestCase = {
  name: 'ordinary',
  title: 'An ordinary run',
  async run(bench) {
    const run = await bench.measure({
      stage: 'sse',
      variant: 'shared',
      // So many messages that the p99 of how late they went out is not the one or two that met a pause.
      workload: {
        connections: 100,
        rooms: 10,
        probes: 10,
        ratePerSecond: 400,
        durationMs: bench.quick ? 2_000 : 5_000,
      },
    });
    return [same('validity, and the reasons against it', 'VALID', verdictOf(run)), statusRow(run)];
  },
};

function verdictOf({ validity: { verdict, reasons } }: Run): string {
  return [verdict, ...reasons.map(({ message }) => message)].join('; ');
}

function statusRow({ status, deliveries }: Run): Row {
  return same('complete, and lost', 'complete, 0 lost', `${status}, ${deliveries?.lost} lost`);
}

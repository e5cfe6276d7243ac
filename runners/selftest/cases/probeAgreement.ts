import { near, type Row } from '../rows.ts';
import type { SelftestCase } from '../selftestCase.ts';

const PROBES = 40;

/** The ecosystem's own clients beside the lean ones, on one server. */
export const probeAgreement: SelftestCase = {
  name: 'probe',
  title: 'Lean clients against the clients of the ecosystem',
  async run(bench) {
    const rows: Row[] = [];
    for (const [stage, variant] of [
      ['sse', 'shared'],
      ['ws', 'send'],
      ['grpc', 'server-stream'],
    ] as const) {
      const { probe } = await bench.measure({
        stage,
        variant,
        workload: {
          connections: 400,
          rooms: 20,
          probes: PROBES,
          ratePerSecond: 400,
          durationMs: bench.quick ? 2_000 : 5_000,
        },
        expects: ['runDelay'],
      });
      rows.push(
        near(
          {
            claim: `${stage}: median latency of ${PROBES} ecosystem clients less that of their lean neighbours`,
            expected: 0,
            measured: probe?.differenceUs ?? null,
            tolerance: probe?.boundUs ?? 0,
          },
          (us) => `${(us / 1_000).toFixed(2)} ms`,
        ),
      );
    }
    return rows;
  },
};

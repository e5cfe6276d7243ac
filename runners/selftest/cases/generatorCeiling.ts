import type { BuiltInProtocol } from '../../../contract/pushServer.ts';
import type { MeasuredCeiling } from '../../ceiling/ceilingSample.ts';
import { type CeilingEffort, measureCeiling } from '../../ceiling/measureCeiling.ts';
import { readHostFacts } from '../../samplers/hostFacts.ts';
import type { Bench } from '../bench.ts';
import { Disturbed } from '../disturbances.ts';
import { hostPace, paceSpread } from '../hostPace.ts';
import { exactly, near, type Row, told } from '../rows.ts';
import type { SelftestCase } from '../selftestCase.ts';

const PAYLOAD_BYTES = 256;
/** System calls of a client for one message: a read; a poll is written as well. */
const CALLS: Readonly<Record<BuiltInProtocol, number>> = { sse: 1, ws: 1, poll: 2, grpc: 1, 'sse-h2': 1 };
/** Beside them are those that wait for what is to be read, and those of the control channel. */
const CALLS_TOLERANCE = 0.15;
/** A worker that waits for messages more than this could have taken more: the ceiling would be that of the servers. */
const IDLE_SHARE = 0.1;
/** Of two measurements of one host. */
const AGREEMENT = 0.15;
/** A host whose pace changes by more than this shows nothing about a ceiling that changes. */
const STEADY_PACE = 0.05;
/** Other work than this, as a share of the machine, moves a ceiling by more than a third of what is tolerated. */
const OTHERS_SHARE = 0.05;

/**
 * The ceiling that loads are told as a share of is what it is called: nothing is lost at it, each read brings one message, it
 * comes out the same twice, and there was nothing left to take more with.
 */
export const generatorCeiling: SelftestCase = {
  name: 'generator-ceiling',
  title: 'The most that the generator takes from a server that does nothing but send',
  async run(bench) {
    const others: readonly BuiltInProtocol[] = bench.quick ? ['poll'] : ['sse-h2', 'ws', 'poll', 'grpc'];
    const paces = [hostPace()];
    // A ceiling is the most that is reached, and what disturbs only lowers it: each side is the better of two, in turns.
    const first = [await measured(bench, 'sse')];
    const second = [await measured(bench, 'sse')];
    paces.push(hostPace());
    first.push(await measured(bench, 'sse'));
    second.push(await measured(bench, 'sse'));
    paces.push(hostPace());
    const rows = rowsOf('sse', first[0]);
    const agreement = near(
      {
        claim: 'sse: the ceiling measured again, over the first, each the better of two',
        expected: 1,
        measured: highest(second) / highest(first),
        tolerance: AGREEMENT,
      },
      ratio,
    );
    const spread = paceSpread(paces);
    if (agreement.verdict === 'fail' && spread > STEADY_PACE)
      throw new Disturbed([
        `the host took ${Math.round(spread * 100)} % longer for a fixed loop at one time than at another`,
      ]);
    rows.push(agreement);
    for (const protocol of others) rows.push(...rowsOf(protocol, await measured(bench, protocol)));
    return rows;
  },
};

function highest(ceilings: readonly MeasuredCeiling[]): number {
  return Math.max(...ceilings.map(({ deliveriesPerSecond }) => deliveriesPerSecond));
}

const ratio = (value: number): string => value.toFixed(2);

async function measured(bench: Bench, protocol: BuiltInProtocol): Promise<MeasuredCeiling> {
  const { seed, signal } = bench.options;
  const effort: CeilingEffort = {
    seed,
    warmupMs: bench.quick ? 500 : 1_000,
    windowMs: bench.quick ? 1_000 : 2_000,
  };
  const key = { protocol, payloadBytes: PAYLOAD_BYTES, streamsPerConnection: 1 };
  const ceiling = await measureCeiling(key, effort, signal);
  const others = ceiling.othersCores ?? 0;
  if (others > OTHERS_SHARE * readHostFacts().cores)
    throw new Disturbed([`other work on the host ${others.toFixed(2)} cores`]);
  return ceiling;
}

function rowsOf(protocol: BuiltInProtocol, ceiling: MeasuredCeiling): Row[] {
  const { ledger, deliveriesPerSecond, generatorSyscallsPerDelivery } = ceiling;
  return [
    exactly(`${protocol}: deliveries at the ceiling`, ledger.expected, ledger.received),
    exactly(
      `${protocol}: of them twice, out of order, or lost`,
      0,
      ledger.duplicated + ledger.reordered + ledger.lost,
    ),
    near(
      {
        claim: `${protocol}: read and write calls of the load worker for each message`,
        expected: CALLS[protocol],
        measured: generatorSyscallsPerDelivery,
        tolerance: CALLS[protocol] * CALLS_TOLERANCE,
      },
      ratio,
    ),
    near(
      {
        claim: `${protocol}: share of the time in which the load worker had something to read`,
        expected: 1,
        measured: ceiling.occupiedShare,
        tolerance: IDLE_SHARE,
      },
      ratio,
    ),
    told(
      `${protocol}: deliveries per second of ${PAYLOAD_BYTES} bytes`,
      Math.round(deliveriesPerSecond).toLocaleString('en-GB'),
    ),
  ];
}

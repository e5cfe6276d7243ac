import { FAULTLESS, type InstrumentSpec } from '../../../contract/knownAnswer.ts';
import type { Run } from '../../../contract/result.ts';
import { messagesForFaults } from '../../../servers/instrument/fates.ts';
import type { Bench } from '../bench.ts';
import { BENDING_TIMES } from '../disturbances.ts';
import { exactly, type Row } from '../rows.ts';
import type { SelftestCase } from '../selftestCase.ts';

const SUBSCRIBERS = 40;
const ROOMS = 4;
const RATE_PER_SECOND = 400;
/** Of the subscribers: clients of the ecosystem, so that two processes of different drivers keep a ledger each. */
const PROBES = 8;
/** So often that an interval of polling shows nearly every message, and long before the window ends. */
const POLL_INTERVAL_MS = 20;
/** What is missing after it was dropped: the instrument passes on all others at once, so one second is plenty. */
const DRAIN_QUIET_MS = 1_000;

/** Different numbers, so that none can pass for another. */
const FAULTS = { ...FAULTLESS, drop: 7, duplicate: 5, reorder: 3 };
/** A client that is shown states sees no message by itself: only a state that goes backwards. */
const FAULTS_OF_STATES = { ...FAULTLESS, reorder: 3 };
/** To each subscriber: enough for all faults. */
const MESSAGES = messagesForFaults(FAULTS);
const FAULTS_BY_VARIANT: Readonly<Record<string, InstrumentSpec>> = {
  sse: FAULTS,
  'sse-h2': FAULTS,
  ws: FAULTS,
  poll: FAULTS,
  'poll-state': FAULTS_OF_STATES,
  grpc: FAULTS,
};

/** A server that loses, doubles and swaps a known number of messages, for each protocol. */
export const ledger: SelftestCase = {
  name: 'ledger',
  title: 'Lost, duplicated and reordered messages are counted exactly',
  async run(bench) {
    const rows: Row[] = [];
    for (const [variant, spec] of Object.entries(FAULTS_BY_VARIANT)) {
      rows.push(...(await counts(bench, variant, spec)));
      // One protocol is enough where time is short: the ledger is the same for all.
      if (!bench.quick || variant === 'sse') rows.push(...(await counts(bench, variant, FAULTLESS)));
    }
    return rows;
  },
};

async function counts(bench: Bench, variant: string, spec: InstrumentSpec): Promise<Row[]> {
  const run = await bench.measure({
    stage: 'instrument',
    variant,
    workload: {
      connections: SUBSCRIBERS,
      rooms: ROOMS,
      ratePerSecond: RATE_PER_SECOND,
      probes: PROBES,
      pollIntervalMs: POLL_INTERVAL_MS,
      // Faults are at fixed places of a subscriber's first messages: all of them have to be in the window.
      warmupMs: 0,
      durationMs: Math.ceil((1_000 * ROOMS * MESSAGES) / RATE_PER_SECOND),
    },
    knownAnswer: { server: spec, drainQuietMs: DRAIN_QUIET_MS },
    // However busy the host is, a count that is wrong is wrong.
    expects: BENDING_TIMES,
  });
  return rowsOf(variant, spec, run);
}

function rowsOf(variant: string, spec: InstrumentSpec, { deliveries }: Run): Row[] {
  const server = spec === FAULTLESS ? `${variant}, no faults` : variant;
  const claim = (what: string, each: number) =>
    `${server}: ${what}${each === 0 ? '' : `, ${each} of each of ${SUBSCRIBERS} subscribers`}`;
  const delivered = SUBSCRIBERS * (MESSAGES - spec.drop);
  const rows = [
    exactly(`${server}: received, each counted once`, delivered, deliveries?.received ?? null),
    exactly(claim('lost', spec.drop), SUBSCRIBERS * spec.drop, deliveries?.lost ?? null),
    exactly(claim('twice', spec.duplicate), SUBSCRIBERS * spec.duplicate, deliveries?.duplicated ?? null),
    exactly(claim('reordered', spec.reorder), SUBSCRIBERS * spec.reorder, deliveries?.reordered ?? null),
  ];
  if (spec.drop === 0) return rows;
  // Together with the sum: if none lost more than its share, each lost exactly that.
  const most = deliveries?.worstSlots[0]?.lost ?? null;
  return [...rows, exactly(`${server}: lost by the subscriber that lost most`, spec.drop, most)];
}

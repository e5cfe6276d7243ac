import type { ValidityReason } from '../../contract/result.ts';
import { milliseconds } from '../milliseconds.ts';
import type { Judged, Rule } from './rule.ts';

const invalid = (reason: Omit<ValidityReason, 'verdict'>): ValidityReason => ({
  ...reason,
  verdict: 'INVALID',
});

/** Bound of what the generator may add: a tenth of what it measures, or `floorUs`. */
export function lagBoundUs(deliveryP99Us: number | null, floorUs: number): number {
  return Math.max(floorUs, (deliveryP99Us ?? 0) / 10);
}

const unsentMessages: Rule = ({ run }) => {
  const unsent = run.publish?.unsent ?? 0;
  if (unsent === 0) return null;
  return invalid({
    code: 'unsentMessages',
    families: ['latency', 'throughput', 'deliveries'],
    message: `${unsent} messages never sent`,
    advice: 'Lower --rate, or give --publish-depth where the server answers slowly.',
    figure: unsent,
    bound: 0,
    unit: 'count',
  });
};

const unsentConnections: Rule = ({ run }) => {
  const { unsent } = run.connections;
  // A closed loop brings connections of its own; what an abort left undone is not the generator's failure.
  if (unsent === 0 || run.closedLoop !== null || run.status === 'aborted') return null;
  return invalid({
    code: 'unsentConnections',
    families: ['throughput', 'deliveries', 'memory'],
    message: `${unsent} connections never attempted`,
    advice: 'Lower --connections or --connect-rate.',
    figure: unsent,
    bound: 0,
    unit: 'count',
  });
};

/** Whose schedule it is, in the possessive. */
function publisherOf({ plan }: { readonly plan: { readonly publishVia: string } }): string {
  return plan.publishVia === 'clients' ? "the speaking clients'" : "publisher's";
}

const PUBLISHER_LAG_US = 1_000;
/** A client that speaks reads what it hears on the same loop: seen 1.0 and 1.3 ms in good runs. */
const SPEAKING_LAG_US = 2_000;

/** How late a message may go out. */
export function sendBoundUs(run: Judged['run']): number {
  // A search says which rate keeps an objective: what matters there is the lag beside the objective.
  const measured = Math.max(run.latencyUs?.delivery.p99 ?? 0, run.ceiling?.sloUs ?? 0);
  const floorUs = run.plan.publishVia === 'clients' ? SPEAKING_LAG_US : PUBLISHER_LAG_US;
  return lagBoundUs(measured, floorUs);
}

/**
 * What of the send lag is the publisher's own, p99: a message also waits for a server that does not answer those before it.
 * All of it where that wait is not the larger part; null: nobody published.
 */
export function ownLagUs({ run, publisherLateUs }: Pick<Judged, 'run' | 'publisherLateUs'>): number | null {
  const lag = run.latencyUs?.sendLag.p99 ?? 0;
  return publisherLateUs === null || publisherLateUs < lag / 2
    ? publisherLateUs
    : Math.max(lag, publisherLateUs);
}

const sendLag: Rule = (judged) => {
  const { run } = judged;
  const bound = sendBoundUs(run);
  const ownUs = ownLagUs(judged);
  if (ownUs === null || ownUs <= bound) return null;
  return invalid({
    code: 'sendLag',
    families: ['latency'],
    message: `${publisherOf(run)} send lag p99 ${milliseconds(ownUs)}`,
    advice: 'Lower --rate, or free the machine: the schedule was not kept.',
    figure: ownUs,
    bound,
    unit: 'us',
  });
};

/** A poll that goes out late shows its state late: at most a twentieth of the interval, a tenth of the mean wait, may be ours. */
const pollSchedule: Rule = ({ run: { polling } }) => {
  const late = polling?.scheduleErrorUs.p99 ?? null;
  if (polling === null || late === null || polling.intervalMs === 0) return null;
  const bound = Math.max(5_000, (polling.intervalMs * 1_000) / 20);
  if (late <= bound) return null;
  return invalid({
    code: 'pollSchedule',
    families: ['latency'],
    message: `polls went out ${milliseconds(late)} late (p99)`,
    advice:
      'Lower --connections or give a longer --poll-interval: the pollers could not keep their schedule.',
    figure: late,
    bound,
    unit: 'us',
  });
};

const generatorStalled: Rule = ({ run, generatorStalledUs }) => {
  const bound = lagBoundUs(run.latencyUs?.delivery.p99 ?? null, 100_000);
  if (generatorStalledUs <= bound) return null;
  return invalid({
    code: 'generatorStalled',
    families: ['latency', 'throughput'],
    message: `a generator process stood still for ${milliseconds(generatorStalledUs)}`,
    advice: 'Free the machine: something kept a generator process from running.',
    figure: generatorStalledUs,
    bound,
    unit: 'us',
  });
};

const swapping: Rule = ({ host }) => {
  const pages = (host?.swapInPages ?? 0) + (host?.swapOutPages ?? 0);
  if (pages === 0) return null;
  return invalid({
    code: 'swapping',
    families: ['latency', 'throughput', 'memory'],
    message: `the host swapped ${pages} pages`,
    advice: 'Lower --connections, or free memory.',
    figure: pages,
    bound: 0,
    unit: 'pages',
  });
};

const exhausted: Rule = ({ run }) => {
  const failures = run.connections.failures.filter(
    ({ reason }) => reason === 'too-many-files' || reason === 'no-ports',
  );
  const count = failures.reduce((sum, failure) => sum + failure.count, 0);
  if (count === 0) return null;
  return invalid({
    code: 'exhausted',
    families: ['throughput', 'deliveries', 'memory'],
    message: `${count} connects failed for want of ${failures[0].reason === 'no-ports' ? 'ports' : 'open files'} on this host`,
    advice: 'Lower --connections, or raise the limit that bench doctor shows.',
    figure: count,
    bound: 0,
    unit: 'count',
  });
};

const crashedRole: Rule = ({ run, harnessCrashed }) => {
  if (!harnessCrashed) return null;
  return invalid({
    code: 'crashedRole',
    families: ['latency', 'throughput', 'memory', 'deliveries'],
    message: (run.abortReason ?? 'a process of the harness ended').split('\n')[0],
    advice: 'Run again; where it happens again, report it with result.json.',
    figure: 1,
    bound: 0,
    unit: 'count',
  });
};

/** The generator or the machine was the limit: the figures do not describe the server. */
export const INVALID_RULES: readonly Rule[] = [
  unsentMessages,
  unsentConnections,
  sendLag,
  pollSchedule,
  generatorStalled,
  swapping,
  exhausted,
  crashedRole,
];

import type { Run, ValidityReason } from '../../contract/result.ts';
import type { HostDifference } from '../samplers/hostDifference.ts';

/** What the rules judge: the run's figures, and what only the sampler saw. */
export interface Judged {
  readonly run: Omit<Run, 'validity'>;
  /** The host over the measured window; null where there was none. */
  readonly host: HostDifference | null;
  /** CPU that others used over the window, in cores. */
  readonly othersCores: number | null;
  /** Connections that the host dropped because an accept queue was full, from before the first connect on. */
  readonly listenOverflows: number | null;
  readonly generatorCores: number | null;
  /** Longest time for which a generator process stood still, and for which one waited for a core. */
  readonly generatorStalledUs: number;
  readonly generatorStarvedUs: number;
  /** Mean wait for a core per wake-up of publisher or worker, the worst process. */
  readonly runDelayUs: number | null;
  /** p99 of how late the publisher itself was, without what waited for the server's answers while it had time to spare; null: nobody published. */
  readonly publisherLateUs: number | null;
  /** p99 of how late the relay of a link passed things on; null: there is none. */
  readonly linkLateUs: number | null;
  readonly harnessCrashed: boolean;
}

/** Null: nothing to say. */
export type Rule = (judged: Judged) => ValidityReason | null;

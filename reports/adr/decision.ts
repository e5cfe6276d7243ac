import type { CostRates } from '../../contract/config.ts';

/** The criteria of the decision matrix, in their order. */
export const CRITERIA = ['latency', 'memory', 'cost', 'operability'] as const;
export type CriterionName = (typeof CRITERIA)[number];

/** Somebody's judgement of running one option, 0 (hardest) to 10 (easiest). */
export interface Judgement {
  readonly score: number;
  readonly why: string;
}

/** `decision` of the config file, checked; null and empty: not given. Names of options are `stage` or `stage:variant`. */
export interface Decision {
  readonly traffic: {
    readonly users: number | null;
    readonly peakShare: number | null;
    readonly connections: number | null;
    readonly messagesPerSecond: number | null;
    readonly fanOut: number | null;
    readonly payloadBytes: number | null;
  };
  readonly weights: Readonly<Record<CriterionName, number>> | null;
  readonly operability: ReadonlyMap<string, Judgement>;
  readonly migration: {
    readonly from: string | null;
    readonly personDays: ReadonlyMap<string, number>;
    readonly ratePerDay: number | null;
  };
  readonly node: {
    readonly cores: number | null;
    readonly memoryGiB: number | null;
    readonly gbitPerSecond: number | null;
    readonly usableShare: number | null;
    readonly reconnectWithinMs: number | null;
  };
}

/** Nothing of it given. */
export const NO_DECISION: Decision = {
  traffic: {
    users: null,
    peakShare: null,
    connections: null,
    messagesPerSecond: null,
    fanOut: null,
    payloadBytes: null,
  },
  weights: null,
  operability: new Map(),
  migration: { from: null, personDays: new Map(), ratePerDay: null },
  node: { cores: null, memoryGiB: null, gbitPerSecond: null, usableShare: null, reconnectWithinMs: null },
};

/** Prices, and whether they are the user's own. */
export interface Prices extends CostRates {
  /** True: example prices of the order of public ones, which the record calls that. */
  readonly isExample: boolean;
}

/** What a reference server can do, from the stage itself: facts, no judgement. */
export interface OptionFacts {
  readonly summary: string;
  readonly protocol: string;
  readonly resume: boolean;
  /** `state`: an answer shows the newest message, and with it all before it. */
  readonly shows: 'message' | 'state';
  readonly bus: string | null;
}

import type { Calibrate } from '../../contract/config.ts';
import { messageOf } from '../../contract/errors.ts';
import type { ProgressListener } from '../../contract/progress.ts';
import type { Host } from '../../contract/result.ts';
import type { KeptCeiling } from '../../contract/resultTrust.ts';
import { isPublished } from '../isPublished.ts';
import { ownVersion } from '../ownVersion.ts';
import type { RunPlan } from '../plan.ts';
import { CeilingCache, originOf } from './ceilingCache.ts';
import type { MeasuredCeiling } from './ceilingSample.ts';
import { type CeilingKey, DEFAULT_EFFORT, EXPECTED_MS, measureCeiling } from './measureCeiling.ts';

/** Cores of other work, as a share of the machine's, beyond which what was reached is not the ceiling of the machine. */
const OTHERS_SHARE = 0.2;
/** Share of the window in which the load worker had nothing to read, beyond which it was not the limit. */
const IDLE_SHARE = 0.2;

/** What is known of the generator's ceiling for a run. */
export type KnownCeiling =
  | { readonly ceiling: KeptCeiling }
  | {
      readonly ceiling: null;
      /** null: nobody asks for it, since the run puts no load on anything. */
      readonly why: string | null;
    };

export const NO_CEILING: KnownCeiling = { ceiling: null, why: null };

export interface FoundCeilings {
  of(plan: RunPlan): KnownCeiling;
  /** So many were measured now: the host has yet to settle after them. */
  readonly measured: number;
}

interface Finding {
  readonly calibrate: Calibrate;
  readonly host: Host;
  readonly progress: ProgressListener;
  readonly signal: AbortSignal;
}

/**
 * The generator's ceiling for each plan, from the cache of this host or measured now. That it cannot be measured or kept never
 * fails a run: the run says why.
 */
export async function findCeilings(
  plans: readonly RunPlan[],
  { calibrate, host, progress, signal }: Finding,
  cache = new CeilingCache(),
): Promise<FoundCeilings> {
  const origin = originOf(host, ownVersion());
  const found = new Map<string, KnownCeiling>();
  let measured = 0;
  for (const key of keysOf(plans)) {
    const kept = calibrate === 'again' ? null : await cache.find(origin, key);
    if (kept !== null) found.set(nameOf(key), { ceiling: kept });
    else if (calibrate === 'never') found.set(nameOf(key), { ceiling: null, why: NEVER });
    else if (signal.aborted) break;
    else found.set(nameOf(key), await calibrateFor(key));
  }
  return {
    of(plan) {
      const key = isPublished(plan) ? keyOf(plan) : null;
      return key === null ? NO_CEILING : (found.get(nameOf(key)) ?? NO_CEILING);
    },
    measured,
  };

  async function calibrateFor(key: CeilingKey): Promise<KnownCeiling> {
    progress({
      kind: 'note',
      text: `Measuring what the generator can take: ${nameOf(key)}, ${expectedText(1)}.`,
    });
    measured++;
    try {
      const ceiling = keptOf(key, await measureCeiling(key, DEFAULT_EFFORT, signal), host.cores);
      await keep(ceiling);
      return { ceiling };
    } catch (error) {
      const why = `it could not be measured: ${messageOf(error)}`;
      if (!signal.aborted) progress({ kind: 'note', text: `What the generator can take: ${why}` });
      return { ceiling: null, why };
    }
  }

  async function keep(ceiling: KeptCeiling): Promise<void> {
    try {
      await cache.keep(origin, ceiling);
    } catch (error) {
      progress({ kind: 'note', text: `It is not kept for later runs, ${cache.path}: ${messageOf(error)}` });
    }
  }
}

const NEVER =
  'this host has not measured it yet, and --calibrate never was given: bench run --calibrate auto measures it once';

/** Names of the ceilings that a run would measure first, for the plan. */
export async function missingCeilings(
  plans: readonly RunPlan[],
  calibrate: Calibrate,
  host: Host,
  cache = new CeilingCache(),
): Promise<string[]> {
  if (calibrate === 'never') return [];
  const origin = originOf(host, ownVersion());
  const missing: string[] = [];
  for (const key of keysOf(plans)) {
    if (calibrate === 'again' || (await cache.find(origin, key)) === null) missing.push(nameOf(key));
  }
  return missing;
}

/** How long it takes to measure so many. */
export function expectedText(count: number): string {
  return `about ${Math.ceil((count * EXPECTED_MS) / 1_000)} s`;
}

/** null: a driver of the user's own, for which there is no null server. */
function keyOf({ protocol, scenario, streamsPerConnection }: RunPlan): CeilingKey | null {
  if (protocol === 'custom') return null;
  return { protocol, payloadBytes: scenario.payloadBytes, streamsPerConnection };
}

/** Each once, in the order of the runs. */
function keysOf(plans: readonly RunPlan[]): readonly CeilingKey[] {
  const keys = plans.filter(isPublished).flatMap((plan) => keyOf(plan) ?? []);
  return [...new Map(keys.map((key) => [nameOf(key), key])).values()];
}

function nameOf({ protocol, payloadBytes, streamsPerConnection }: CeilingKey): string {
  const shared = streamsPerConnection === 1 ? '' : `, ${streamsPerConnection} streams on a connection`;
  return `${protocol}, ${payloadBytes} bytes${shared}`;
}

/** @throws Error where something else than the worker was the limit, or went wrong: a figure that is too low is worse than none */
export function keptOf(key: CeilingKey, measured: MeasuredCeiling, cores: number): KeptCeiling {
  const { ledger, occupiedShare, ...figures } = measured;
  if (ledger.lost + ledger.duplicated + ledger.reordered > 0 || !ledger.exact)
    throw new Error(
      `of ${ledger.expected} deliveries ${ledger.lost} were lost, ${ledger.duplicated} came twice, ${ledger.reordered} out of order`,
    );
  const others = measured.othersCores ?? 0;
  if (others > OTHERS_SHARE * cores)
    throw new Error(`other work on the host took ${others.toFixed(2)} of ${cores} cores meanwhile`);
  const idle = 1 - (occupiedShare ?? 1);
  if (idle > IDLE_SHARE)
    throw new Error(`the load worker waited for messages for ${Math.round(idle * 100)} % of the time`);
  return { ...key, ...figures, measuredAt: new Date().toISOString() };
}

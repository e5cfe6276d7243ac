import {
  type FaultKind,
  isPublishedTo,
  type Procedure,
  type Scenario,
  type Sweep,
  type TargetSettings,
} from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import type { WorkloadKey } from './options.ts';
import type { WorkloadDraft } from './overrides.ts';
import { hasTopics, isRemote } from './target.ts';

/** Highest rates against a server on another machine. */
export const REMOTE_CAP = { ratePerSecond: 1_000, connectPerSecond: 1_000, churnPerSecond: 1_000 } as const;
/** What only a reference server takes from us. */
export const SERVERS_OWN: readonly WorkloadKey[] = [
  'encoding',
  'heartbeat',
  'heartbeatMs',
  'backendDelayMs',
  'nodes',
  'flowMessages',
];
/** The others take server nodes away. */
const TARGET_FAULTS: readonly FaultKind[] = ['none', 'cut-connections'];
/** The others compare reference servers. */
const TARGET_PROCEDURES: readonly Procedure[] = ['load', 'idle', 'ceiling'];

/**
 * Makes the numbers of a scenario agree with each other and with a target. What the user gave is never changed:
 * where it does not fit it is a fault; what came from the scenario is fitted.
 * @param overrides what the user gave, in whatever way
 */
export function fitWorkload(
  scenario: Scenario,
  overrides: WorkloadDraft,
  { target, sweep }: { readonly target: TargetSettings | null; readonly sweep: Sweep | null },
  faults: Fault[],
): Scenario {
  let fitted = fitToConnections(scenario, overrides, faults);
  if (target !== null) {
    fitted = fitToTarget(fitted, overrides, target, faults);
    fitSweep(sweep, faults);
  }
  if (target !== null && faults.length === 0 && isRemote(target)) {
    fitted = capRemote(fitted, overrides, faults);
    capSweep(sweep, faults);
  }
  return fitted;
}

function fitToConnections(scenario: Scenario, overrides: WorkloadDraft, faults: Fault[]): Scenario {
  const { connections } = scenario;
  const expected = `at most the connections, ${connections}`;
  for (const key of ['rooms', 'probes', 'memoryLevels'] as const) {
    const value = overrides[key];
    if (value !== undefined && value > connections) faults.push({ key, value, expected });
  }
  return {
    ...scenario,
    rooms: Math.min(scenario.rooms, connections),
    // Probes are compared with their neighbours, so most connections must not be probes.
    probes: overrides.probes ?? Math.min(scenario.probes, Math.floor(connections / 4)),
    memoryLevels: Math.min(scenario.memoryLevels, connections),
  };
}

function fitToTarget(
  scenario: Scenario,
  overrides: WorkloadDraft,
  target: TargetSettings,
  faults: Fault[],
): Scenario {
  for (const key of SERVERS_OWN) {
    if (overrides[key] === undefined) continue;
    faults.push({
      key,
      value: overrides[key],
      expected: 'not together with a server of your own, which has its own',
    });
  }
  if (overrides.profile !== undefined && overrides.profile !== 'none') {
    const expected = 'none together with a server of your own: attach a profiler to it yourself';
    faults.push({ key: 'profile', value: overrides.profile, expected });
  }
  if (!TARGET_FAULTS.includes(scenario.fault)) {
    const expected = 'none or cut-connections together with a server of your own, which is not killed';
    faults.push({ key: 'fault', value: scenario.fault, expected });
  }
  const publishVia = target.publishCall === null ? 'post' : 'call';
  if (overrides.publishVia !== undefined && overrides.publishVia !== publishVia) {
    const expected = `${publishVia} for this server of your own: its address and options say how messages are published`;
    faults.push({ key: 'publishVia', value: overrides.publishVia, expected });
  }
  if (overrides.publishVia === undefined && scenario.publishVia === 'clients') {
    const expected =
      'another one together with a server of your own: what clients say, only reference servers are asked to hear';
    faults.push({ key: 'scenario', value: scenario.name, expected });
  }
  if (!TARGET_PROCEDURES.includes(scenario.procedure)) {
    const expected =
      'another one together with a server of your own: this one compares the reference servers';
    faults.push({ key: 'scenario', value: scenario.name, expected });
  }
  if (scenario.procedure === 'ceiling' && !isPublishedTo(target)) {
    const expected =
      'another one without --publish-url or --publish-method: a search needs somewhere to publish to';
    faults.push({ key: 'scenario', value: scenario.name, expected });
  }
  if (scenario.procedure === 'ceiling' && isRemote(target)) {
    const expected =
      'another one against a server on another machine: a search raises the rate beyond its cap';
    faults.push({ key: 'scenario', value: scenario.name, expected });
  }
  // A driver of the user's own is told the room of each client; whether it makes anything of it, only they know.
  const isCustom = target.protocol === 'custom';
  if (isCustom) fitToDriver(scenario, overrides, faults);
  const topics = hasTopics(target) || (isCustom && overrides.rooms !== undefined);
  if (!topics && overrides.rooms !== undefined && overrides.rooms !== 1) {
    const expected = '1, or {topic} in --path or --publish-url so that there are rooms';
    faults.push({ key: 'rooms', value: overrides.rooms, expected });
  }
  return {
    ...scenario,
    profile: 'none',
    nodes: 1,
    publishVia,
    rooms: topics ? scenario.rooms : 1,
    probes: isCustom ? 0 : scenario.probes,
  };
}

/** What clients that a driver of the user's own makes cannot be. */
function fitToDriver(scenario: Scenario, overrides: WorkloadDraft, faults: Fault[]): void {
  if (overrides.probes !== undefined && overrides.probes > 0) {
    const expected =
      '0 together with --driver: every client is what its module makes, so there are no others';
    faults.push({ key: 'probes', value: overrides.probes, expected });
  }
  if (scenario.slowShare > 0) {
    const expected = '0 together with --driver: how fast its clients read is not ours to say';
    faults.push({ key: 'slowShare', value: scenario.slowShare, expected });
  }
}

function fitSweep(sweep: Sweep | null, faults: Fault[]): void {
  if (sweep === null || !SERVERS_OWN.includes(sweep.key)) return;
  const expected = 'a number of the load together with a server of your own, which has its own limits';
  faults.push({ key: '--sweep', value: sweep.key, expected });
}

function capSweep(sweep: Sweep | null, faults: Fault[]): void {
  const highest = sweep?.key === 'ratePerSecond' ? Math.max(...sweep.values) : 0;
  const cap = REMOTE_CAP.ratePerSecond;
  if (highest <= cap) return;
  const expected = `rates of at most ${cap} per second against a server on another machine`;
  faults.push({ key: '--sweep', value: highest, expected });
}

function capRemote(scenario: Scenario, overrides: WorkloadDraft, faults: Fault[]): Scenario {
  const capped = { ...scenario };
  for (const key of ['ratePerSecond', 'connectPerSecond', 'churnPerSecond'] as const) {
    const value = overrides[key];
    const cap = REMOTE_CAP[key];
    if (value !== undefined && value > cap) {
      faults.push({ key, value, expected: `at most ${cap} per second against a server on another machine` });
    }
    capped[key] = Math.min(scenario[key], cap);
  }
  return capped;
}

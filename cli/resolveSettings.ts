import type { Scenario, Settings, Sweep, TargetSettings } from '../contract/config.ts';
import { type Fault, UsageError } from '../contract/errors.ts';
import type { StageInfo } from '../contract/pushServer.ts';
import { COMPARING_SCENARIO, DEFAULT_SCENARIO, PROTECTING_SCENARIO } from '../scenarios/registry.ts';
import { busAddresses, onBuses, readBuses } from './busList.ts';
import { readCalibrate } from './calibrate.ts';
import { readDiscovery } from './discovery.ts';
import { refuseUnknownVariables } from './environment.ts';
import { checkSweep, fitShape } from './fitShape.ts';
import { fitWorkload } from './fitWorkload.ts';
import { type Given, given, givenList } from './given.ts';
import { refuseImpossible } from './impossibleThresholds.ts';
import { readLink } from './link.ts';
import { workloadOverrides } from './overrides.ts';
import { count } from './parse/count.ts';
import { type CheckedConfig, readConfig } from './readConfig.ts';
import { type ConfiguredOptions, withConfigTarget } from './readTargetConfig.ts';
import { chooseScenario } from './scenarioChoice.ts';
import { readSecurity } from './securityList.ts';
import { readStages } from './stageList.ts';
import { readSweep } from './sweep.ts';
import { readTarget, type TargetSources } from './target.ts';
import { readThresholds } from './thresholds.ts';
import { refuseUnused } from './unusedOptions.ts';

/** All that settings are made from. */
export interface Sources extends Omit<TargetSources, 'launch'>, ConfiguredOptions {
  /** The stages that exist. */
  readonly stages: readonly StageInfo[];
  /** The stage that is taken where none is named. */
  readonly defaultStage: string;
  /** Faults found before, such as unknown flags: reported together with the others. */
  readonly faults?: readonly Fault[];
}

/** Fewer give no interval. */
const COMPARED_RUNS = 3;
/** Two already show by how much a figure scatters; a third of three kinds and stages would take minutes more. */
const PROTECTED_RUNS = 2;
const RUNS = count({ min: 1, max: 100 });
const SEED = count({ min: 0, max: 4_294_967_295 });
const LABEL = /^([\w.-]+)=(.*)$/;

/**
 * What one `bench run` does. Precedence, lowest first, decided here and nowhere else:
 *
 *     built-in scenario < config `workload` < config scenario of that name < BENCH_* environment < flags
 *     config `target` < BENCH_* environment < flags; a stage or another address there stands in its place as a whole
 *
 * @throws UsageError with every fault of all sources at once
 */
export function resolveSettings(raw: Sources): Settings {
  const faults: Fault[] = [...(raw.faults ?? [])];
  const sources = withConfigTarget(raw, faults);
  refuseUnknownVariables(sources.env, faults);
  const config = readConfig(sources.config, faults);
  const target = readTarget(sources, faults);
  const buses = readBuses(sources, sources.stages, faults);
  const sweep = readSweep(sources, faults);
  const stages =
    target === null
      ? onBuses(chosenStages(sources, config, faults), buses, sources.stages, faults)
      : targetStage(sources, target.protocol, faults);
  const security = readSecurity(sources, faults);
  const scenario = resolveScenario(
    { sources, config, target, sweep, chosen: stages, buses: buses.length, security },
    faults,
  );
  const thresholds = readThresholds(sources, config.thresholds, faults);
  const settings: Settings = {
    stages,
    scenario,
    target,
    runs: numberOf(
      RUNS,
      given(sources, 'runs') ?? fromConfig('runs', config.runs),
      runsOf(scenario, security),
      faults,
    ),
    seed: numberOf(SEED, given(sources, 'seed') ?? fromConfig('seed', config.seed), 1, faults),
    labels: { ...config.labels, ...readLabels(givenList(sources, 'label'), faults) },
    cost: config.cost,
    buses: busAddresses(buses),
    sweep: sweep ?? scenario.sweep,
    security,
    discovery: readDiscovery(sources, faults),
    link: readLink(sources, faults),
    calibrate: readCalibrate(sources, faults),
    thresholds: thresholds.map(({ threshold }) => threshold),
    knownAnswer: null,
  };
  refuseImpossible(thresholds, settings, sources.stages, faults);
  if (faults.length > 0) throw new UsageError(faults);
  return settings;
}

interface Choice {
  readonly sources: Sources;
  readonly config: CheckedConfig;
  readonly target: TargetSettings | null;
  readonly sweep: Sweep | null;
  readonly chosen: Settings['stages'];
  /** Number of buses named. */
  readonly buses: number;
  readonly security: Settings['security'];
}

function resolveScenario(choice: Choice, faults: Fault[]): Scenario {
  const { sources, config, target, sweep, chosen } = choice;
  const overrides = workloadOverrides(sources, faults);
  const name = scenarioName(sources, config) ?? { key: 'scenario', value: defaultScenario(choice) };
  const base = chooseScenario(name, config, faults);
  const own = config.scenarios.get(base.name)?.workload ?? {};
  const wanted = { ...base, ...overrides };
  refuseUnused(
    { options: sources, scenario: wanted, base, own, chosen, target, stages: sources.stages, sweep },
    faults,
  );
  checkSweep(sweep, wanted, overrides, faults);
  const given = { ...config.workload, ...own, ...overrides };
  const fitted = fitWorkload(fitShape(wanted, { own, overrides }, faults), given, { target, sweep }, faults);
  // A number that was given is not swept.
  const isFixed = fitted.sweep !== null && given[fitted.sweep.key] !== undefined;
  return isFixed ? { ...fitted, sweep: null } : fitted;
}

function scenarioName(sources: Sources, config: CheckedConfig): Given | undefined {
  const inFile = config.scenario === null ? undefined : { key: 'config.scenario', value: config.scenario };
  return given(sources, 'scenario') ?? inFile;
}

/** As many as the comparison needs that these runs are. */
function runsOf({ name, procedure }: Scenario, security: Settings['security']): number {
  if (procedure === 'compare') return COMPARED_RUNS;
  return name === PROTECTING_SCENARIO.name && security.length > 1 ? PROTECTED_RUNS : 1;
}

/**
 * Several kinds of protection are there to be compared, and so are several stages, or one on several buses; a sweep
 * compares in its own way.
 */
function defaultScenario({ chosen, sweep, buses, security }: Choice): string {
  if (security.length > 1 && sweep === null) return PROTECTING_SCENARIO.name;
  const stages = new Set(chosen.map(({ stage }) => stage));
  const isComparison = (stages.size > 1 || buses > 1) && sweep === null;
  return isComparison ? COMPARING_SCENARIO.name : DEFAULT_SCENARIO.name;
}

function chosenStages(sources: Sources, config: CheckedConfig, faults: Fault[]): Settings['stages'] {
  const flags = givenList(sources, 'stage');
  const names = flags.length > 0 ? flags : config.stages.map((value) => ({ key: 'config.stages', value }));
  const byDefault = [{ key: 'stage', value: sources.defaultStage }];
  return readStages(
    names.length > 0 ? names : byDefault,
    givenList(sources, 'variant'),
    sources.stages,
    faults,
  );
}

/** A server of the user's own stands where a stage would; its variant says so. */
function targetStage(sources: Sources, protocol: string, faults: Fault[]): Settings['stages'] {
  // One of the config file gives way to a stage that is named.
  const server = given(sources, 'target')?.key ?? 'config.target';
  for (const key of ['stage', 'variant', 'bus', 'security', 'discovery', 'balance'] as const) {
    const one = given(sources, key);
    if (one === undefined) continue;
    // The value may be the address of a bus with its password.
    const value = key === 'bus' ? undefined : one.value;
    const expected = `not together with ${server}: either a reference server or your own`;
    faults.push({ key: one.key, value, expected });
  }
  return [{ stage: protocol, variant: 'target' }];
}

function fromConfig(key: string, value: unknown): Given | undefined {
  return value === undefined ? undefined : { key: `config.${key}`, value };
}

function numberOf(
  parse: ReturnType<typeof count>,
  one: Given | undefined,
  fallback: number,
  faults: Fault[],
): number {
  if (one === undefined) return fallback;
  const parsed = parse(one.value);
  if (parsed.ok) return parsed.value;
  faults.push({ ...one, expected: parsed.expected });
  return fallback;
}

function readLabels(list: readonly Given[], faults: Fault[]): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const one of list) {
    const match = LABEL.exec(String(one.value));
    if (match === null) faults.push({ ...one, expected: 'key=value, the key of letters, digits, _ . -' });
    else labels[match[1]] = match[2];
  }
  return labels;
}

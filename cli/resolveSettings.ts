import type { Settings } from '../contract/config.ts';
import { type Fault, UsageError } from '../contract/errors.ts';
import type { StageInfo } from '../contract/pushServer.ts';
import { DEFAULT_SCENARIO } from '../scenarios/registry.ts';
import { refuseUnknownVariables } from './environment.ts';
import { fitWorkload } from './fitWorkload.ts';
import { type Given, type GivenOptions, given, givenList } from './given.ts';
import { workloadOverrides } from './overrides.ts';
import { count } from './parse/count.ts';
import { type CheckedConfig, readConfig } from './readConfig.ts';
import { chooseScenario } from './scenarioChoice.ts';
import { readStages } from './stageList.ts';
import { readTarget } from './target.ts';

/** All that settings are made from. */
export interface Sources extends GivenOptions {
  /** Default export of the config file; {} where there is none. */
  readonly config: unknown;
  /** The stages that exist. */
  readonly stages: readonly StageInfo[];
  /** Faults found before, such as unknown flags: reported together with the others. */
  readonly faults?: readonly Fault[];
}

const RUNS = count({ min: 1, max: 100 });
const SEED = count({ min: 0, max: 4_294_967_295 });
const LABEL = /^([\w.-]+)=(.*)$/;

/**
 * What one `bench run` does. Precedence, lowest first, decided here and nowhere else:
 *
 *     built-in scenario < config `workload` < config scenario of that name < BENCH_* environment < flags
 *
 * @throws UsageError with every fault of all sources at once
 */
export function resolveSettings(sources: Sources): Settings {
  const faults: Fault[] = [...(sources.faults ?? [])];
  refuseUnknownVariables(sources.env, faults);
  const config = readConfig(sources.config, faults);
  const overrides = workloadOverrides(sources, faults);
  const target = readTarget(sources, faults);
  const base = chooseScenario(scenarioName(sources, config), config, faults);
  const own = config.scenarios.get(base.name)?.workload;
  const scenario = fitWorkload(
    { ...base, ...overrides },
    { ...config.workload, ...own, ...overrides },
    target,
    faults,
  );
  const settings: Settings = {
    stages:
      target === null ? chosenStages(sources, config, faults) : targetStage(sources, target.protocol, faults),
    scenario,
    target,
    runs: numberOf(RUNS, given(sources, 'runs') ?? fromConfig('runs', config.runs), 1, faults),
    seed: numberOf(SEED, given(sources, 'seed') ?? fromConfig('seed', config.seed), 1, faults),
    labels: { ...config.labels, ...readLabels(givenList(sources, 'label'), faults) },
    cost: config.cost,
    buses: {},
    sweep: null,
  };
  if (faults.length > 0) throw new UsageError(faults);
  return settings;
}

function scenarioName(sources: Sources, config: CheckedConfig): Given {
  const own = { key: 'config.scenario', value: config.scenario };
  return (
    given(sources, 'scenario') ?? (config.scenario === null ? { ...own, value: DEFAULT_SCENARIO.name } : own)
  );
}

function chosenStages(sources: Sources, config: CheckedConfig, faults: Fault[]): Settings['stages'] {
  const flags = givenList(sources, 'stage');
  const names = flags.length > 0 ? flags : config.stages.map((value) => ({ key: 'config.stages', value }));
  const byDefault = sources.stages.slice(0, 1).map((info) => ({ key: 'stage', value: info.name }));
  return readStages(
    names.length > 0 ? names : byDefault,
    givenList(sources, 'variant'),
    sources.stages,
    faults,
  );
}

/** A server of the user's own stands where a stage would; its variant says so. */
function targetStage(sources: Sources, protocol: string, faults: Fault[]): Settings['stages'] {
  for (const key of ['stage', 'variant'] as const) {
    const one = given(sources, key);
    if (one === undefined) continue;
    faults.push({ ...one, expected: 'not together with --target: either a reference server or your own' });
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

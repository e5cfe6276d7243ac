import type { BenchConfig, CostRates } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import type { Decision } from '../reports/adr/decision.ts';
import { findScenario, SCENARIOS } from '../scenarios/registry.ts';
import { objectOf, optionalText, type Plain, refuseUnknown, stringList } from './configShapes.ts';
import { readGateConfig } from './gate/readGateConfig.ts';
import { nearest } from './nearest.ts';
import { isWorkloadKey, WORKLOAD_KEYS } from './options.ts';
import { readWorkloadValue, type WorkloadDraft } from './overrides.ts';
import { readDecision } from './readDecision.ts';
import { thresholdTexts } from './thresholds.ts';

/** A scenario of the user's own, checked. */
export interface OwnScenario {
  readonly extends: string;
  readonly summary: string;
  readonly workload: WorkloadDraft;
}

/** A config file, checked: text turned into numbers. */
export interface CheckedConfig {
  readonly stages: readonly string[];
  readonly scenario: string | null;
  readonly workload: WorkloadDraft;
  readonly scenarios: ReadonlyMap<string, OwnScenario>;
  /** Not parsed yet: a flag may override them. */
  readonly runs: unknown;
  readonly seed: unknown;
  readonly labels: Readonly<Record<string, string>>;
  readonly cost: CostRates | null;
  readonly decision: Decision;
  /** Not read yet: flags replace them. */
  readonly thresholds: readonly unknown[];
}

const CONFIG_KEYS: readonly (keyof BenchConfig)[] = [
  'stages',
  'scenario',
  'workload',
  'scenarios',
  'runs',
  'seed',
  'labels',
  'cost',
  'thresholds',
  'target',
  'gate',
  'decision',
];
const SCENARIO_NAME = /^[a-z0-9][a-z0-9-]*$/;

/** Checks what a config file exports; every fault is added under `config.<key>`. */
export function readConfig(content: unknown, faults: Fault[]): CheckedConfig {
  const config = objectOf(content, 'config', faults);
  refuseUnknown(config, CONFIG_KEYS, 'config', faults);
  // Only `bench gate` looks at it; what is wrong with it is told whoever reads the file.
  readGateConfig(config.gate, faults);
  return {
    stages: stringList(config.stages, 'config.stages', faults),
    scenario: optionalText(config.scenario, 'config.scenario', faults),
    workload: readWorkload(objectOf(config.workload, 'config.workload', faults), 'config.workload', faults),
    scenarios: readScenarios(config.scenarios, faults),
    runs: config.runs,
    seed: config.seed,
    labels: readLabels(config.labels, faults),
    cost: config.cost === undefined ? null : readCost(config.cost, faults),
    decision: readDecision(config.decision, faults),
    thresholds: thresholdTexts(config.thresholds, faults),
  };
}

function readWorkload(
  value: Plain,
  at: string,
  faults: Fault[],
  also: readonly string[] = [],
): WorkloadDraft {
  refuseUnknown(value, [...also, ...WORKLOAD_KEYS], at, faults);
  const draft: WorkloadDraft = {};
  for (const [key, item] of Object.entries(value)) {
    if (isWorkloadKey(key)) readWorkloadValue(draft, key, { key: `${at}.${key}`, value: item }, faults);
  }
  return draft;
}

function readScenarios(value: unknown, faults: Fault[]): ReadonlyMap<string, OwnScenario> {
  const scenarios = new Map<string, OwnScenario>();
  for (const [name, item] of Object.entries(objectOf(value, 'config.scenarios', faults))) {
    const at = `config.scenarios.${name}`;
    const scenario = objectOf(item, at, faults);
    if (!SCENARIO_NAME.test(name)) {
      faults.push({ key: at, value: undefined, expected: 'a name of a-z, 0-9 and -' });
    }
    if (findScenario(name) !== undefined) {
      faults.push({ key: at, value: undefined, expected: 'a name of its own; this is a built-in scenario' });
    }
    const base = readBase(scenario.extends, `${at}.extends`, faults);
    scenarios.set(name, {
      extends: base,
      summary:
        optionalText(scenario.summary, `${at}.summary`, faults) ?? `like ${base}, from the config file`,
      workload: readWorkload(scenario, at, faults, ['extends', 'summary']),
    });
  }
  return scenarios;
}

function readBase(value: unknown, key: string, faults: Fault[]): string {
  const name = optionalText(value, key, faults) ?? 'steady';
  if (findScenario(name) === undefined) {
    const names = SCENARIOS.map((scenario) => scenario.name);
    faults.push({
      key,
      value: name,
      expected: `a built-in scenario: ${names.join(', ')}${nearest(name, names)}`,
    });
  }
  return name;
}

function readLabels(value: unknown, faults: Fault[]): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [key, item] of Object.entries(objectOf(value, 'config.labels', faults))) {
    if (typeof item === 'string') labels[key] = item;
    else faults.push({ key: `config.labels.${key}`, value: item, expected: 'text' });
  }
  return labels;
}

function readCost(value: unknown, faults: Fault[]): CostRates {
  const cost = objectOf(value, 'config.cost', faults);
  refuseUnknown(cost, ['perCoreHour', 'perGiBHour', 'perGiBEgress', 'currency'], 'config.cost', faults);
  const price = (key: string): number => {
    const amount = cost[key];
    if (typeof amount === 'number' && amount >= 0 && Number.isFinite(amount)) return amount;
    faults.push({ key: `config.cost.${key}`, value: amount, expected: 'a price, 0 or more' });
    return 0;
  };
  if (typeof cost.currency !== 'string') {
    faults.push({ key: 'config.cost.currency', value: cost.currency, expected: "text, such as 'EUR'" });
  }
  return {
    perCoreHour: price('perCoreHour'),
    perGiBHour: price('perGiBHour'),
    perGiBEgress: price('perGiBEgress'),
    currency: String(cost.currency),
  };
}

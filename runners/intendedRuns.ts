import type { Scenario, Settings } from '../contract/config.ts';
import { UsageError } from '../contract/errors.ts';
import type { PollingOptions } from '../contract/loadDriver.ts';
import type { StageInfo, VariantInfo } from '../contract/pushServer.ts';
import type { SecurityKind } from '../contract/security.ts';
import { findStage } from '../servers/registry.ts';

/** A reference server that a run measures. */
export interface Chosen {
  readonly stage: StageInfo;
  readonly variant: VariantInfo;
}

/** One run before it is fitted to the machine. `chosen` is null where the subject is the user's own server. */
export interface IntendedRun {
  readonly chosen: Chosen | null;
  readonly scenario: Scenario;
  readonly security: SecurityKind;
  /** How clients ask again; null: they are pushed to. */
  readonly polling: PollingOptions['mode'] | null;
  readonly sweep: { readonly key: string; readonly value: number } | null;
  /** Steps that a search for the ceiling may take at most; null: as many as it needs. */
  readonly searchSteps: number | null;
  /** Which time round this is, from 0: servers of one block get the same schedule, rooms and connect order. */
  readonly block: number;
}

const COMPARED_SEARCH_STEPS = 7;
/**
 * A comparison's search for the ceiling: few connections, short steps, since it is done once per stage. Slow readers read on
 * at full speed after its first step, so it has none.
 */
const COMPARED_CEILING = {
  connections: 500,
  rooms: 2,
  durationMs: 1_500,
  warmupMs: 500,
  slowShare: 0,
} as const;
/** A window of a polling stage covers at least this many intervals. */
const POLL_INTERVALS = 3;

/**
 * Everything that one invocation runs, in order.
 * @throws UsageError for a sweep of a comparison
 */
export function intendedRuns(settings: Settings): IntendedRun[] {
  if (settings.scenario.procedure === 'compare' && settings.sweep !== null) throw sweptComparison();
  const subjects = settings.target === null ? stagesOf(settings) : [null];
  const variations = variationsOf(settings);
  const guarded = subjects.flatMap((chosen) => {
    const polling = pollingOf(chosen, settings.target);
    return settings.security.map((security) => ({ chosen, security, polling }));
  });
  const cells = guarded.flatMap((subject) => variations.map((variation) => ({ ...subject, ...variation })));
  const blocks = Array.from({ length: settings.runs }, (_, block) =>
    inBalance(cells, block).map((cell) => ({ ...cell, block })),
  );
  if (settings.scenario.procedure !== 'compare') return blocks.flat().map(fit);
  const loads = blocks.flatMap((block, number) => block.map((cell) => compared(cell, number === 0)));
  const ceilings = guarded.map((subject) =>
    comparedCeiling({ ...subject, ...variations[0], block: settings.runs }),
  );
  return [...loads, ...ceilings].map(fit);
}

function sweptComparison(): UsageError {
  const expected =
    'another scenario together with --sweep, such as steady: a ceiling is searched at one load only';
  return new UsageError([{ key: 'scenario', value: 'compare', expected }]);
}

/**
 * The order of a block: moved on by one each time, and every other block backwards, so that drift of the machine and
 * what a stage leaves behind for the next one hit all alike.
 */
function inBalance<T>(cells: readonly T[], block: number): T[] {
  const shift = cells.length === 0 ? 0 : Math.floor(block / 2) % cells.length;
  const moved = [...cells.slice(shift), ...cells.slice(0, shift)];
  return block % 2 === 1 ? moved.reverse() : moved;
}

function variationsOf({
  scenario,
  sweep,
}: Settings): Omit<IntendedRun, 'chosen' | 'security' | 'polling' | 'block'>[] {
  if (sweep === null) return [{ scenario, sweep: null, searchSteps: null }];
  return sweep.values.map((value) => ({
    scenario: fitRooms({ ...scenario, [sweep.key]: value }),
    sweep: { key: sweep.key, value },
    searchSteps: null,
  }));
}

function fitRooms(scenario: Scenario): Scenario {
  const { connections } = scenario;
  return {
    ...scenario,
    rooms: Math.min(scenario.rooms, connections),
    probes: Math.min(scenario.probes, Math.floor(connections / 4)),
    memoryLevels: Math.min(scenario.memoryLevels, connections),
  };
}

/** The article's table needs every variant of the stage that speaks its protocol, whichever was named. */
function stagesOf(settings: Settings): Chosen[] {
  const { procedure } = settings.scenario;
  const chosen = settings.stages.map(({ stage, variant }) => choose(findStage(stage), variant));
  if (procedure !== 'article-sse' && procedure !== 'article-poll' && procedure !== 'article-ws')
    return chosen;
  const stages = [...new Set(chosen.map(({ stage }) => stage))];
  return stages.flatMap((stage) => inProtocolOf(stage).map((variant) => ({ stage, variant })));
}

/** Without those beside the ladder, such as event streams over HTTP/2: the articles' claims are not of them. */
function inProtocolOf({ variants }: StageInfo): VariantInfo[] {
  const own = variants.find(({ isDefault }) => isDefault)?.capabilities.protocol;
  return variants.filter(({ capabilities }) => capabilities.protocol === own);
}

function choose(stage: StageInfo, name: string): Chosen {
  const variant = stage.variants.find((each) => each.name === name);
  if (variant === undefined) throw new Error(`${stage.name} has no variant ${name}`);
  return { stage, variant };
}

/** Memory and profile are taken once per stage: the other runs are there for the intervals. */
function compared(run: IntendedRun, isFirst: boolean): IntendedRun {
  const { scenario } = run;
  const once = isFirst ? {} : { memoryLevels: 0, profile: 'none' as const };
  return { ...run, scenario: { ...scenario, ...once, procedure: 'load' } };
}

function comparedCeiling(run: IntendedRun): IntendedRun {
  const connections = Math.min(COMPARED_CEILING.connections, run.scenario.connections);
  return {
    ...run,
    searchSteps: COMPARED_SEARCH_STEPS,
    scenario: {
      ...run.scenario,
      ...COMPARED_CEILING,
      connections,
      rooms: Math.min(COMPARED_CEILING.rooms, connections),
      procedure: 'ceiling',
      memoryLevels: 0,
      profile: 'none',
      probes: Math.min(run.scenario.probes, Math.floor(connections / 4)),
    },
  };
}

/** A client that polls sees the window only through its polls. */
function fit(run: IntendedRun): IntendedRun {
  const { procedure } = run.scenario;
  if (run.polling !== 'interval' || (procedure !== 'load' && procedure !== 'article-poll')) return run;
  return { ...run, scenario: fitPolling(run.scenario) };
}

function pollingOf(chosen: Chosen | null, target: Settings['target']): IntendedRun['polling'] {
  if (chosen !== null) return chosen.variant.capabilities.polling;
  return target?.protocol === 'poll' ? target.polling : null;
}

/** Warm-up of an interval and a window of three at least, where the scenario has no load shape of its own. */
function fitPolling(scenario: Scenario): Scenario {
  const interval = scenario.pollIntervalMs;
  const warmupMs = scenario.warmupMs === 0 ? 0 : Math.max(scenario.warmupMs, interval);
  if (scenario.stages.length > 0) return { ...scenario, warmupMs };
  return { ...scenario, warmupMs, durationMs: Math.max(scenario.durationMs, POLL_INTERVALS * interval) };
}

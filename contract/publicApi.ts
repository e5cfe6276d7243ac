import type { ComparisonJson } from './comparison.ts';
import type { GateThreshold } from './gate.ts';
import type { ComparedResult, RunOptions } from './library.ts';
import type { RunResult } from './result.ts';

// What `import … from 'pushbench'` gives: the published types are made of this file alone. cli/library.ts is what it declares.

export type { ComparedFigure, ComparisonJson, ProtectionCost } from './comparison.ts';
export {
  type BenchConfig,
  type CostRates,
  type DecisionConfig,
  defineConfig,
  type GateConfig,
  type TargetConfig,
  type UserScenario,
  type Workload,
} from './config.ts';
export {
  type CustomClient,
  type CustomConnection,
  type CustomDriver,
  type CustomPublisher,
  defineDriver,
} from './customDriver.ts';
export { BenchError, type ExitCode, type Fault, UsageError } from './errors.ts';
export type { GateThreshold as ThresholdOutcome } from './gate.ts';
export type { ComparedResult, RunOptions } from './library.ts';
export type { ProgressEvent, ProgressFigure, ProgressListener } from './progress.ts';
export type {
  Family,
  Host,
  LatencyStats,
  Run,
  RunResult,
  Validity,
  ValidityReason,
  Verdict,
} from './result.ts';

/**
 * Carries out one `bench run` in this process and the processes that it starts: reference servers or a server of your own, clients,
 * publisher. It takes as long as the command does, and one run at a time may go on on a host.
 *
 * Nothing is printed, and nothing is written unless `directory` is given.
 *
 * @param options the keys of a config file, and those of {@link RunOptions}; without any it is the scenario `steady` on stage `sse`
 * @returns the result, as result.json has it: times in microseconds, sizes in bytes, null where something was not measured or is not
 *   defined. Look at `validity` before any figure. A run that was aborted has `status: 'aborted'`.
 * @throws UsageError for options that are wrong: `faults` has all of them; before any load
 * @throws BenchError where another run goes on, the plan does not fit the machine, or the target does not answer; `exitCode` and `hint`
 *   say what kind it is and what to do
 * @example
 * const result = await run({ stages: ['sse'], scenario: 'smoke', thresholds: ['deliveries.lost == 0'] });
 * console.log(result.validity.verdict, result.runs[0]?.latencyUs?.delivery.p99, 'us');
 */
export declare function run(options?: RunOptions): Promise<RunResult>;

/**
 * Compares servers: those of one result with several stages, or of several results, the oldest first.
 *
 * @param results results of `run()` or `readResult()`; or a result with a name of its own for labels. Names are made where none are given.
 * @returns headline, figures with their intervals, and what changed from the first result to each later one
 * @throws UsageError where there is none, or one holds no run
 * @example
 * const before = await readResult('results/monday');
 * const { headline, deltas } = await compare([before, await run({ stages: ['sse'] })]);
 */
export declare function compare(results: readonly (RunResult | ComparedResult)[]): Promise<ComparisonJson>;

/**
 * Reads a stored result, of this version or an older one.
 *
 * @param path result folder, or its result.json
 * @throws BenchError where it cannot be read, or is no result
 */
export declare function readResult(path: string): Promise<RunResult>;

/**
 * What came of the thresholds that a result was made with: of each the worst value of all runs, in the unit of its path.
 * What was not measured or is not defined does not hold.
 *
 * @returns one for each threshold, in their order; none where the run had none
 * @example
 * const failed = (await judgeThresholds(result)).filter(({ passed }) => !passed);
 */
export declare function judgeThresholds(result: RunResult): Promise<GateThreshold[]>;

import type { Settings } from '../../contract/config.ts';
import { GATE_SCHEMA_VERSION, type GateResult, type GateSide } from '../../contract/gate.ts';
import { gateThresholds } from '../../reports/gate/gateThresholds.ts';
import { judgeGate } from '../../reports/gate/judge.ts';
import { fewMessages, windowsNeeded } from '../../reports/gate/reading.ts';
import type { GateTurn } from '../../runners/gate/blockOrder.ts';
import { firstLine } from '../../runners/gate/measureBlocks.ts';
import type { GateMeasured } from '../../runners/gate/runGate.ts';
import type { Side } from '../../runners/gate/sides.ts';
import { ownVersion } from '../../runners/ownVersion.ts';
import type { GateChoice } from './gateChoice.ts';
import { settleCommand } from './settleCommand.ts';

/** All that an outcome is made of. */
export interface GateFindings {
  readonly choice: GateChoice;
  readonly settings: Settings;
  readonly sides: Readonly<Record<GateTurn, Side>>;
  readonly measured: GateMeasured;
  /** Of stored results, what is not the same; told, because it was allowed. */
  readonly differences: readonly string[];
  /** As it may stand in a result. */
  readonly command: readonly string[];
}

/** The outcome of a gate: what was measured, judged. */
export function gateOutcome(findings: GateFindings): GateResult {
  const { choice, settings, sides, measured, differences, command } = findings;
  const { mode, results, judged, blocks, abortReason } = measured;
  const { held: thresholds, unheld } = gateThresholds(settings.thresholds, judged.head);
  const verdict = judgeGate({
    mode,
    base: judged.base,
    head: judged.head,
    tolerances: choice.tolerances.byPath,
    asked: choice.tolerances.asked,
    thresholds,
    unheld,
  });
  return {
    schemaVersion: GATE_SCHEMA_VERSION,
    tool: { name: 'pushbench', version: ownVersion() },
    createdAt: new Date().toISOString(),
    status: abortReason === null ? 'complete' : 'aborted',
    abortReason,
    command: [...command],
    mode,
    base: sideOf('base', sides.base, measured),
    head: sideOf('head', sides.head, measured),
    what: whatOf(findings),
    // Of stored results of several hosts, that of head.
    host: results.head.host,
    blocksAsked: mode === 'blocks' ? choice.blocks : 0,
    blocks: [...blocks],
    differences: [...differences],
    settle: settleOf(findings, verdict.metrics),
    thresholds: [...thresholds],
    ...verdict,
    ...headFailure(measured),
  };
}

/** A server that fails under a load that its base carries is worse than it, whatever its figures were until then. */
function headFailure({ fault }: GateMeasured): Partial<Pick<GateResult, 'verdict' | 'headline'>> {
  if (fault?.turn !== 'head') return {};
  return {
    verdict: 'FAIL',
    headline: `FAIL: the server of head failed while base carried the same load: ${firstLine(fault.why)}`,
  };
}

function settleOf(
  { choice, settings: { scenario }, measured, command }: GateFindings,
  metrics: GateResult['metrics'],
): string | null {
  if (measured.mode !== 'blocks' || measured.fault !== null || measured.blocks.length === 0) return null;
  const { durationMs, stages, procedure } = scenario;
  const isOneNumber = stages.length === 0 && procedure === 'load';
  const runs = [...measured.judged.base, ...measured.judged.head];
  const seconds = measured.blocks.reduce((sum, block) => sum + block.seconds, 0);
  const open = metrics.filter(({ role, verdict }) => role === 'gate' && verdict === 'INCONCLUSIVE');
  return settleCommand({
    metrics: metrics.filter(({ path }) => fewMessages(runs, path) === null),
    blocks: choice.blocks,
    isCutShort: measured.abortReason !== null,
    durationMs: isOneNumber ? durationMs : null,
    blockMs: (seconds * 1_000) / measured.blocks.length,
    maxTimeMs: choice.maxTimeMs,
    leastTimes: Math.max(1, ...open.map(({ path }) => windowsNeeded(runs, path))),
    command,
  });
}

function sideOf(turn: GateTurn, side: Side, { results }: GateMeasured): GateSide {
  const { named, kind, commit, dirty } = side;
  const validity = results[turn].runs.map((run) => run.validity.verdict);
  return { named, kind, commit, dirty, result: `${turn}/result.json`, validity };
}

/** Such as `sse target, scenario gate: 1,000 connections, 100 publishes/s`. */
function whatOf({ settings, measured: { results } }: GateFindings): string {
  const run = results.head.runs[0] ?? results.base.runs[0];
  const { scenario, target } = settings;
  const what =
    run === undefined
      ? `${target?.protocol} target, scenario ${scenario.name}`
      : `${run.stage} ${run.variant}, scenario ${run.scenario}`;
  const { connections, ratePerSecond } = run?.workload ?? scenario;
  const isPublished = run === undefined || run.publish !== null;
  const load = [
    typeof connections === 'number' ? `${connections.toLocaleString('en')} connections` : '',
    typeof ratePerSecond === 'number' && isPublished
      ? `${ratePerSecond.toLocaleString('en')} publishes/s`
      : '',
  ];
  return `${what}: ${load.filter(Boolean).join(', ')}`;
}

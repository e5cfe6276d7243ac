import { nowUs } from '../../contract/clock.ts';
import { type CostRates, publishesByDriver } from '../../contract/config.ts';
import type { Run } from '../../contract/result.ts';
import { latencyStats } from '../../reports/statistics/latencyStats.ts';
import { NOT_JUDGED } from '../../reports/statistics/steadyState.ts';
import { type KnownCeiling, NO_CEILING } from '../ceiling/findCeilings.ts';
import { encodeHistogram, mergeHistograms } from '../recorders/histograms.ts';
import { differenceOf } from '../samplers/hostDifference.ts';
import type { Evidence } from '../session/evidence.ts';
import { roleDifference, type SampledRole } from '../session/snapshot.ts';
import { targetName } from '../targetName.ts';
import { judgeRun } from '../validity/judge.ts';
import type { Judged } from '../validity/rule.ts';
import { overflowsOf, workOfOthers } from './besideUs.ts';
import { busFigures } from './busFigures.ts';
import { chatFigures } from './chatFigures.ts';
import { connectionFigures } from './connectionFigures.ts';
import { costFigures } from './costFigures.ts';
import { faultFigures } from './faultFigures.ts';
import { flowFigures } from './flowFigures.ts';
import { generatorCeilingFigures, missingGeneratorCeiling } from './generatorCeilingFigures.ts';
import { memoryFigures } from './memoryFigures.ts';
import { notMeasured } from './notMeasured.ts';
import { pollingFigures } from './pollingFigures.ts';
import { probeFigures } from './probeFigures.ts';
import { publisherLateness } from './publisherLateness.ts';
import { publishFigures } from './publishFigures.ts';
import { EXAMPLE_COST, roiFigures } from './roi.ts';
import { rollingFigures } from './rollingFigures.ts';
import { securityFigures } from './securityFigures.ts';
import { slowFigures } from './slowFigures.ts';
import { timelineOf } from './timeline.ts';
import { deliveriesOf, latencyFigures } from './windowFigures.ts';

/** Makes the run of a result from everything that was seen, however much that is. */
export function assembleRun(
  evidence: Evidence,
  cost: CostRates | null,
  generator: KnownCeiling = NO_CEILING,
): Run {
  const { plan } = evidence;
  const { scenario, subject } = plan;
  const window = evidence.window !== null && evidence.window.workers.length > 0 ? evidence.window : null;
  const latency = window === null ? null : latencyFigures(window, plan.seed);
  const handshake = mergeHistograms(evidence.fleet.map((report) => report.handshake));
  const connections = connectionFigures(evidence);
  const memory = memoryFigures(evidence);
  const costs = costFigures(evidence);
  const foreign = evidence.fleet.reduce((sum, report) => sum + report.foreign, 0);
  const deliveries = window === null ? null : deliveriesOf(window, foreign);
  const latencyUs = latency?.latencyUs ?? null;
  const { bus, histogram: busHop } = busFigures(evidence, window);
  const reconnect = mergeHistograms(evidence.fleet.map((report) => report.reconnect));
  const polling = pollingFigures(evidence, window);
  const isTarget = subject.kind === 'target';
  const run: Omit<Run, 'validity'> = {
    stage: isTarget ? subject.target.protocol : subject.stage,
    variant: isTarget ? 'target' : subject.variant,
    tag: isTarget ? 'yours' : subject.tag,
    scenario: scenario.name,
    procedure: scenario.procedure,
    order: plan.order,
    status: evidence.abortReason === null ? 'complete' : 'aborted',
    abortReason: evidence.abortReason,
    startedAt: evidence.startedAt.toISOString(),
    durationMs: (nowUs() - evidence.startedUs) / 1_000,
    workload: workloadOf(scenario),
    processes: evidence.processes,
    plan: {
      serverNodes: isTarget ? 0 : subject.nodes.length,
      workers: plan.workers.filter(({ role }) => role === 'worker').length,
      probes: scenario.probes,
      endpoints: isTarget ? 1 : subject.nodes.reduce((sum, node) => sum + node.listen.length, 0),
      rooms: plan.streams,
      fanOut: plan.fanOut,
      publishTo: isTarget ? 'any-node' : subject.capabilities.publishTo,
      streamsPerConnection: plan.streamsPerConnection,
      publishVia: isTarget && publishesByDriver(subject.target) ? 'driver' : scenario.publishVia,
      target: isTarget ? targetName(subject.target) : null,
      link: plan.link?.spec ?? null,
    },
    connections,
    handshakeUs:
      handshake.totalCount === 0 ? null : latencyStats(handshake, { messages: handshake.totalCount }),
    publish: publishFigures(window),
    deliveries,
    latencyUs,
    latencyIntervalsUs: latency?.intervals ?? null,
    halves: latency?.halves ?? null,
    // What is broken on purpose is meant to change the window.
    steadyState: latency === null ? null : evidence.fault !== null ? NOT_JUDGED : latency.steadyState,
    histograms: {
      ...(latency?.histograms ?? {
        delivery: null,
        service: null,
        sendLag: null,
        spread: null,
        publishAck: null,
      }),
      handshake: handshake.totalCount === 0 ? null : encodeHistogram(handshake),
      busHop,
      reconnect: reconnect.totalCount === 0 ? null : encodeHistogram(reconnect),
    },
    memory,
    ...costs,
    probe: probeFigures(window, scenario.probes, plan.polling?.mode === 'interval'),
    roi: roiFigures(
      { deliveries, memory, ...costs, latencyUs, bus },
      scenario,
      cost ?? EXAMPLE_COST,
      connections.established,
      plan.fanOut,
    ),
    ceiling:
      evidence.ceiling === null
        ? null
        : {
            ratePerSecond: evidence.ceiling.bestRate,
            deliveriesPerSecond: evidence.ceiling.bestDeliveries,
            limitedBy: evidence.ceiling.limitedBy,
            sloUs: scenario.sloMs * 1_000,
            sloQuantile: scenario.sloQuantile,
            steps: evidence.ceiling.steps,
          },
    generatorCeiling: generatorCeilingFigures(generator, { deliveries, polling }),
    clock: evidence.clock,
    article: evidence.article,
    articlePoll: evidence.articlePoll,
    articleWs: evidence.articleWs,
    polling,
    bus,
    fault: faultFigures(evidence, window, latency?.slices ?? null, connections),
    closedLoop: evidence.closedLoop,
    security: securityFigures(evidence, window),
    flow: flowFigures(evidence, window),
    slow: slowFigures(evidence, window),
    rolling: rollingFigures(evidence, window, connections),
    chat: chatFigures(evidence),
    sweep: plan.sweep,
    profiles: evidence.profiles,
    timeline: window === null ? [] : timelineOf(evidence),
    notMeasured: [...notMeasured(evidence), ...missingGeneratorCeiling(generator)],
  };
  handshake.destroy();
  reconnect.destroy();
  return { ...run, validity: judgeRun(judgedOf(run, evidence)) };
}

function workloadOf(scenario: Evidence['plan']['scenario']): Run['workload'] {
  return Object.fromEntries(
    Object.entries(scenario).filter(([key]) => !['name', 'procedure', 'sweep'].includes(key)),
  );
}

function judgedOf(run: Omit<Run, 'validity'>, evidence: Evidence): Judged {
  const { window } = evidence;
  const isClosed = window !== null && window.after !== window.before;
  const over = (roles: readonly SampledRole[]) =>
    isClosed ? roleDifference(window.before.snapshot, window.after.snapshot, roles) : null;
  const cores = (roles: readonly SampledRole[]) => {
    const difference = over(roles);
    return difference?.cpuUs == null ? null : difference.cpuUs / 1e6 / difference.seconds;
  };
  return {
    run,
    host: isClosed ? differenceOf(window.before.snapshot.host, window.after.snapshot.host) : null,
    othersCores: workOfOthers(evidence.plan, isClosed ? window : null),
    listenOverflows: overflowsOf(evidence, isClosed ? window : null),
    generatorCores: cores(['worker', 'probe', 'publisher']),
    generatorStalledUs: Math.max(0, ...(window?.generatorSelf.map(({ stalledGapUs }) => stalledGapUs) ?? [])),
    generatorStarvedUs: Math.max(0, ...(window?.generatorSelf.map(({ starvedGapUs }) => starvedGapUs) ?? [])),
    runDelayUs: over(['worker', 'publisher'])?.runDelayPerSliceUs ?? null,
    publisherLateUs: publisherLateness(window),
    linkLateUs: window?.linkLateUs ?? null,
    harnessCrashed: evidence.harnessCrashed,
  };
}

import type { TimelineSecond } from '../../contract/result.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import type { WorkerPhaseReport } from '../../contract/workerControl.ts';
import { quantileOfBins, sumRows, totalOf } from '../../reports/statistics/slices.ts';
import { createSchedule } from '../../scenarios/pacing.ts';
import type { Evidence } from '../session/evidence.ts';
import { roleDifference, rssOf, type SampledRole, type Snapshot, sumOrNull } from '../session/snapshot.ts';
import { lostByRow } from './lostByRow.ts';
import { intendedPerSecond, mergedSlices } from './windowFigures.ts';

/** Warm-up and window by second: latency by intended time, throughput by receipt, CPU and memory by sample. */
export function timelineOf(evidence: Evidence): TimelineSecond[] {
  const { warmup, window } = evidence;
  if (window === null) return [];
  const measured = secondsOf(window.spec, window.workers, 0, evidence.samples);
  if (warmup === null) return measured;
  const before = -Math.ceil(warmup.spec.durationUs / 1e6);
  return [...secondsOf(warmup.spec, warmup.workers, before, evidence.samples), ...measured];
}

function secondsOf(
  spec: PhaseSpec,
  workers: readonly WorkerPhaseReport[],
  firstSecond: number,
  samples: readonly Snapshot[],
): TimelineSecond[] {
  if (workers.length === 0) return [];
  const slices = mergedSlices(workers);
  const lostAt = lostByRow({ spec, workers }, slices);
  const pacer = createSchedule(spec);
  const messages = intendedPerSecond(spec, pacer.intendedUs);
  const expected = workers.reduce((sum, { expected: e }) => sum + e, 0);
  return messages.map((count, second) => {
    const rowsPerSecond = slices.rows / (spec.durationUs / 1e6);
    const from = Math.min(slices.rows, Math.round(second * rowsPerSecond));
    const to = Math.min(slices.rows, Math.max(from + 1, Math.round((second + 1) * rowsPerSecond)));
    const bins = sumRows(slices, from, to);
    const lost = totalOf(lostAt.subarray(from, to));
    const atUs = spec.startUs + second * 1e6;
    return {
      second: firstSecond + second,
      received: workers.reduce((sum, { perSecond }) => sum + (perSecond[second] ?? 0), 0),
      intended: spec.count === 0 ? 0 : Math.round((expected * count) / spec.count),
      p50: quantileOfBins(bins, 0.5, lost),
      p99: quantileOfBins(bins, 0.99, lost),
      max: quantileOfBins(bins, 1),
      ...usageAt(samples, atUs + 5e5),
    };
  });
}

/** CPU in cores and memory of the sample interval that holds a moment. */
function usageAt(
  samples: readonly Snapshot[],
  atUs: number,
): Pick<TimelineSecond, 'cpu' | 'serverRssBytes' | 'generatorRssBytes' | 'connections'> {
  const at = samples.findIndex((sample) => sample.atUs >= atUs);
  const after = at > 0 ? samples[at] : undefined;
  const before = at > 0 ? samples[at - 1] : undefined;
  const cores = (role: SampledRole) => {
    if (before === undefined || after === undefined) return null;
    const { cpuUs, seconds } = roleDifference(before, after, [role]);
    return cpuUs === null ? null : cpuUs / 1e6 / seconds;
  };
  const softirq =
    before?.host.cpu && after?.host.cpu ? after.host.cpu.softirqUs - before.host.cpu.softirqUs : null;
  return {
    cpu: {
      server: cores('server'),
      worker: cores('worker'),
      publisher: cores('publisher'),
      broker: before !== undefined && before.roles.broker.length === 0 ? null : cores('broker'),
      probe: cores('probe'),
      coordinator: cores('coordinator'),
      hostSoftirq: softirq === null || !before || !after ? null : softirq / (after.atUs - before.atUs),
    },
    serverRssBytes: after === undefined ? null : rssOf(after, ['server']),
    generatorRssBytes: after === undefined ? null : rssOf(after, ['worker', 'probe']),
    // The sockets of the host would count those of others too; a server has few open files beside its connections.
    connections: after === undefined ? null : sumOrNull(after.roles.server.map(({ openFiles }) => openFiles)),
  };
}

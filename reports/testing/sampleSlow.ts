import type { FlowFigures, Run, SlowFigures } from '../../contract/result.ts';
import { sampleRun } from './sampleRun.ts';
import { statsAround } from './sampleScenarios.ts';

export function sampleFlow(over: Partial<FlowFigures> = {}): FlowFigures {
  return {
    limitMessages: 1_024,
    limitBytes: 1_835_008,
    peakConnectionMessages: 1_025,
    peakConnectionBytes: 1_109_050,
    refusedPublishes: 0,
    refusedSubscribers: 3,
    stalls: 3,
    ...over,
  };
}

export function sampleSlow(over: Partial<SlowFigures> = {}): SlowFigures {
  return {
    share: 0.05,
    bytesPerSecond: 1_024,
    slots: 3,
    expected: 30_000,
    received: 28_013,
    lost: 1_987,
    kept: 0,
    back: 3,
    away: 0,
    gapTold: 3,
    delivery: { ...statsAround(10_900_000), p95: null, p99: null, p999: null, max: null, mean: null },
    ...over,
  };
}

/** The two runs of `slow-consumer`: without slow readers, and with them. */
export function slowRuns(withoutUs = 700, withUs = 900): Run[] {
  const ws = { stage: 'ws', variant: 'prepared', scenario: 'slow-consumer' } as const;
  const idle = sampleFlow({
    peakConnectionMessages: 0,
    peakConnectionBytes: 0,
    refusedSubscribers: 0,
    stalls: 0,
  });
  return [
    sampleRun({ ...ws, order: 0, sweep: { key: 'slowShare', value: 0 }, flow: idle }, withoutUs),
    sampleRun(
      { ...ws, order: 1, sweep: { key: 'slowShare', value: 0.05 }, flow: sampleFlow(), slow: sampleSlow() },
      withUs,
    ),
  ];
}

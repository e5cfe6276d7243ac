import type { Run } from '../../contract/result.ts';
import { faultRun } from './sampleScenarios.ts';

/** A run of `rolling-restart`. */
export function rollingRun(over: Partial<NonNullable<Run['rolling']>> = {}): Run {
  const run = faultRun({ stage: 'grpc', variant: 'server-stream', scenario: 'rolling-restart' });
  return {
    ...run,
    fault: run.fault && { ...run.fault, kind: 'rolling-restart' },
    rolling: {
      discovery: 'etcd 3.4.23',
      balance: 'round_robin',
      instances: [
        { nodeId: 'n1', drainAtMs: 2_509, drainedMs: 739, replacedMs: 2_744 },
        { nodeId: 'n2', drainAtMs: 9_167, drainedMs: 250, replacedMs: 964 },
      ],
      moved: 2_375,
      callsFailed: 0,
      callsRetried: 4,
      ...over,
    },
  };
}

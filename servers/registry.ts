import { UsageError } from '../contract/errors.ts';
import type { PushServer, StageInfo } from '../contract/pushServer.ts';
import { GRPC_STAGE } from './grpc/stage.ts';
import { INSTRUMENT_STAGE } from './instrument/stage.ts';
import { guardLifecycle } from './lifecycle.ts';
import { POLL_STAGE } from './poll/stage.ts';
import { SSE_STAGE } from './sse/stage.ts';
import { WS_STAGE } from './ws/stage.ts';
import { WS_CLUSTER_STAGE } from './ws-cluster/stage.ts';

/** Every stage there is: a new one is its folder and one line here. */
export const STAGES: readonly StageInfo[] = [POLL_STAGE, SSE_STAGE, WS_STAGE, WS_CLUSTER_STAGE, GRPC_STAGE];

/** What the harness itself is tested with: found by name, and never listed. */
const HIDDEN: readonly StageInfo[] = [INSTRUMENT_STAGE];

/** The stage that is taken where none is named. */
export const DEFAULT_STAGE_NAME = SSE_STAGE.name;

/** @throws UsageError naming the stages there are. */
export function findStage(name: string): StageInfo {
  const stage = [...STAGES, ...HIDDEN].find((each) => each.name === name);
  if (stage !== undefined) return stage;
  const known = STAGES.map((each) => each.name).join(', ');
  throw new UsageError([{ key: 'stage', value: name, expected: `one of ${known}` }]);
}

/**
 * An unstarted server node whose lifecycle is guarded.
 * @throws UsageError for an unknown stage or variant, naming those there are.
 */
export async function createServer(stage: string, variant: string): Promise<PushServer> {
  return guardLifecycle(await findStage(stage).create(variant));
}

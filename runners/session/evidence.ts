import type { FaultKind } from '../../contract/config.ts';
import type { SelfSample } from '../../contract/control.ts';
import type { PollFigures } from '../../contract/loadDriver.ts';
import type { PublisherPhaseReport } from '../../contract/publisherControl.ts';
import type { ServerStats } from '../../contract/pushServer.ts';
import type {
  ArticleRow,
  CeilingStep,
  ClosedLoop,
  MemoryLevel,
  PollArticleRow,
  Profile,
  WsArticleRow,
} from '../../contract/result.ts';
import type { RestartedInstance } from '../../contract/resultSpecial.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import type { ChatPhaseReport, WorkerFleetReport, WorkerPhaseReport } from '../../contract/workerControl.ts';
import type { ClockAgreement } from '../clock/checkClocks.ts';
import type { RunPlan } from '../plan.ts';
import type { ProcessTable } from '../samplers/processTable.ts';
import type { Snapshot } from './snapshot.ts';

/** Deliveries and bytes of the bulk workers so far. */
export interface WireCounts {
  readonly received: number;
  readonly bytesRead: number | null;
  readonly bytesWritten: number | null;
}

/** What a living node has counted since it started, or one that was replaced had when it went. */
export interface NodeCounts {
  readonly pid: number;
  readonly stats: ServerStats;
}

/** What was going on at the edge of a window. */
export interface Edge {
  readonly snapshot: Snapshot;
  /** All processes of the host; null: not all can be seen. */
  readonly everybody: ProcessTable | null;
  readonly wire: WireCounts;
  /** Of the bulk workers, and of the probe's process. */
  readonly polls: readonly PollFigures[];
  readonly probePolls: readonly PollFigures[];
  readonly nodes: readonly NodeCounts[];
}

/** What was broken on purpose in the window. */
export interface FaultEvidence {
  readonly kind: Exclude<FaultKind, 'none'>;
  readonly atUs: number;
  /** Connections that had been lost before it, for other reasons. */
  readonly droppedBefore: number;
}

/** One measured window with everything that was seen in it. */
export interface WindowEvidence {
  readonly spec: PhaseSpec;
  readonly before: Edge;
  readonly after: Edge;
  readonly publisher: PublisherPhaseReport | null;
  /** What the publisher will report: an abort ends its phase early. */
  readonly publishing: Promise<PublisherPhaseReport>;
  readonly workers: readonly WorkerPhaseReport[];
  /** Reports of the probe among `workers`, by index. */
  readonly probeIndex: number;
  readonly serverSelf: readonly SelfSample[];
  readonly generatorSelf: readonly SelfSample[];
  /** p99 of how late the relay passed things on, the worst of its processes, microseconds; null: there is none, or nothing passed. */
  readonly linkLateUs: number | null;
  readonly drainMs: number;
  readonly drainBoundHit: boolean;
}

export interface CeilingEvidence {
  readonly steps: CeilingStep[];
  readonly bestRate: number | null;
  readonly bestDeliveries: number | null;
  readonly limitedBy: string;
}

/** Everything that a run has seen so far: what an aborted run leaves is written as well. */
export interface Evidence {
  readonly plan: RunPlan;
  readonly startedAt: Date;
  readonly startedUs: number;
  processes: { role: string; index: number; pid: number; connections: number; flags: string[] }[];
  baseline: Snapshot | null;
  /** The processes' clocks against this one's, before and after the load; null: not compared yet. */
  clock: ClockAgreement | null;
  levels: MemoryLevel[];
  /** All connections live, nothing published yet. */
  connected: Snapshot | null;
  rampStartUs: number | null;
  /** Time inside connecting, pauses between memory levels left out. */
  connectingUs: number;
  usPerPublish: number | null;
  warmup: { readonly spec: PhaseSpec; readonly workers: readonly WorkerPhaseReport[] } | null;
  window: WindowEvidence | null;
  fleet: readonly WorkerFleetReport[];
  handles: readonly SelfSample[];
  openFiles: number | null;
  samples: readonly Snapshot[];
  profiles: Profile[];
  /** Why the profiler that was asked for left nothing. */
  profileFailure: string | null;
  ceiling: CeilingEvidence | null;
  article: ArticleRow | null;
  articlePoll: PollArticleRow | null;
  articleWs: WsArticleRow | null;
  closedLoop: ClosedLoop | null;
  fault: FaultEvidence | null;
  /** Instances that were replaced in the window. */
  readonly restarted: RestartedInstance[];
  /** Where instances are listed. */
  discovery: string;
  /** Of each worker whose clients spoke themselves. */
  chat: readonly ChatPhaseReport[];
  /** Name and version of what carried messages between the nodes. */
  broker: string | null;
  abortReason: string | null;
  /** True where a process of the harness itself crashed. */
  harnessCrashed: boolean;
}

export function emptyEvidence(plan: RunPlan, startedUs: number): Evidence {
  return {
    plan,
    startedAt: new Date(),
    startedUs,
    processes: [],
    baseline: null,
    clock: null,
    levels: [],
    connected: null,
    rampStartUs: null,
    connectingUs: 0,
    usPerPublish: null,
    warmup: null,
    window: null,
    fleet: [],
    handles: [],
    openFiles: null,
    samples: [],
    profiles: [],
    profileFailure: null,
    ceiling: null,
    article: null,
    articlePoll: null,
    articleWs: null,
    closedLoop: null,
    fault: null,
    restarted: [],
    discovery: 'static',
    chat: [],
    broker: null,
    abortReason: null,
    harnessCrashed: false,
  };
}

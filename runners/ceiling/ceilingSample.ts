import type { PhaseSpec } from '../../contract/schedule.ts';
import type { WorkerPhaseReport } from '../../contract/workerControl.ts';
import { type HostSample, readHost } from '../samplers/host.ts';
import { differenceOf } from '../samplers/hostDifference.ts';
import { othersCores } from '../samplers/othersWork.ts';
import { type ProcessSample, readProcess } from '../samplers/process.ts';
import { processDifferenceOf } from '../samplers/processDifference.ts';
import { type ProcessTable, readProcessTable } from '../samplers/processTable.ts';
import { numbersIn, PROC_ROOT, readProc } from '../samplers/procFile.ts';
import { sumOrNull } from '../session/snapshot.ts';

export interface MeasuredCeiling {
  /** Received inside the window, over its length. */
  readonly deliveriesPerSecond: number;
  /** CPU of the load worker over the window; null: the system does not tell. */
  readonly generatorUsPerDelivery: number | null;
  /** CPU of the null servers. */
  readonly serverUsPerDelivery: number | null;
  /** Read- and write-like ones of the load worker. */
  readonly generatorSyscallsPerDelivery: number | null;
  readonly connections: number;
  /** Share of the window in which the worker's main thread ran or waited for a core: the rest it waited for something to read. null: the system does not tell. */
  readonly occupiedShare: number | null;
  /** Cores that work beside the measurement took: it was then not the machine's ceiling. null: the system does not tell. */
  readonly othersCores: number | null;
  /** Of all messages, those of the warm-up included: what a server that does nothing wrong must leave exact. */
  readonly ledger: Pick<
    WorkerPhaseReport,
    'expected' | 'received' | 'lost' | 'duplicated' | 'reordered' | 'exact'
  >;
}

interface CeilingPids {
  readonly worker: number;
  readonly servers: readonly number[];
}

/** The host and all that is at work at an edge of the window. */
export interface CeilingSample {
  readonly pids: CeilingPids;
  readonly host: HostSample;
  /** null: not all processes of the host can be seen. */
  readonly everybody: ProcessTable | null;
  readonly coordinator: ProcessSample | null;
  readonly worker: ProcessSample | null;
  /** Microseconds for which the worker's main thread has run, or waited for a core. */
  readonly workerOccupiedUs: number | null;
  readonly servers: readonly (ProcessSample | null)[];
}

export function sampleCeiling(pids: CeilingPids): CeilingSample {
  return {
    pids,
    host: readHost(),
    everybody: readProcessTable(),
    coordinator: readProcess(process.pid),
    worker: readProcess(pids.worker),
    workerOccupiedUs: readOccupiedUs(pids.worker),
    servers: pids.servers.map((pid) => readProcess(pid)),
  };
}

/** Of the main thread alone (proc(5), schedstat): others of the process wait beside it. */
function readOccupiedUs(pid: number): number | null {
  const bytes = readProc(`${PROC_ROOT}/${pid}/schedstat`);
  if (bytes === null) return null;
  const [ranNs, waitedNs] = numbersIn(bytes, 0, bytes.length);
  return (ranNs + waitedNs) / 1_000;
}

function occupied(before: CeilingSample, after: CeilingSample): number | null {
  if (before.workerOccupiedUs === null || after.workerOccupiedUs === null) return null;
  return (after.workerOccupiedUs - before.workerOccupiedUs) / (after.host.atUs - before.host.atUs);
}

export interface CeilingEvidence {
  readonly spec: PhaseSpec;
  readonly report: WorkerPhaseReport;
  readonly before: CeilingSample;
  readonly after: CeilingSample;
  readonly connections: number;
}

/** Figures of a window from what was seen at its edges, and from the worker's own report. */
export function ceilingOf({ spec, report, before, after, connections }: CeilingEvidence): MeasuredCeiling {
  const perSecond = (report.receivedInWindow * 1e6) / spec.durationUs;
  const worker = perSecondOf(before.worker, after.worker);
  const coordinator = perSecondOf(before.coordinator, after.coordinator);
  const servers = sumOrNull(
    before.servers.map((sample, i) => perSecondOf(sample, after.servers[i])?.cpuUs ?? null),
  );
  const each = (inASecond: number | null | undefined): number | null =>
    inASecond == null || perSecond === 0 ? null : inASecond / perSecond;
  const ownUs = sumOrNull([worker?.cpuUs ?? null, coordinator?.cpuUs ?? null, servers]);
  const { expected, received, lost, duplicated, reordered, exact } = report;
  return {
    deliveriesPerSecond: perSecond,
    generatorUsPerDelivery: each(worker?.cpuUs),
    serverUsPerDelivery: each(servers),
    generatorSyscallsPerDelivery: each(worker?.syscalls),
    connections,
    occupiedShare: occupied(before, after),
    othersCores: others(before, after, ownUs),
    ledger: { expected, received, lost, duplicated, reordered, exact },
  };
}

/** By their processes where all can be seen; else what the host was busy with beyond us. */
function others(before: CeilingSample, after: CeilingSample, ownUs: number | null): number | null {
  if (before.everybody !== null && after.everybody !== null) {
    const { worker, servers } = before.pids;
    return othersCores(before.everybody, after.everybody, [process.pid, worker, ...servers]);
  }
  const { busyCores } = differenceOf(before.host, after.host);
  return busyCores === null || ownUs === null ? null : Math.max(0, busyCores - ownUs / 1e6);
}

/** What a process did in a second, in the mean between two samples. */
function perSecondOf(before: ProcessSample | null, after: ProcessSample | null) {
  if (before === null || after === null) return null;
  const { cpuUs, syscalls, seconds } = processDifferenceOf(before, after);
  return {
    cpuUs: cpuUs === null ? null : cpuUs / seconds,
    syscalls: syscalls === null ? null : syscalls / seconds,
  };
}

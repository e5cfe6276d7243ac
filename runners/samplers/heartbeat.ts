import { performance } from 'node:perf_hooks';
import { PROC_ROOT, readProc } from './procFile.ts';

/** Milliseconds between beats. */
export const HEARTBEAT_MS = 20;
/** A gap with less CPU than this was not spent working: the process was not let run. */
export const STALL_CPU_SHARE = 0.1;

export interface HeartbeatSample {
  /** Latest beat, beyond its time, microseconds. */
  readonly latenessMaxUs: number;
  /** Longest time between two beats, and the CPU that the process used in it. */
  readonly heartbeatGapUs: number;
  readonly heartbeatGapCpuUs: number;
  /** Longest gap in which less than a tenth of a core was used: the process stood still, it was not busy. */
  readonly stalledGapUs: number;
  /** Longest such gap that the process spent runnable, waiting for a core that others had. */
  readonly starvedGapUs: number;
}

/**
 * A timer that watches itself. It sees stalls of the loop that `monitorEventLoopDelay` samples away, and tells a loop that
 * was busy (CPU used in the gap) from a process that was not scheduled. Does not keep the process alive.
 */
export class Heartbeat {
  #timer: NodeJS.Timeout | null = null;
  #lastMs = 0;
  #lastCpuUs = 0;
  #gapMs = 0;
  #gapCpuUs = 0;
  #stalledGapMs = 0;
  #starvedGapMs = 0;
  #lastWaitUs = 0;

  start(): void {
    if (this.#timer !== null) return;
    this.mark();
    this.#timer = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Forgets what was seen; a gap that is open is cut here. */
  mark(): void {
    this.#gapMs = 0;
    this.#gapCpuUs = 0;
    this.#stalledGapMs = 0;
    this.#starvedGapMs = 0;
    this.#lastWaitUs = waitUs();
    this.#lastMs = performance.now();
    this.#lastCpuUs = cpuUs();
  }

  /** Since the last mark, the gap that is still open included: a reading may come right after a stall, before the next beat. */
  read(): HeartbeatSample {
    if (this.#timer !== null)
      this.#judge(performance.now() - this.#lastMs, cpuUs() - this.#lastCpuUs, waitUs() - this.#lastWaitUs);
    return {
      latenessMaxUs: Math.max(0, this.#gapMs - HEARTBEAT_MS) * 1000,
      heartbeatGapUs: this.#gapMs * 1000,
      heartbeatGapCpuUs: this.#gapCpuUs,
      stalledGapUs: this.#stalledGapMs * 1000,
      starvedGapUs: this.#starvedGapMs * 1000,
    };
  }

  #beat(): void {
    const atMs = performance.now();
    const usedUs = cpuUs();
    const waitedUs = waitUs();
    this.#judge(atMs - this.#lastMs, usedUs - this.#lastCpuUs, waitedUs - this.#lastWaitUs);
    this.#lastMs = atMs;
    this.#lastCpuUs = usedUs;
    this.#lastWaitUs = waitedUs;
  }

  #judge(gapMs: number, usedUs: number, waitedUs: number): void {
    if (gapMs > this.#gapMs) {
      this.#gapMs = gapMs;
      this.#gapCpuUs = usedUs;
    }
    // A gap of the usual length is mostly idle; only one that is too long can be a stall.
    if (gapMs <= 2 * HEARTBEAT_MS || usedUs >= gapMs * 1000 * STALL_CPU_SHARE) return;
    // Runnable for most of the gap: the cores were taken. Not runnable: the process was stopped, or blocked.
    if (waitedUs > gapMs * 500) this.#starvedGapMs = Math.max(this.#starvedGapMs, gapMs);
    else this.#stalledGapMs = Math.max(this.#stalledGapMs, gapMs);
  }
}

/** Time that the main thread has waited for a core, microseconds; 0 where the system does not tell. */
function waitUs(): number {
  const fields = readProc(`${PROC_ROOT}/self/schedstat`)?.toString('latin1').split(' ');
  return fields === undefined ? 0 : Number(fields[1]) / 1000;
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

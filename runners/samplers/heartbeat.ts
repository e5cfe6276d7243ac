import { performance } from 'node:perf_hooks';

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
    this.#lastMs = performance.now();
    this.#lastCpuUs = cpuUs();
  }

  /** Since the last mark, the gap that is still open included: a reading may come right after a stall, before the next beat. */
  read(): HeartbeatSample {
    if (this.#timer !== null) this.#judge(performance.now() - this.#lastMs, cpuUs() - this.#lastCpuUs);
    return {
      latenessMaxUs: Math.max(0, this.#gapMs - HEARTBEAT_MS) * 1000,
      heartbeatGapUs: this.#gapMs * 1000,
      heartbeatGapCpuUs: this.#gapCpuUs,
      stalledGapUs: this.#stalledGapMs * 1000,
    };
  }

  #beat(): void {
    const atMs = performance.now();
    const usedUs = cpuUs();
    this.#judge(atMs - this.#lastMs, usedUs - this.#lastCpuUs);
    this.#lastMs = atMs;
    this.#lastCpuUs = usedUs;
  }

  #judge(gapMs: number, usedUs: number): void {
    if (gapMs > this.#gapMs) {
      this.#gapMs = gapMs;
      this.#gapCpuUs = usedUs;
    }
    // A gap of the usual length is mostly idle; only one that is too long can be a stall.
    const tooLong = gapMs > 2 * HEARTBEAT_MS && gapMs > this.#stalledGapMs;
    if (tooLong && usedUs < gapMs * 1000 * STALL_CPU_SHARE) this.#stalledGapMs = gapMs;
  }
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { nowUs } from '../../contract/clock.ts';
import { GcObserver, type GcSample } from './gcObserver.ts';
import { type HandleCounts, readHandles } from './handles.ts';
import { Heartbeat, type HeartbeatSample } from './heartbeat.ts';

const DELAY_RESOLUTION_MS = 10;

/** What a process knows of itself; everything that accumulates counts since the last mark. Plain data, sent over channels. */
export interface InProcessSample extends HeartbeatSample {
  readonly atUs: number;
  readonly markedAtUs: number;
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  /** Memory of C++ objects bound to JavaScript ones, array buffers included. */
  readonly externalBytes: number;
  readonly arrayBuffersBytes: number;
  readonly rssBytes: number;
  readonly delayP50Us: number;
  readonly delayP99Us: number;
  readonly delayMaxUs: number;
  /** Share of the time in which the event loop did not wait, 0 to 1. */
  readonly utilisation: number;
  readonly cpuUserUs: number;
  readonly cpuSystemUs: number;
  readonly gc: GcSample;
  /** Bytes allocated in V8's heap, in steps of its allocation areas; null where V8 does not tell it. */
  readonly allocatedBytes: number | null;
  /** Only where it was asked for. */
  readonly handles: HandleCounts | null;
}

/** Samples the process that it runs in. `start` once, then `mark` and `read` at will; keeps nothing alive. */
export class InProcessSampler {
  // It records the time between two of its ticks: the resolution is taken off when it is read.
  readonly #delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  readonly #heartbeat = new Heartbeat();
  readonly #gc = new GcObserver();
  #utilisation: EventLoopUtilization = performance.eventLoopUtilization();
  #cpu = process.cpuUsage();
  #allocatedBytes: number | null = null;
  #markedAtUs = 0;

  start(): void {
    this.#delay.enable();
    this.#heartbeat.start();
    this.#gc.start();
    this.mark();
  }

  stop(): void {
    this.#delay.disable();
    this.#heartbeat.stop();
    this.#gc.stop();
  }

  /** Begins a new window: what accumulates starts again from zero. */
  mark(): void {
    this.#delay.reset();
    this.#heartbeat.mark();
    this.#gc.mark();
    this.#utilisation = performance.eventLoopUtilization();
    this.#cpu = process.cpuUsage();
    this.#allocatedBytes = allocatedBytes();
    this.#markedAtUs = nowUs();
  }

  /** Takes about 50 us; `withHandles` adds about 0.1 us per open connection. */
  read(withHandles = false): InProcessSample {
    const cpu = process.cpuUsage(this.#cpu);
    const allocated = allocatedBytes();
    return {
      atUs: nowUs(),
      markedAtUs: this.#markedAtUs,
      ...readMemory(),
      ...this.#readDelay(),
      ...this.#heartbeat.read(),
      utilisation: performance.eventLoopUtilization(this.#utilisation).utilization,
      cpuUserUs: cpu.user,
      cpuSystemUs: cpu.system,
      gc: this.#gc.read(),
      allocatedBytes:
        allocated === null || this.#allocatedBytes === null ? null : allocated - this.#allocatedBytes,
      handles: withHandles ? readHandles() : null,
    };
  }

  #readDelay() {
    const of = (ns: number) =>
      this.#delay.count === 0 ? 0 : Math.max(0, ns / 1000 - DELAY_RESOLUTION_MS * 1000);
    return {
      delayP50Us: of(this.#delay.percentile(50)),
      delayP99Us: of(this.#delay.percentile(99)),
      delayMaxUs: of(this.#delay.max),
    };
  }
}

function readMemory() {
  const usage = process.memoryUsage();
  return {
    heapUsedBytes: usage.heapUsed,
    heapTotalBytes: usage.heapTotal,
    externalBytes: usage.external,
    arrayBuffersBytes: usage.arrayBuffers,
    rssBytes: usage.rss,
  };
}

/** V8 counts every byte it hands out since the isolate started: no guess from heap growth is needed. */
function allocatedBytes(): number | null {
  const statistics: object = getHeapStatistics();
  if (!('total_allocated_bytes' in statistics)) return null;
  const total = statistics.total_allocated_bytes;
  return typeof total === 'number' ? total : null;
}

import type { HostCpu, HostSample } from './host.ts';

/** What happened on the host between two samples. CPU in cores: 1 is one core fully used. */
export interface HostDifference {
  readonly seconds: number;
  readonly userCores: number | null;
  readonly systemCores: number | null;
  readonly softirqCores: number | null;
  readonly busyCores: number | null;
  readonly idleCores: number | null;
  /** Share of all CPU time, 0 to 1. */
  readonly busyShare: number | null;
  readonly softirqShare: number | null;
  readonly stealShare: number | null;
  readonly usedBytes: number | null;
  readonly slabBytes: number | null;
  readonly sockMemBytes: number | null;
  readonly listenOverflows: number | null;
  readonly listenDrops: number | null;
  readonly swapInPages: number | null;
  readonly swapOutPages: number | null;
  /** Share of the time in which some task stalled, 0 to 1. */
  readonly cpuPressureShare: number | null;
  readonly memoryPressureShare: number | null;
  readonly ioPressureShare: number | null;
}

/** Difference of two samples of one host, `before` being the older; null where either side is not known. */
export function differenceOf(before: HostSample, after: HostSample): HostDifference {
  const elapsedUs = Math.max(1, after.atUs - before.atUs);
  const share = (a: number | null, b: number | null) => ratio(minus(b, a), elapsedUs);
  return {
    seconds: elapsedUs / 1e6,
    ...cpuDifference(before.cpu, after.cpu, elapsedUs),
    usedBytes: minus(after.usedBytes, before.usedBytes),
    slabBytes: minus(after.slabBytes, before.slabBytes),
    sockMemBytes: minus(after.sockMemBytes, before.sockMemBytes),
    listenOverflows: minus(after.listenOverflows, before.listenOverflows),
    listenDrops: minus(after.listenDrops, before.listenDrops),
    swapInPages: minus(after.swapInPages, before.swapInPages),
    swapOutPages: minus(after.swapOutPages, before.swapOutPages),
    cpuPressureShare: share(before.pressure.cpuUs, after.pressure.cpuUs),
    memoryPressureShare: share(before.pressure.memoryUs, after.pressure.memoryUs),
    ioPressureShare: share(before.pressure.ioUs, after.pressure.ioUs),
  };
}

function cpuDifference(before: HostCpu | null, after: HostCpu | null, elapsedUs: number) {
  const spent = (field: keyof HostCpu) => before && after && after[field] - before[field];
  const busyUs = spent('busyUs');
  const stealUs = spent('stealUs');
  const waitUs = plus(spent('idleUs'), spent('iowaitUs'));
  const allUs = plus(plus(busyUs, stealUs), waitUs);
  return {
    userCores: ratio(spent('userUs'), elapsedUs),
    systemCores: ratio(spent('systemUs'), elapsedUs),
    softirqCores: ratio(spent('softirqUs'), elapsedUs),
    busyCores: ratio(busyUs, elapsedUs),
    idleCores: ratio(waitUs, elapsedUs),
    busyShare: ratio(busyUs, allUs),
    softirqShare: ratio(spent('softirqUs'), allUs),
    stealShare: ratio(stealUs, allUs),
  };
}

function minus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

function ratio(value: number | null, whole: number | null): number | null {
  return value === null || whole === null || whole === 0 ? null : value / whole;
}

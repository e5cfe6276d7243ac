import { nowUs } from '../../contract/clock.ts';
import { pageBytes } from './pageBytes.ts';
import { numberAfter, numbersIn, PROC_ROOT, readProc } from './procFile.ts';

/** CPU time of all cores since boot, microseconds, in steps of 10 ms. */
export interface HostCpu {
  /** User mode, niced included. */
  readonly userUs: number;
  readonly systemUs: number;
  readonly irqUs: number;
  readonly softirqUs: number;
  /** Taken by the hypervisor for others. */
  readonly stealUs: number;
  readonly idleUs: number;
  readonly iowaitUs: number;
  /** user + system + irq + softirq: what this host's own work took. */
  readonly busyUs: number;
}

/** Time in which some task stalled for want of a resource, since boot (pressure stall information). */
export interface HostPressure {
  readonly cpuUs: number | null;
  readonly memoryUs: number | null;
  readonly ioUs: number | null;
}

/** One reading of the host; null is what this platform does not tell. */
export interface HostSample {
  /** Monotonic clock. */
  readonly atUs: number;
  readonly memTotalBytes: number | null;
  readonly memFreeBytes: number | null;
  readonly buffersBytes: number | null;
  readonly cachedBytes: number | null;
  /** MemTotal - MemFree - Buffers - Cached: reclaimable slab counts as used, since sockets live in it. */
  readonly usedBytes: number | null;
  readonly slabBytes: number | null;
  readonly swapUsedBytes: number | null;
  /** Socket buffers of TCP; 0 while all connections are idle. */
  readonly sockMemBytes: number | null;
  readonly tcpInUse: number | null;
  readonly timeWait: number | null;
  readonly cpu: HostCpu | null;
  /** Connections dropped because an accept queue was full, since boot. */
  readonly listenOverflows: number | null;
  readonly listenDrops: number | null;
  readonly swapInPages: number | null;
  readonly swapOutPages: number | null;
  readonly pressure: HostPressure;
}

const TICK_US = 10_000;

/** Reads the host from /proc, about 0.3 ms. Never throws: what is missing is null. */
export function readHost(root: string = PROC_ROOT): HostSample {
  return {
    atUs: nowUs(),
    ...readMemory(root),
    ...readSockets(root),
    cpu: readCpu(root),
    ...readListenQueues(root),
    ...readSwapping(root),
    pressure: {
      cpuUs: readPressureUs(root, 'cpu'),
      memoryUs: readPressureUs(root, 'memory'),
      ioUs: readPressureUs(root, 'io'),
    },
  };
}

function readMemory(root: string) {
  const bytes = readProc(`${root}/meminfo`);
  const of = (label: string) => {
    const kib = bytes && numberAfter(bytes, label);
    return kib === null ? null : kib * 1024;
  };
  const memTotalBytes = of('MemTotal:');
  const memFreeBytes = of('MemFree:');
  const buffersBytes = of('Buffers:');
  const cachedBytes = of('\nCached:');
  return {
    memTotalBytes,
    memFreeBytes,
    buffersBytes,
    cachedBytes,
    usedBytes: minus(minus(minus(memTotalBytes, memFreeBytes), buffersBytes), cachedBytes),
    slabBytes: of('\nSlab:'),
    swapUsedBytes: minus(of('SwapTotal:'), of('SwapFree:')),
  };
}

function minus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

function readSockets(root: string) {
  const v4 = readProc(`${root}/net/sockstat`);
  const line = v4 && v4.indexOf('TCP:') >= 0 ? v4.subarray(v4.indexOf('TCP:')) : null;
  const pages = line && numberAfter(line, ' mem');
  const inUse = line && numberAfter(line, ' inuse');
  const timeWait = line && numberAfter(line, ' tw');
  // `mem` and `tw` hold both families; only `inuse` is told apart, and `line` is gone with the next read.
  const v6 = readProc(`${root}/net/sockstat6`);
  const inUse6 = (v6 && numberAfter(v6, 'TCP6: inuse')) ?? 0;
  return {
    sockMemBytes: pages === null ? null : pages * pageBytes(),
    tcpInUse: inUse === null ? null : inUse + inUse6,
    timeWait,
  };
}

/** First line of /proc/stat: user nice system idle iowait irq softirq steal guest guest_nice, in ticks. */
function readCpu(root: string): HostCpu | null {
  const bytes = readProc(`${root}/stat`);
  if (bytes === null) return null;
  const ticks = numbersIn(bytes, 0, bytes.indexOf('\n'));
  if (ticks.length < 8) return null;
  const [user, nice, system, idle, iowait, irq, softirq, steal] = ticks.map((n) => n * TICK_US);
  return {
    userUs: user + nice,
    systemUs: system,
    irqUs: irq,
    softirqUs: softirq,
    stealUs: steal,
    idleUs: idle,
    iowaitUs: iowait,
    busyUs: user + nice + system + irq + softirq,
  };
}

/** netstat pairs a line of names with a line of values. */
function readListenQueues(root: string) {
  const text = readProc(`${root}/net/netstat`)?.toString('latin1');
  const rows = text?.split('\n').filter((row) => row.startsWith('TcpExt:')) ?? [];
  const names = rows[0]?.split(' ') ?? [];
  const values = rows[1]?.split(' ') ?? [];
  const of = (name: string) => {
    const at = names.indexOf(name);
    return at < 0 || values[at] === undefined ? null : Number(values[at]);
  };
  return { listenOverflows: of('ListenOverflows'), listenDrops: of('ListenDrops') };
}

function readSwapping(root: string) {
  const bytes = readProc(`${root}/vmstat`);
  return {
    swapInPages: bytes && numberAfter(bytes, 'pswpin '),
    swapOutPages: bytes && numberAfter(bytes, 'pswpout '),
  };
}

/** `some … total=` is the first total of the file, in microseconds. */
function readPressureUs(root: string, resource: string): number | null {
  const bytes = readProc(`${root}/pressure/${resource}`);
  return bytes && numberAfter(bytes, 'total=');
}

import { availableParallelism, freemem, totalmem } from 'node:os';
import { numberAfter, numbersIn, PROC_ROOT, readProc, readProcNumbers } from './procFile.ts';

/** What the machine allows, read at plan time and never assumed. */
export interface HostLimits {
  /** Open files of one process (RLIMIT_NOFILE); Node raises its soft limit to the hard one when it starts. null: not told. */
  readonly openFiles: { readonly soft: number; readonly hard: number } | null;
  /** Longest accept queue. */
  readonly somaxconn: number | null;
  /** First and last local port of outgoing connections. */
  readonly ephemeralPorts: readonly [number, number] | null;
  readonly memAvailableBytes: number;
  readonly memTotalBytes: number;
  /** Cores this process may use. */
  readonly cores: number;
  /** Pages of TCP buffers: low, pressure, maximum (tcp_mem). */
  readonly tcpMemPages: readonly [number, number, number] | null;
}

/** What "unlimited" counts as: far above any fs.nr_open, and still a number in JSON. */
export const UNLIMITED = 2 ** 30;

/** Reads the limits of this process and its host. */
export function readLimits(root: string = PROC_ROOT): HostLimits {
  const net = `${root}/sys/net`;
  const [lowPort, highPort] = readProcNumbers(`${net}/ipv4/ip_local_port_range`) ?? [];
  const [low, pressure, max] = readProcNumbers(`${net}/ipv4/tcp_mem`) ?? [];
  return {
    openFiles: readOpenFiles(root) ?? reportedOpenFiles(),
    somaxconn: readProcNumbers(`${net}/core/somaxconn`)?.[0] ?? null,
    ephemeralPorts: highPort === undefined ? null : [lowPort, highPort],
    ...readMemory(root),
    cores: availableParallelism(),
    tcpMemPages: max === undefined ? null : [low, pressure, max],
  };
}

function readMemory(root: string) {
  const bytes = readProc(`${root}/meminfo`);
  const availableKib = bytes && numberAfter(bytes, 'MemAvailable:');
  const totalKib = bytes && numberAfter(bytes, 'MemTotal:');
  return {
    memAvailableBytes: availableKib === null ? freemem() : availableKib * 1024,
    memTotalBytes: totalKib === null ? totalmem() : totalKib * 1024,
  };
}

function readOpenFiles(root: string): HostLimits['openFiles'] {
  const bytes = readProc(`${root}/self/limits`);
  const at = bytes === null ? -1 : bytes.indexOf('Max open files');
  if (bytes === null || at < 0) return null;
  const line = bytes.subarray(at, bytes.indexOf('\n', at));
  const [soft = UNLIMITED, hard = UNLIMITED] = numbersIn(line, 0, line.length);
  return { soft, hard };
}

/** Elsewhere than on Linux: the limits of Node's diagnostic report (not on Windows). */
function reportedOpenFiles(): HostLimits['openFiles'] {
  const report: unknown = process.report.getReport();
  if (typeof report !== 'object' || report === null || !('userLimits' in report)) return null;
  return openFilesIn(report.userLimits);
}

function openFilesIn(limits: unknown): HostLimits['openFiles'] {
  if (typeof limits !== 'object' || limits === null || !('open_files' in limits)) return null;
  const of = limits.open_files;
  if (typeof of !== 'object' || of === null || !('soft' in of) || !('hard' in of)) return null;
  return { soft: limitOf(of.soft), hard: limitOf(of.hard) };
}

function limitOf(value: unknown): number {
  return typeof value === 'number' ? value : UNLIMITED;
}

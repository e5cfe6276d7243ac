import { execFile } from 'node:child_process';
import { extname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { nowUs } from '../contract/clock.ts';
import { BenchError, EXIT, messageOf } from '../contract/errors.ts';
import { type Check, judge, type PreflightFacts } from './preflightChecks.ts';
import { clinicFolder } from './profilers/clinicPackage.ts';
import { readHost } from './samplers/host.ts';
import { differenceOf, type HostDifference } from './samplers/hostDifference.ts';
import { readLimits } from './samplers/limits.ts';
import { PROC_ROOT, readProcText, SYS_ROOT } from './samplers/procFile.ts';

export type { Check } from './preflightChecks.ts';

export interface PreflightOptions {
  /** How long to look at the load of others, milliseconds. @default 500 */
  readonly lookMs?: number;
  readonly procRoot?: string;
  readonly sysRoot?: string;
}

/**
 * Looks at the host before a run, in less than a second.
 * @throws BenchError where not even a child process can be started.
 */
export async function preflight(options: PreflightOptions = {}): Promise<Check[]> {
  return judge(await gatherFacts(options));
}

async function gatherFacts(options: PreflightOptions): Promise<PreflightFacts> {
  const { lookMs = 500, procRoot = PROC_ROOT, sysRoot = SYS_ROOT } = options;
  // First of all: the other measurements would be seen as load of others.
  const load = await watchLoad(lookMs, procRoot);
  return {
    nodeVersion: process.version,
    limits: readLimits(procRoot),
    swapUsedBytes: readHost(procRoot).swapUsedBytes,
    load,
    governor: readProcText(`${sysRoot}/devices/system/cpu/cpu0/cpufreq/scaling_governor`),
    wakeLagUs: measureWakeLag(),
    clock: await compareClocks(),
    hasClinic: clinicFolder() !== null,
  };
}

async function watchLoad(lookMs: number, procRoot: string): Promise<HostDifference> {
  const before = readHost(procRoot);
  await delay(lookMs);
  return differenceOf(before, readHost(procRoot));
}

const WAIT_MS = 1;
const WAITS = 21;

/** Median of what a wait of 1 ms takes beyond it, microseconds. */
function measureWakeLag(): number {
  const never = new Int32Array(new SharedArrayBuffer(4));
  const lags = Array.from({ length: WAITS }, () => {
    const startUs = nowUs();
    Atomics.wait(never, 0, 0, WAIT_MS);
    return nowUs() - startUs - WAIT_MS * 1000;
  });
  return lags.sort((a, b) => a - b)[(WAITS - 1) / 2];
}

/** Lets a child read the clock: it must come out between our own readings of before and after. */
async function compareClocks(): Promise<PreflightFacts['clock']> {
  const clock = new URL(`../contract/clock${extname(import.meta.url)}`, import.meta.url).href;
  const script = `import { nowUs } from ${JSON.stringify(clock)}; process.stdout.write(String(nowUs()));`;
  const beforeUs = nowUs();
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    return { beforeUs, childUs: Number(stdout), afterUs: nowUs() };
  } catch (cause) {
    throw new BenchError(`No child process could be started to compare clocks: ${messageOf(cause)}`, {
      exitCode: EXIT.internal,
      hint: 'Every role of a run is a process of its own: look at the limits of processes (ulimit -u) and memory.',
      cause,
    });
  }
}

import type { ProcessSample } from './process.ts';

/** What a process did between two samples; null where either side is not known. */
export interface ProcessDifference {
  readonly seconds: number;
  readonly cpuUs: number | null;
  /** `cpuUs` divided in the proportion of the clock ticks. */
  readonly cpuUserUs: number | null;
  readonly cpuSystemUs: number | null;
  /** Clock ticks alone: coarser than `cpuUs`, and 0 of a process that did little. */
  readonly ticksUserUs: number | null;
  readonly ticksSystemUs: number | null;
  readonly runDelayUs: number | null;
  readonly runSlices: number | null;
  /** Mean wait for a core per wake-up. */
  readonly runDelayPerSliceUs: number | null;
  readonly syscalls: number | null;
  readonly rssBytes: number | null;
}

/** Difference of two samples of one process, `before` being the older. */
export function processDifferenceOf(before: ProcessSample, after: ProcessSample): ProcessDifference {
  const ticksUserUs = minus(after.cpuUserUs, before.cpuUserUs);
  const ticksSystemUs = minus(after.cpuSystemUs, before.cpuSystemUs);
  const ticksUs = ticksUserUs === null || ticksSystemUs === null ? null : ticksUserUs + ticksSystemUs;
  const cpuUs = minus(after.cpuTotalUs, before.cpuTotalUs) ?? ticksUs;
  const userShare = ticksUs === null || ticksUserUs === null || ticksUs === 0 ? null : ticksUserUs / ticksUs;
  const runDelayUs = minus(after.runDelayUs, before.runDelayUs);
  const runSlices = minus(after.runSlices, before.runSlices);
  return {
    seconds: (after.atUs - before.atUs) / 1e6,
    cpuUs,
    cpuUserUs: cpuUs === null || userShare === null ? null : cpuUs * userShare,
    cpuSystemUs: cpuUs === null || userShare === null ? null : cpuUs * (1 - userShare),
    ticksUserUs,
    ticksSystemUs,
    runDelayUs,
    runSlices,
    runDelayPerSliceUs: runDelayUs === null || !runSlices ? null : runDelayUs / runSlices,
    syscalls: minus(after.syscalls, before.syscalls),
    rssBytes: minus(after.rssBytes, before.rssBytes),
  };
}

function minus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

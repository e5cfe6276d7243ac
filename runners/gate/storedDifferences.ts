import type { Scenario } from '../../contract/config.ts';
import type { Host, Run, RunResult } from '../../contract/result.ts';

/** What figures depend on, besides the server. */
export interface Measured {
  readonly host: Host;
  readonly toolVersion: string;
  readonly protocol: string;
  readonly workload: Run['workload'];
}

/** Only the host's name and the total memory may differ: a CI system gives another machine of the same kind. */
const HOST: readonly (readonly [string, (host: Host) => string])[] = [
  ['processor', ({ cpuModel }) => cpuModel],
  ['cores', ({ cores }) => String(cores)],
  ['system', ({ platform, kernel }) => `${platform}, kernel ${kernel}`],
  ['Node', ({ nodeVersion, v8Flags }) => [nodeVersion, ...v8Flags].join(' ')],
];

/** Numbers of a workload that no figure of a gate depends on. */
const IDLE: readonly string[] = ['profile', 'profileMs', 'sloMs', 'sloQuantile'] satisfies (keyof Scenario)[];

export function measuredOf({ host, tool, runs: [run] }: RunResult): Measured {
  return { host, toolVersion: tool.version, protocol: `${run.stage}:${run.variant}`, workload: run.workload };
}

/** What is not the same on both sides, one text each, with both values; a number that an older result does not know is none. */
export function differencesBetween(base: Measured, head: Measured): readonly string[] {
  const pairs: (readonly [string, string, string])[] = [
    ...HOST.map(([what, of]) => [what, of(base.host), of(head.host)] as const),
    ['pushbench', base.toolVersion, head.toolVersion],
    ['server', base.protocol, head.protocol],
    ...Object.keys(base.workload)
      .filter((key) => head.workload[key] !== undefined && !IDLE.includes(key))
      .map((key) => [key, JSON.stringify(base.workload[key]), JSON.stringify(head.workload[key])] as const),
  ];
  return pairs
    .filter(([, before, after]) => before !== after)
    .map(([what, before, after]) => `${what}: base ${before}, head ${after}`);
}

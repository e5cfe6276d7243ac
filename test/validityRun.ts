import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TargetSettings } from '../contract/config.ts';
import type { ProgressEvent } from '../contract/progress.ts';
import type { Run } from '../contract/result.ts';
import { run } from '../runners/run.ts';
import { type Measurement, settingsOf } from '../runners/selftest/bench.ts';
import { PLAIN_TARGET } from './plainTarget.ts';

export interface Arranged extends Partial<Measurement> {
  /** Called when a phase of the run is told for the first time. */
  readonly onPhase?: Readonly<Record<string, () => void>>;
  /** In place of a reference server. */
  readonly target?: Partial<TargetSettings> & { readonly url: string };
  /** In place of /proc, for what is read of the host. */
  readonly hostRoot?: string;
}

const SHORT = { connections: 20, rooms: 4, ratePerSecond: 100, warmupMs: 200, durationMs: 1_000 } as const;

/** One short run of the whole harness under a condition that a rule of validity is about. */
export async function runArranged({ onPhase = {}, target, hostRoot, ...given }: Arranged): Promise<Run> {
  const directory = await mkdtemp(join(tmpdir(), 'pushbench-validity-'));
  const waiting = new Map(Object.entries(onPhase));
  const progress = (event: ProgressEvent): void => {
    if (event.kind !== 'phase') return;
    const act = waiting.get(event.phase);
    waiting.delete(event.phase);
    act?.();
  };
  const measurement = {
    stage: 'sse',
    variant: 'shared',
    ...given,
    workload: { ...SHORT, ...given.workload },
  };
  const settings = {
    ...settingsOf(measurement, 1),
    ...(target === undefined ? {} : { stages: [], target: { ...PLAIN_TARGET, ...target } }),
  };
  try {
    const io = {
      progress,
      signal: new AbortController().signal,
      directory,
      command: ['bench', 'run'],
      hostRoot,
    };
    const { runs } = await run(settings, io);
    return runs[0];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The reasons that a run was given, by rule. */
export function codesOf({ validity }: Run): string[] {
  return validity.reasons.map(({ code }) => code);
}

/** The run was given these reasons, whatever a busy machine adds. */
export function assertSaid(run: Run, ...expected: readonly string[]): void {
  const codes = codesOf(run);
  for (const code of expected) assert.ok(codes.includes(code), `${code} is not among ${codes.join(', ')}`);
}

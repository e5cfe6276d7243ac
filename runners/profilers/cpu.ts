import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';
import { writeProfile } from './writeProfile.ts';

/** Sampling every 200 us: 5,000 samples in a second of full load. */
const DEFAULT_INTERVAL_US = 200;

export interface CpuProfiling {
  /**
   * Ends sampling and writes a `.cpuprofile`, as Chrome DevTools and speedscope read it.
   * @returns how many samples were not idle.
   * @throws BenchError where the file cannot be written.
   */
  stop(path: string): Promise<{ readonly samples: number; readonly path: string }>;
}

/** Starts a CPU profile of this process, through its own inspector: no port is opened. */
export async function startCpuProfile(options: { readonly intervalUs?: number } = {}): Promise<CpuProfiling> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: options.intervalUs ?? DEFAULT_INTERVAL_US });
  await session.post('Profiler.start');
  return {
    async stop(path) {
      const { profile } = await session.post('Profiler.stop');
      session.disconnect();
      await writeProfile(path, profile);
      return { samples: countBusySamples(profile), path };
    },
  };
}

/** Samples that did not hit the waiting event loop. */
export function countBusySamples(profile: Profiler.Profile): number {
  const idle = new Set(
    profile.nodes.filter((node) => node.callFrame.functionName === '(idle)').map((node) => node.id),
  );
  return (profile.samples ?? []).filter((id) => !idle.has(id)).length;
}

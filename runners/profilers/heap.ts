import { Session } from 'node:inspector/promises';
import { writeProfile } from './writeProfile.ts';

/** One sample per 32 KiB allocated on average: V8's own default. */
const DEFAULT_INTERVAL_BYTES = 32_768;

export interface HeapProfiling {
  /**
   * Ends sampling and writes a `.heapprofile`, as Chrome DevTools reads it.
   * @returns how many allocations were sampled.
   * @throws BenchError where the file cannot be written.
   */
  stop(path: string): Promise<{ readonly samples: number; readonly path: string }>;
}

/**
 * Starts allocation sampling of this process. What the garbage collector has taken since stays in the profile:
 * it shows what was allocated, not what is left.
 */
export async function startHeapProfile(
  options: { readonly intervalBytes?: number } = {},
): Promise<HeapProfiling> {
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.enable');
  await session.post('HeapProfiler.startSampling', {
    samplingInterval: options.intervalBytes ?? DEFAULT_INTERVAL_BYTES,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  return {
    async stop(path) {
      const { profile } = await session.post('HeapProfiler.stopSampling');
      session.disconnect();
      await writeProfile(path, profile);
      return { samples: countAllocations(profile), path };
    },
  };
}

/** V8 lists every sampled allocation; Node's types leave the list out. */
function countAllocations(profile: object): number {
  return 'samples' in profile && Array.isArray(profile.samples) ? profile.samples.length : 0;
}

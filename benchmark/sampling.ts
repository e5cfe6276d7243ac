import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Benchmark, type Figure, median } from './figure.ts';

const SCRIPT = fileURLToPath(new URL('samplingProcess.ts', import.meta.url));
const run = promisify(execFile);
const REPEATS = 5;
const FOR_MS = 8_000;

/** What it costs a role to watch itself: heartbeat, event-loop delay, garbage collections. */
export const sampling: Benchmark = {
  name: 'sampling',
  summary: 'an idle process with the sampler of a role and one without, side by side; 10 s each',
  async measure({ quick, repeats, tell }): Promise<readonly Figure[]> {
    const times = quick ? 1 : (repeats ?? REPEATS);
    const forMs = quick ? 500 : FOR_MS;
    const shares: number[] = [];
    for (let time = 1; time <= times; time++) {
      tell(`  ${time} of ${times}`);
      // At the same time, so that what the host does meets both.
      const [withIt, without] = await Promise.all([
        shareOfCore('with', forMs),
        shareOfCore('without', forMs),
      ]);
      shares.push(withIt - without);
    }
    return [
      {
        what: 'a process that watches itself (heartbeat, event-loop delay, GC), of one core',
        must: '',
        aim: '',
        measured: `${(median(shares) * 100).toFixed(2)} %`,
        ruler: `CPU time of an idle process with the sampler less that of one without, side by side for ${forMs / 1_000} s, median of ${times}`,
      },
    ];
  },
};

async function shareOfCore(which: 'with' | 'without', forMs: number): Promise<number> {
  const { stdout } = await run(process.execPath, [SCRIPT, which, String(forMs)]);
  const { cpuUs, elapsedMs } = JSON.parse(stdout);
  return cpuUs / 1_000 / elapsedMs;
}

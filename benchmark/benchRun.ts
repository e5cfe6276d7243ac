import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchError, EXIT } from '../contract/errors.ts';
import type { Family, Run } from '../contract/result.ts';
import { readResult } from '../reports/resultFile.ts';
import { familyVerdicts } from '../reports/verdicts.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LAUNCHER = join(ROOT, 'bin', 'bench.js');

/** What one `bench run` measured. */
export interface BenchRun {
  readonly run: Run;
  /** From the start of the command to its end, report written. */
  readonly wallSeconds: number;
}

/**
 * Runs the real command, as a user does, and reads its result.json. Its progress goes to stderr.
 * A run judged INVALID has figures too; they are marked by `verdictNote`.
 * @throws BenchError where it measured nothing.
 */
export async function benchRun(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<BenchRun> {
  const directory = await mkdtemp(join(tmpdir(), 'pushbench-benchmark-'));
  const out = join(directory, 'result');
  try {
    const startMs = performance.now();
    const exitCode = await finished(['run', ...args, '--out', out, '--json'], env);
    const wallSeconds = (performance.now() - startMs) / 1_000;
    if (exitCode !== EXIT.ok && exitCode !== EXIT.invalid) throw failed(args, exitCode);
    const [run] = (await readResult(out)).runs;
    if (run === undefined) throw failed(args, exitCode);
    return { run, wallSeconds };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function finished(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number | string> {
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    cwd: ROOT,
    // What a host does once is not the time that the command takes.
    env: { BENCH_CALIBRATE: 'never', ...process.env, ...env },
    // The result is read from its folder: a pipe that nobody empties would stop the command.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
}

function failed(args: readonly string[], exitCode: number | string): BenchError {
  return new BenchError(`bench run ${args.join(' ')} ended with ${exitCode} and measured nothing`, {
    exitCode: EXIT.internal,
    hint: 'Its own message stands above. Run the same command by hand to see more.',
  });
}

/** Appended to a figure whose family is not VALID: ` (SUSPECT)`. */
export function verdictNote(runs: readonly Run[], family: Family): string {
  const verdict = familyVerdicts(runs).find((one) => one.family === family)?.verdict ?? 'VALID';
  return verdict === 'VALID' ? '' : ` (${verdict})`;
}

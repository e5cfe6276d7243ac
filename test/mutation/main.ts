// What `npm run mutation` runs: breaks a copy of the instrument in one way after the other, and has `bench selftest` find it.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BenchError, EXIT, messageOf, UsageError } from '../../contract/errors.ts';
import type { MutationResult } from '../../contract/mutations.ts';
import type { SelftestResult } from '../../contract/selftest.ts';
import { readSelftest } from '../../reports/selftest/selftestFile.ts';
import { BrokenTree } from './brokenTree.ts';
import { claimsThat, type Judged, judge, linesOf } from './judge.ts';
import { MUTATIONS, type Mutation } from './mutations.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const HELP = `Usage: npm run mutation -- [--only NAME]... [--out FILE]

Breaks a copy of the tree in one way after the other and runs the cases of \`bench selftest --quick\` that have to notice it.
Without a mutation all of them have to pass, and do so first.
  --only NAME   only this one (repeatable)
  --out FILE    writes the rows as JSON too

Exit codes: 0 each was caught, 2 bad usage, 3 nothing was shown, 4 one survived, 130 interrupted

${MUTATIONS.map(({ name, description }) => `  ${name.padEnd(16)} ${description}`).join('\n')}
`;

interface Arguments {
  readonly mutations: readonly Mutation[];
  readonly out: string | null;
}

function readArguments(argv: readonly string[]): Arguments | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const names = MUTATIONS.map(({ name }) => name);
  const faults = values.only
    .filter((name) => !names.includes(name))
    .map((value) => ({ key: '--only', value, expected: `one of ${names.join(', ')}` }));
  if (faults.length > 0) throw new UsageError(faults, 'npm run mutation -- --help tells what each one does.');
  const mutations = MUTATIONS.filter(({ name }) => values.only.length === 0 || values.only.includes(name));
  return { mutations, out: values.out ?? null };
}

/**
 * Breaks, runs, restores; the children of an interrupted run end before the copy goes.
 * @param keep gets all rows so far, after each: what the host disturbs later takes nothing with it
 */
async function judgeAll(
  mutations: readonly Mutation[],
  keep: (rows: Judged[]) => Promise<void>,
  signal: AbortSignal,
): Promise<Judged[]> {
  const tree = await BrokenTree.copyOf(ROOT);
  try {
    const cases = [...new Set(mutations.flatMap((mutation) => mutation.cases))];
    tell(`Without a mutation: ${cases.join(', ')}`);
    requireSound(await selftest(tree, cases, signal));
    const judged: Judged[] = [];
    for (const [index, mutation] of mutations.entries()) {
      tell(`${mutation.name} (${index + 1} of ${mutations.length}): ${mutation.description}`);
      const outcome = await tree.broken(mutation, () => selftest(tree, mutation.cases, signal));
      judged.push(judge(mutation, outcome));
      await keep(judged);
    }
    return judged;
  } finally {
    await tree.remove();
  }
}

/** What fails by itself would be taken for a mutation that was caught. */
function requireSound(outcome: SelftestResult): void {
  const unsound = [...claimsThat('fail', outcome), ...claimsThat('void', outcome)];
  if (unsound.length === 0) return;
  throw new BenchError(`without any mutation these claims do not hold: ${unsound.join('; ')}`, {
    exitCode: EXIT.invalid,
    hint: 'Make the machine quiet and run it again; bench selftest --quick has to pass first.',
  });
}

async function selftest(
  tree: BrokenTree,
  cases: readonly string[],
  signal: AbortSignal,
): Promise<SelftestResult> {
  const out = await mkdtemp(join(tmpdir(), 'pushbench-mutation-out-'));
  try {
    const code = await ended(tree, ['selftest', '--quick', '--only', cases.join(','), '--out', out], signal);
    signal.throwIfAborted();
    const outcome = await readSelftest(out);
    const expected = claimsThat('fail', outcome).length > 0;
    if (expected !== (code === EXIT.thresholdFailed))
      throw new Error(`bench selftest ended with ${code}, which is not what its rows say`);
    return outcome;
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

function ended(tree: BrokenTree, args: readonly string[], signal: AbortSignal): Promise<number | string> {
  const child = spawn(process.execPath, [join(tree.path, 'bin', 'bench.js'), ...args], {
    cwd: tree.path,
    // The outcome is read from its folder: a pipe that nobody empties would stop the command.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const end = () => child.kill('SIGINT');
  signal.addEventListener('abort', end, { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, name) => {
      signal.removeEventListener('abort', end);
      resolve(code ?? name ?? 'unknown');
    });
  });
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(): Promise<number> {
  const given = readArguments(process.argv.slice(2));
  if (given === 'help') {
    process.stdout.write(HELP);
    return EXIT.ok;
  }
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  process.once('SIGTERM', () => interrupt.abort());
  try {
    const { out } = given;
    const keep = async (rows: MutationResult['rows']) => {
      if (out !== null)
        await writeFile(out, `${JSON.stringify({ rows } satisfies MutationResult, null, 2)}\n`);
    };
    const rows = await judgeAll(given.mutations, keep, interrupt.signal);
    process.stdout.write(linesOf(rows));
    return rows.every(({ verdict }) => verdict === 'caught') ? EXIT.ok : EXIT.thresholdFailed;
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.interrupted;
    throw error;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  tell(messageOf(error));
  if (error instanceof BenchError) tell(error.hint);
  process.exitCode = error instanceof BenchError ? error.exitCode : EXIT.internal;
}

// What `npm run benchmark` runs: measures what docs/performance.md promises, prints it and writes it there.
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { BenchError, messageOf, UsageError } from '../contract/errors.ts';
import { readHostFacts } from '../runners/samplers/hostFacts.ts';
import { clients, parser } from './clientFigures.ts';
import { commandBenchmarks } from './commandFigures.ts';
import type { Benchmark, Figure } from './figure.ts';
import { flowController } from './flowController.ts';
import { figuresText, withFigures } from './performanceDocument.ts';
import { profiling } from './profiling.ts';
import { recording } from './recording.ts';
import { sampling } from './sampling.ts';

const DOCUMENT = new URL('../docs/performance.md', import.meta.url);
const BENCHMARKS: readonly Benchmark[] = [
  recording,
  sampling,
  profiling,
  flowController,
  parser,
  clients,
  ...commandBenchmarks,
];

const HELP = `Usage: npm run benchmark -- [--only NAME]... [--repeat COUNT] [--quick]

Measures the figures of docs/performance.md and writes them there, row by row.
  --only NAME     only this one (repeatable)
  --repeat COUNT  times each is measured, instead of its own number
  --quick         small loads, to see that everything works; writes nothing

${BENCHMARKS.map(({ name, summary }) => `  ${name.padEnd(22)} ${summary}`).join('\n')}
`;

interface Arguments {
  readonly chosen: readonly Benchmark[];
  readonly quick: boolean;
  readonly repeats: number | null;
}

function readArguments(argv: readonly string[]): Arguments | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      repeat: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  return { chosen: choose(values.only), quick: values.quick, repeats: readRepeats(values.repeat) };
}

function choose(names: readonly string[]): readonly Benchmark[] {
  const known = BENCHMARKS.map(({ name }) => name);
  const faults = names
    .filter((name) => !known.includes(name))
    .map((value) => ({ key: '--only', value, expected: `one of ${known.join(', ')}` }));
  if (faults.length > 0)
    throw new UsageError(faults, 'npm run benchmark -- --help tells what each one does.');
  return names.length === 0 ? BENCHMARKS : BENCHMARKS.filter(({ name }) => names.includes(name));
}

function readRepeats(text: string | undefined): number | null {
  if (text === undefined) return null;
  const repeats = Number(text);
  if (Number.isInteger(repeats) && repeats >= 1 && repeats <= 100) return repeats;
  throw new UsageError(
    [{ key: '--repeat', value: text, expected: 'a whole number from 1 to 100' }],
    'Try 3.',
  );
}

/** Each benchmark is written down when it is done: one that fails later takes nothing with it. */
async function measureAll({ chosen, quick, repeats }: Arguments): Promise<void> {
  for (const [index, { name, summary, measure }] of chosen.entries()) {
    tell(`${name} (${index + 1} of ${chosen.length}): ${summary}`);
    const figures = await measure({ quick, repeats, tell });
    process.stdout.write(figuresText(figures));
    if (!quick) await writeDown(figures);
  }
  tell(quick ? 'Quick figures are not written down.' : 'Written to docs/performance.md.');
}

async function writeDown(figures: readonly Figure[]): Promise<void> {
  const { cpuModel, cores, memoryBytes, nodeVersion } = readHostFacts();
  const gibibytes = Math.round(memoryBytes / 2 ** 30);
  const date = new Date().toISOString().slice(0, 10);
  const when = `${date}, ${cpuModel}, ${cores} cores, ${gibibytes} GiB, Node ${nodeVersion}`;
  await writeFile(DOCUMENT, withFigures(await readFile(DOCUMENT, 'utf8'), figures, when));
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

function explain(error: unknown): void {
  tell(messageOf(error));
  if (error instanceof BenchError) tell(error.hint);
  process.exitCode = error instanceof BenchError ? error.exitCode : 1;
}

try {
  const given = readArguments(process.argv.slice(2));
  if (given === 'help') process.stdout.write(HELP);
  else await measureAll(given);
} catch (error) {
  explain(error);
}

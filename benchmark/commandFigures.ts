import { type BenchRun, benchRun, verdictNote } from './benchRun.ts';
import type { CommandBenchmark, Reading } from './commandReadings.ts';
import { COMMANDS } from './commandTable.ts';
import { type Benchmark, type Figure, type MeasureOptions, median } from './figure.ts';

/** Figures of the real command, one benchmark for each way it is called. */
export const commandBenchmarks: readonly Benchmark[] = COMMANDS.map((command) => ({
  name: command.name,
  summary: command.summary,
  measure: (options) => measureCommand(command, options),
}));

async function measureCommand(
  command: CommandBenchmark,
  options: MeasureOptions,
): Promise<readonly Figure[]> {
  const args = options.quick ? [...command.args, ...command.quickArgs] : command.args;
  const times = options.quick ? 1 : (options.repeats ?? command.repeats);
  const measured: BenchRun[] = [];
  for (let time = 1; time <= times; time++) {
    options.tell(`  ${time} of ${times}: bench run ${args.join(' ')}`);
    measured.push(await benchRun(args));
  }
  return command.readings.map((reading) => figureOf(reading, measured, `\`bench run ${args.join(' ')}\``));
}

function figureOf(reading: Reading, measured: readonly BenchRun[], command: string): Figure {
  const values = measured.map(reading.read).filter((value) => value !== null);
  const runs = measured.map(({ run }) => run);
  const note = reading.family === null ? '' : verdictNote(runs, reading.family);
  return {
    what: reading.what,
    must: reading.must ?? '',
    aim: reading.aim ?? '',
    measured: values.length === 0 ? 'not measured' : `${reading.format(median(values))}${note}`,
    ruler: values.length > 1 ? `${command}, median of ${values.length}` : command,
  };
}

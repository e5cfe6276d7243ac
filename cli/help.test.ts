import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from 'commander';
import { EXIT } from '../contract/errors.ts';
import { buildProgram, runCli } from './program.ts';
import { faultsOf } from './testing/resolving.ts';
import { testSystem } from './testing/testSystem.ts';

/** Commands that end with more than 0 and 2. */
const WITH_EXIT_CODES = ['bench', 'run', 'gate', 'selftest', 'doctor'];

function programNow(): Command {
  return buildProgram(testSystem([]), { exitCode: EXIT.ok });
}

async function helpOf(command: Command): Promise<string> {
  const system = testSystem(command.parent === null ? ['--help'] : [command.name(), '--help']);
  assert.equal(await runCli(system), EXIT.ok);
  assert.equal(system.err(), '');
  assert.match(system.out(), new RegExp(`^Usage: bench ${command.parent === null ? '' : command.name()}`));
  return system.out();
}

/** The `bench …` lines below `Examples:`, a line for each, without what is said of them. */
function examplesIn(help: string): string[] {
  const [, below = ''] = help.split('\nExamples:\n');
  const [block = ''] = below.split('\n\n');
  return block
    .trim()
    .replaceAll(/ \\\n +/g, ' ')
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/)[0] ?? '')
    .flatMap((line) => line.split(' && '))
    .map((line) => line.replace(/^(\w+=\S+ )+/, '').replace(/ > \S+$/, ''));
}

/** As a shell takes a line apart. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare,
  );
}

for (const { name } of programNow().commands.map((command) => ({ name: command.name() }))) {
  const commandNow = () => programNow().commands.find((command) => command.name() === name)!;

  test(`bench ${name} and each of its options say what they are`, () => {
    const command = commandNow();
    assert.ok(command.description().length > 10, name);
    for (const { flags, description } of command.options) assert.ok(description.length > 5, flags);
    for (const argument of command.registeredArguments)
      assert.ok(argument.description.length > 5, argument.name());
  });

  test(`bench ${name} has examples, and they are right`, async () => {
    const examples = examplesIn(await helpOf(commandNow()));
    assert.ok(examples.length > 0, name);
    for (const example of examples) {
      const [bench, called, ...words] = wordsOf(example);
      assert.equal(bench, 'bench', example);
      const command = programNow().commands.find((one) => one.name() === called);
      assert.ok(command, example);
      const { operands, unknown } = command.parseOptions(words);
      assert.deepEqual(unknown, [], example);
      // What the values are is checked by what a run is settled by.
      const faults = called === 'run' ? faultsOf({ flags: command.opts() }) : [];
      // The files of examples are the reader's.
      assert.deepEqual(
        faults.filter((fault) => !fault.includes('no such file')),
        [],
        example,
      );
      const arguments_ = command.registeredArguments;
      const isOpenEnded = arguments_.some(({ variadic }) => variadic);
      assert.ok(isOpenEnded || operands.length <= arguments_.length, `${example}: ${operands}`);
      assert.ok(operands.length >= arguments_.filter(({ required }) => required).length, example);
    }
  });
}

test('where the exit code tells something, the help says what', async () => {
  const program = programNow();
  for (const command of [program, ...program.commands]) {
    if (!WITH_EXIT_CODES.includes(command.name())) continue;
    assert.match(await helpOf(command), /\nExit codes: 0 .*, 2 /, command.name());
  }
});

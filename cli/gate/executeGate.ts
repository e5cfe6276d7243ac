import { join } from 'node:path';
import { EXIT, type ExitCode, type Fault } from '../../contract/errors.ts';
import type { GateResult } from '../../contract/gate.ts';
import type { GateTurn } from '../../runners/gate/blockOrder.ts';
import { minutesText } from '../../runners/gate/cost.ts';
import type { GateMeasured } from '../../runners/gate/runGate.ts';
import { Interrupted } from '../../runners/session/interrupted.ts';
import { type GivenOptions, given, isOn } from '../given.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { openFile } from '../openFile.ts';
import { namedDirectory, prepareDirectory, removeEmpty, timedDirectory } from '../outputDirectory.ts';
import { createProgress } from '../progress.ts';
import { redactCommand } from '../redactCommand.ts';
import type { System } from '../system.ts';
import { systemFaultOf } from '../systemFault.ts';
import { decidingFamilies } from './decidingFamilies.ts';
import { gateExitCode } from './gateExitCode.ts';
import { gateOutcome } from './gateOutcome.ts';
import { planText, refuseTooLong } from './gatePlan.ts';
import { type GateAsked, readGate } from './gateSettings.ts';
import { type FoundSides, findSides } from './gateSides.ts';

/**
 * `bench gate` from its options to its exit code: settle, tell the cost, lock, build, measure, judge, write, tell.
 * @param unknown faults of the command line itself, reported with all others
 * @throws BenchError where it is refused or a side cannot be built or started, before anything is measured
 */
export async function executeGate(
  system: System,
  options: GivenOptions,
  unknown: readonly Fault[],
): Promise<ExitCode> {
  const asked = await readGate(system, options, unknown);
  const found = await findSides(asked, system.cwd);
  const plan = await planText(asked, found);
  const dryRun = isOn(options, 'dryRun');
  (dryRun ? system.stdout : system.stderr).write(`${plan}\n`);
  refuseTooLong(asked, found);
  if (dryRun) return EXIT.ok;
  const { underRunLock } = await import('../../runners/lock.ts');
  // Building takes cores as well: nothing else is measured meanwhile.
  return underRunLock(() => gateAndWrite(system, options, asked, found));
}

async function gateAndWrite(
  system: System,
  options: GivenOptions,
  asked: GateAsked,
  found: FoundSides,
): Promise<ExitCode> {
  const named = given(options, 'out');
  const directory = namedDirectory(
    system.cwd,
    named === undefined ? timedDirectory('gate') : String(named.value),
  );
  const made = await prepareDirectory(directory);
  const progress = createProgress(system);
  const note = (text: string): void => progress.listen({ kind: 'note', text });
  const interrupt = listenForInterrupt(system, () =>
    note('Stopping: what was measured is written. Ctrl-C again ends at once.'),
  );
  try {
    const { runGate } = await import('../../runners/gate/runGate.ts');
    const command = redactCommand(system.argv);
    const measured = await runGate(
      {
        ...found,
        settings: asked.settings,
        blocks: asked.choice.blocks,
        families: decidingFamilies(asked.choice.tolerances, asked.settings),
        maxTimeMs: asked.choice.maxTimeMs,
        maxTimeText: minutesText(asked.choice.maxTimeMs),
        faultOf: (run) => systemFaultOf(run)?.what ?? null,
      },
      {
        // Some two hundred lines of phases would hide those of the blocks in a log; a terminal has one line for them.
        progress: (event) => {
          if (event.kind !== 'run' && (event.kind !== 'phase' || system.isTTY)) progress.listen(event);
        },
        signal: interrupt.signal,
        directory,
        command,
      },
    );
    progress.finish();
    await writeSides(measured, directory);
    const { choice, settings } = asked;
    const sides = { base: found.base, head: found.head };
    const gate = gateOutcome({ choice, settings, sides, measured, differences: found.differences, command });
    const html = await writeOutcome(system, gate, measured, directory, choice.failsInconclusive);
    await tell(system, gate, html, isOn(options, 'json'));
    tellFault(system, measured);
    if (isOn(options, 'open')) await openFile(html);
    const failed = measured.fault?.turn ?? null;
    const interrupted = interrupt.signal.aborted;
    return gateExitCode(gate, { interrupted, failed, failsInconclusive: choice.failsInconclusive });
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    progress.finish();
    note('Stopped before anything was measured.');
    return EXIT.interrupted;
  } finally {
    progress.finish();
    interrupt.release();
    // One that was refused has written nothing.
    await removeEmpty(made);
  }
}

/** Before anything is made of them: what was measured took minutes. */
async function writeSides({ results }: GateMeasured, directory: string): Promise<void> {
  const { writeResult } = await import('../../reports/resultFile.ts');
  const { makeFolders } = await import('../../runners/makeFolders.ts');
  for (const turn of ['base', 'head'] as const satisfies readonly GateTurn[]) {
    const folder = join(directory, turn);
    await makeFolders(folder);
    await writeResult(results[turn], folder);
  }
}

/** @returns path of the report */
async function writeOutcome(
  system: System,
  gate: GateResult,
  { results }: GateMeasured,
  directory: string,
  failsInconclusive: boolean,
): Promise<string> {
  const { writeGate } = await import('../../reports/gate/output/writeGate.ts');
  const { gateMarkdown } = await import('../../reports/gate/output/gateMarkdown.ts');
  const { appendStepSummary } = await import('../../reports/gate/output/stepSummary.ts');
  const { html } = await writeGate(gate, results, directory, failsInconclusive ? 'fail' : 'warn');
  const unwritten = await appendStepSummary(gateMarkdown(gate), system.env);
  if (unwritten !== null) system.stderr.write(`bench: ${unwritten}\n`);
  return html;
}

async function tell(system: System, gate: GateResult, reportPath: string, json: boolean): Promise<void> {
  if (json) {
    system.stdout.write(`${JSON.stringify(gate)}\n`);
    return;
  }
  const { gateTerminal } = await import('../../reports/gate/output/gateTerminal.ts');
  const columns = Math.min(system.columns, 100);
  system.stdout.write(`${gateTerminal(gate, { columns, colour: system.colour, reportPath })}\n`);
}

function tellFault(system: System, { fault }: GateMeasured): void {
  if (fault === null) return;
  system.stderr.write(`bench: ${fault.turn}: ${fault.why}\n\n  ${fault.hint}\n`);
}

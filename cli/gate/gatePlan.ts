import { BenchError, EXIT } from '../../contract/errors.ts';
import { gateRunMs, minutesText, RUNS_OF_BLOCK, whatFits } from '../../runners/gate/cost.ts';
import type { Side } from '../../runners/gate/sides.ts';
import type { GateAsked } from './gateSettings.ts';
import type { FoundSides } from './gateSides.ts';

/** Runs of a block that are really made; 0: both sides were measured before. */
function runsOfBlock({ base, head }: FoundSides): number {
  const live = [base, head].filter(({ kind }) => kind !== 'result').length;
  return (live * RUNS_OF_BLOCK) / 2;
}

/** What is about to be compared, and what it costs. */
export async function planText({ choice, settings }: GateAsked, found: FoundSides): Promise<string> {
  const { sideText } = await import('../../runners/gate/prepareSides.ts');
  const text = (side: Side): string =>
    side.kind === 'result' ? `${side.named}, measured before` : sideText(side);
  const runs = runsOfBlock(found);
  const lines = [`Gate: base ${text(found.base)}, head ${text(found.head)}`];
  if (found.base.commit !== null && found.base.commit === found.head.commit && found.head.dirty !== true)
    lines.push('  note       both are the same commit: whatever differs is noise');
  if (runs > 0) {
    const runMs = gateRunMs(settings.scenario);
    const total = minutesText(choice.blocks * runs * runMs);
    lines.push(
      `  cost       ${choice.blocks} blocks x ${runs} runs of about ${minutesText(runMs)}: about ${total}, and building`,
      `  load       ${loadText(settings)}`,
    );
  }
  lines.push(...found.differences.map((difference) => `  differs    ${difference}`));
  return lines.join('\n');
}

function loadText({
  scenario: { name, connections, ratePerSecond, warmupMs, durationMs },
}: GateAsked['settings']) {
  const window = `${warmupMs / 1_000} s warm-up, ${durationMs / 1_000} s window`;
  const number = (value: number): string => value.toLocaleString('en');
  return `scenario ${name}: ${number(connections)} connections, ${number(ratePerSecond)} publishes/s, ${window}`;
}

/** @throws BenchError (usage) where the blocks would take longer than allowed, with what would fit */
export function refuseTooLong({ choice, settings }: GateAsked, found: FoundSides): void {
  const runs = runsOfBlock(found);
  const neededMs = choice.blocks * runs * gateRunMs(settings.scenario);
  if (neededMs <= choice.maxTimeMs) return;
  const fits = whatFits(settings.scenario, (choice.maxTimeMs * RUNS_OF_BLOCK) / runs);
  throw new BenchError(
    `The gate would take about ${minutesText(neededMs)}, and --max-time is ${minutesText(choice.maxTimeMs)}.`,
    {
      exitCode: EXIT.usage,
      hint:
        fits === null
          ? `Give --max-time ${Math.ceil((neededMs * 1.2) / 60_000)}m, or a smaller load.`
          : `Within that time: ${fits}; or give --max-time ${Math.ceil((neededMs * 1.2) / 60_000)}m.`,
    },
  );
}

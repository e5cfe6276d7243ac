import { contextText } from './context.ts';
import { costText } from './cost.ts';
import { driversText, optionsText } from './options.ts';
import { outcomeText, outcomeTitle } from './outcome.ts';
import { prosAndConsText } from './prosAndCons.ts';
import type { Setting } from './setting.ts';
import { sizingText } from './sizing.ts';
import { notesText, sourcesText, unmeasuredText } from './unmeasured.ts';
import { blocks, plain } from './words.ts';

/** The record in the sections of MADR 4.0 (https://adr.github.io/madr/), as Markdown. */
export function adrDocument(setting: Setting): string {
  const text = blocks(
    `---\nstatus: proposed\ndate: ${setting.date}\n---`,
    `# ${plain(outcomeTitle(setting.record))}`,
    contextText(setting),
    driversText(setting),
    optionsText(setting),
    outcomeText(setting),
    prosAndConsText(setting),
    '## More Information',
    costText(setting),
    sizingText(setting),
    notesText(setting),
    unmeasuredText(setting),
    sourcesText(setting),
  );
  return `${blocks(text, setting.notes.text())}\n`;
}

const STAGES = /^((?:npx )?bench run --stage )(\S+)(.*)$/;

/** Commands without those that another one answers too: the same words, with all of its stages and more. */
export function withoutCovered(commands: readonly string[]): string[] {
  const distinct = [...new Set(commands)];
  return distinct.filter((one) => !distinct.some((other) => other !== one && covers(other, one)));
}

function covers(command: string, other: string): boolean {
  const [, head, stages, rest] = STAGES.exec(command) ?? [];
  const [, otherHead, otherStages, otherRest] = STAGES.exec(other) ?? [];
  if (!stages || !otherStages || head !== otherHead || rest !== otherRest) return false;
  const known = new Set(stages.split(','));
  return otherStages.split(',').every((stage) => known.has(stage));
}

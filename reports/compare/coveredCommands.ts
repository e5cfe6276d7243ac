const QUESTION = /^((?:npx )?bench run) --stage (\S+)(?: --security (\S+))?(.*)$/;

/** Commands without those that another one answers too: the same words, with all of its stages and kinds of security and more. */
export function withoutCovered(commands: readonly string[]): string[] {
  const distinct = [...new Set(commands)];
  return distinct.filter((one) => !distinct.some((other) => other !== one && covers(other, one)));
}

function covers(command: string, other: string): boolean {
  const [, head, stages, security = 'plain', rest] = QUESTION.exec(command) ?? [];
  const [, otherHead, otherStages, otherSecurity = 'plain', otherRest] = QUESTION.exec(other) ?? [];
  if (!stages || !otherStages || head !== otherHead || rest !== otherRest) return false;
  return holds(stages, otherStages) && holds(security, otherSecurity);
}

/** True where every entry of the one list is in the other. */
function holds(list: string, part: string): boolean {
  const known = new Set(list.split(','));
  return part.split(',').every((entry) => known.has(entry));
}

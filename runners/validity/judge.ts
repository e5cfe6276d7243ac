import type { Run, Validity, Verdict } from '../../contract/result.ts';
import { worstVerdict } from '../../reports/verdicts.ts';
import { INVALID_RULES } from './invalidRules.ts';
import type { Judged } from './rule.ts';
import { SUSPECT_RULES } from './suspectRules.ts';

/** The verdict of a run: the worst of its reasons, VALID for none. */
export function judgeRun(judged: Judged): Validity {
  const reasons = [...INVALID_RULES, ...SUSPECT_RULES].flatMap((rule) => rule(judged) ?? []);
  return { verdict: worstVerdict(reasons.map(({ verdict }): Verdict => verdict)), reasons };
}

/** The verdict of an invocation: the worst of its runs. */
export function judgeAll(runs: readonly Run[]): Validity {
  const reasons = runs.flatMap(({ validity }) => validity.reasons);
  return { verdict: worstVerdict(runs.map(({ validity }) => validity.verdict)), reasons };
}

import type { MutationResult } from '../../contract/mutations.ts';
import type { SelftestResult, SelftestRow } from '../../contract/selftest.ts';
import type { Mutation } from './mutations.ts';

export type Judged = MutationResult['rows'][number];
type Outcome = Pick<SelftestResult, 'cases'>;

/** Claims of an outcome with this verdict, by case. */
export function claimsThat(verdict: SelftestRow['verdict'], { cases }: Outcome): string[] {
  return cases.flatMap(({ name, rows }) => {
    const claims = rows.filter((row) => row.verdict === verdict).map(({ claim }) => claim);
    return claims.length === 0 ? [] : [`${name}: ${told(claims)}`];
  });
}

/** The first is enough to find the others. */
function told([first, ...others]: readonly string[]): string {
  return others.length === 0 ? `${first}` : `${first}, and ${others.length} more`;
}

/**
 * A mutation is caught where a claim fails that holds without it.
 * @throws Error where nothing was claimed: a case that broke off, or one that the host disturbed
 */
export function judge({ name, description }: Mutation, outcome: Outcome): Judged {
  for (const { title, rows } of outcome.cases) {
    const end = rows.find((row) => row.verdict === 'fail' && row.claim === title);
    if (end !== undefined) throw new Error(`mutation ${name}: ${title}: ${end.measured}`);
  }
  const caughtBy = claimsThat('fail', outcome);
  const unseen = claimsThat('void', outcome);
  if (caughtBy.length === 0 && unseen.length > 0)
    throw new Error(`mutation ${name}: the host disturbed ${unseen.join('; ')}`);
  return { mutation: name, description, caughtBy, verdict: caughtBy.length > 0 ? 'caught' : 'survived' };
}

/** One line for each, for the terminal. */
export function linesOf(judged: readonly Judged[]): string {
  const lines = judged.map(
    ({ mutation, verdict, caughtBy }) => `${mutation.padEnd(16)} ${verdict.padEnd(9)} ${caughtBy.join('; ')}`,
  );
  return `${lines.join('\n')}\n`;
}

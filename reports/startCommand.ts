import type { Run } from '../contract/result.ts';

/** A server that ran already is told by its address. */
const ADDRESS = /^[a-z][a-z\d+.-]*:\/\//i;

/** The command by which a run started a server of the user's own; null for any other server. */
export function startCommand({ plan: { target } }: Pick<Run, 'plan'>): string | null {
  return target === null || ADDRESS.test(target) ? null : target;
}

/**
 * True where the value of `If-None-Match` names the state `"<id>"`: a list of tags or `*`, compared weakly
 * (RFC 9110, sections 8.8.3.2 and 13.1.2).
 */
export function matches(ifNoneMatch: string | undefined, id: number): boolean {
  if (ifNoneMatch === undefined) return false;
  const tag = `"${id}"`;
  // What nearly every poller sends.
  if (ifNoneMatch === tag) return true;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((each) => each.trim().replace(/^W\//, '') === tag);
}

import type { Run } from '../../contract/result.ts';

/** CPU seconds per second, in user and system mode; null: not known, such as where a process took its counters along. */
export function cpuCores({
  userShare,
  systemShare,
}: Pick<Run['cpu']['server'], 'userShare' | 'systemShare'>): number | null {
  return userShare === null || systemShare === null ? null : userShare + systemShare;
}

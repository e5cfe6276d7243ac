import type { Run, SlowFigures } from '../contract/result.ts';
import { formatBytes, formatCount, formatShare } from './numbers.ts';

/** `3 clients read 1 KiB/s at most: 3 ended by the server and back; …`; null where nobody read slowly on purpose. */
export function slowSentence({ slow }: Run): string | null {
  if (slow === null || slow.slots === 0) return null;
  const { slots, share, bytesPerSecond, expected, lost, gapTold } = slow;
  const who = `${formatCount(slots)} slow ${slots === 1 ? 'client' : 'clients'} (${formatShare(share)}) read ${formatBytes(bytesPerSecond)}/s at most`;
  const told = gapTold === 0 ? '' : `, ${formatCount(gapTold)} told of a gap`;
  return `${who}: ${fates(slow)}${told}; ${formatCount(lost)} of ${formatCount(expected)} deliveries to them lost`;
}

function fates({ kept, back, away }: SlowFigures): string {
  const parts = [
    [kept, 'never ended by the server'],
    [back, 'ended by the server and back'],
    [away, 'ended by the server and away at the end'],
  ] as const;
  return parts.flatMap(([count, what]) => (count === 0 ? [] : [`${formatCount(count)} ${what}`])).join(', ');
}

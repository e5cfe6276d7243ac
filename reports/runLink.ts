import type { LinkSpec } from '../contract/link.ts';
import type { Run } from '../contract/result.ts';
import { formatUs } from './numbers.ts';

/** Value of `--link` that makes the same link: `rtt=80ms,jitter=20ms`. */
export function linkFlag({ rttMs, jitterMs }: LinkSpec): string {
  return `rtt=${rttMs}ms${jitterMs === 0 ? '' : `,jitter=${jitterMs}ms`}`;
}

/** In the name of a server, where it must be short and one word: `rtt=80±20ms`. */
export function linkWord({ rttMs, jitterMs }: LinkSpec): string {
  return `rtt=${rttMs}${jitterMs === 0 ? '' : `±${jitterMs}`}ms`;
}

/** `a round trip of 80 ms ± 20 ms`. */
export function roundTripText({ rttMs, jitterMs }: LinkSpec): string {
  const jitter = jitterMs === 0 ? '' : ` ± ${formatUs(jitterMs * 1_000)}`;
  return `a round trip of ${formatUs(rttMs * 1_000)}${jitter}`;
}

/** What lay between clients and servers, for the conditions of a run. */
export function describeLink({ link }: Run['plan']): string {
  return link === null ? 'loopback' : `${roundTripText(link)} added by a relay; loss is not emulated`;
}

/** What an added link does to figures that stand side by side; null where there is none. */
export function linkNote(runs: readonly Run[]): string | null {
  const links = new Set(runs.flatMap(({ plan: { link } }) => (link === null ? [] : [roundTripText(link)])));
  if (links.size === 0) return null;
  const isSame = links.size === 1 && runs.every(({ plan }) => plan.link !== null);
  const warning = isSame
    ? ''
    : ' It is not the same for all servers here: their latencies are no like for like.';
  return `A relay added ${[...links].join(', or ')} between clients and servers; half of it, or more, is in every latency, and twice all of it in every handshake: to connect, and for the answer.${warning}`;
}

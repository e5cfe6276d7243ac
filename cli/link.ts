import type { Fault } from '../contract/errors.ts';
import type { LinkSpec } from '../contract/link.ts';
import { type Given, type GivenOptions, given } from './given.ts';
import { nearest } from './nearest.ts';
import { duration } from './parse/duration.ts';

const FORM = 'a round trip and perhaps its jitter, such as rtt=80ms or rtt=80ms,jitter=20ms';
/** Longer than the way to a geostationary satellite and back, many times over. */
const LONGEST_MS = 10_000;
const time = duration({ min: 0, max: LONGEST_MS });
const KEYS = ['rtt', 'jitter'] as const;

/** Reads `--link`; null where none is given. `rtt=0ms` is a relay that adds nothing, to see what it costs itself. */
export function readLink(options: GivenOptions, faults: Fault[]): LinkSpec | null {
  const one = given(options, 'link');
  if (one === undefined) return null;
  const found = faults.length;
  const times = readTimes(one, faults);
  const rttMs = times.get('rtt');
  const jitterMs = times.get('jitter') ?? 0;
  if (faults.length > found) return null;
  if (rttMs === undefined) {
    faults.push({ ...one, expected: `rtt as well: ${FORM}` });
    return null;
  }
  if (jitterMs > rttMs) {
    faults.push({ ...one, expected: 'jitter of at most rtt: a round trip cannot take less than no time' });
    return null;
  }
  return { rttMs, jitterMs };
}

/** Every part on its own, so that all that is wrong is told at once. */
function readTimes(one: Given, faults: Fault[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const part of String(one.value).split(',')) {
    const [word, text, ...rest] = part.trim().split('=');
    if (text === undefined || rest.length > 0) {
      faults.push({ key: one.key, value: part, expected: FORM });
    } else if (!KEYS.some((key) => key === word)) {
      const expected = word === 'loss' ? NO_LOSS : `one of ${KEYS.join(', ')}${nearest(word, KEYS)}`;
      faults.push({ key: one.key, value: part, expected });
    } else if (times.has(word)) {
      faults.push({ key: one.key, value: part, expected: `${word} once` });
    } else {
      const parsed = time(text);
      if (parsed.ok) times.set(word, parsed.value);
      else faults.push({ key: one.key, value: part, expected: parsed.expected });
    }
  }
  return times;
}

const NO_LOSS =
  'rtt and jitter only: loss is not emulated, since a relay of bytes cannot show what TCP does about it';

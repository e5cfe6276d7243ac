import type { LoadStage } from '../../contract/schedule.ts';
import { duration } from './duration.ts';
import type { Parsed } from './parsed.ts';
import { rate } from './rate.ts';

const DAY_MS = 86_400_000;
const MOST_STAGES = 100;
const TIME = duration({ min: 100, max: DAY_MS });
const RATE = rate({ min: 0, max: 1_000_000 });
/** A flag has no keys, so its words stand in for them; the long names are those of a result. */
const KEYS = ['duration', 'rate', 'durationMs', 'ratePerSecond'];
const EXPECTED =
  "time@rate of each stage with a comma between, such as 10s@400,5s@4k; in a config file also [{ duration: '10s', rate: 400 }]";

/** The load shape of a window: `10s@400,5s@4k,10s@400`, or a list of `{duration, rate}`; '' or [] is a constant rate. */
export function loadStages(input: unknown): Parsed<readonly LoadStage[]> {
  const entries = typeof input === 'string' ? entriesOf(input) : input;
  if (!Array.isArray(entries)) return { ok: false, expected: EXPECTED };
  if (entries.length > MOST_STAGES) return { ok: false, expected: `at most ${MOST_STAGES} stages` };
  const stages: LoadStage[] = [];
  for (const [i, entry] of entries.entries()) {
    const stage = readStage(entry);
    if (!stage.ok) return { ok: false, expected: `stage ${i + 1}: ${stage.expected}` };
    stages.push(stage.value);
  }
  return checkWhole(stages);
}

function entriesOf(text: string): unknown[] {
  if (text.trim() === '') return [];
  return text.split(',').map((part) => {
    const [time, perSecond, ...rest] = part.trim().split('@');
    return rest.length > 0 ? part : { duration: time, rate: perSecond };
  });
}

function readStage(entry: unknown): Parsed<LoadStage> {
  if (typeof entry !== 'object' || entry === null) return { ok: false, expected: EXPECTED };
  const given = new Map<string, unknown>(Object.entries(entry));
  const unknown = [...given.keys()].find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    return { ok: false, expected: `duration and rate, no ${JSON.stringify(unknown)}` };
  }
  const time = TIME(given.get('duration') ?? given.get('durationMs'));
  if (!time.ok) return { ok: false, expected: `duration: ${time.expected}` };
  const perSecond = RATE(given.get('rate') ?? given.get('ratePerSecond'));
  if (!perSecond.ok) return { ok: false, expected: `rate: ${perSecond.expected}` };
  return { ok: true, value: { durationMs: time.value, ratePerSecond: perSecond.value } };
}

function checkWhole(stages: readonly LoadStage[]): Parsed<readonly LoadStage[]> {
  const totalMs = lengthOf(stages);
  if (stages.length > 0 && (totalMs < 1_000 || totalMs > DAY_MS)) {
    return { ok: false, expected: 'stages of 1s to 24h together' };
  }
  if (stages.length > 0 && stages.every(({ ratePerSecond }) => ratePerSecond === 0)) {
    return { ok: false, expected: 'a rate above 0 in one stage at least' };
  }
  return { ok: true, value: stages };
}

/** Length of a load shape, milliseconds. */
export function lengthOf(stages: readonly LoadStage[]): number {
  return stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

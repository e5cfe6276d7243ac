import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULTLESS, type InstrumentSpec } from '../../contract/knownAnswer.ts';
import { Course, fateOf, messagesForFaults } from './fates.ts';

function coursed(spec: InstrumentSpec, number: number, messages: number): number[] {
  const course = new Course<number>(spec, number);
  return Array.from({ length: messages }, (_, message) => course.next(message)).flat();
}

/** Counted as a ledger does, without one. */
function countsOf(heard: readonly number[], messages: number) {
  const seen = new Set<number>();
  let highest = -1;
  const counts = { drop: 0, duplicate: 0, reorder: 0 };
  for (const message of heard) {
    if (seen.has(message)) counts.duplicate++;
    else if (message < highest) counts.reorder++;
    seen.add(message);
    highest = Math.max(highest, message);
  }
  counts.drop = messages - seen.size;
  return counts;
}

test('every subscriber gets exactly the faults that were asked for, whatever its number', () => {
  for (const counts of [
    { drop: 7, duplicate: 5, reorder: 3 },
    { drop: 1, duplicate: 0, reorder: 0 },
    { drop: 0, duplicate: 2, reorder: 0 },
    { drop: 0, duplicate: 0, reorder: 4 },
    { drop: 0, duplicate: 0, reorder: 0 },
  ]) {
    const spec = { ...FAULTLESS, ...counts };
    for (let number = 0; number < 9; number++) {
      for (const messages of [messagesForFaults(spec), 500])
        assert.deepEqual(countsOf(coursed(spec, number, messages), messages), counts);
    }
  }
});

test('a message out of order comes right after the one that follows it', () => {
  assert.deepEqual(coursed({ ...FAULTLESS, reorder: 1 }, 0, 8), [0, 1, 2, 3, 5, 4, 6, 7]);
});

test('neighbours miss different messages', () => {
  const spec = { ...FAULTLESS, drop: 1 };
  const missed = [0, 1, 2, 3].map((number) => {
    const heard = new Set(coursed(spec, number, 12));
    return Array.from({ length: 12 }, (_, message) => message).filter((message) => !heard.has(message));
  });
  assert.deepEqual(missed, [[4], [5], [6], [7]]);
});

test('the first messages pass, and no two faults touch', () => {
  const spec = { ...FAULTLESS, drop: 3, duplicate: 3, reorder: 3 };
  const faulty = Array.from({ length: messagesForFaults(spec) }, (_, position) => position).filter(
    (position) => fateOf(spec, position) !== 'pass',
  );
  assert.equal(faulty.length, 9);
  assert.ok(faulty[0] >= 4);
  faulty.forEach((position, i) => {
    if (i > 0) assert.ok(position - faulty[i - 1] >= 2);
  });
});

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { nowUs } from '../../contract/clock.ts';
import { emptyEnvelope, readEnvelope } from '../../contract/envelope.ts';
import type { LoadDriver, Saying } from '../../contract/loadDriver.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import { ConnectOrder } from '../connectOrder.ts';
import { PayloadWriter } from '../publisher/payload.ts';
import { initHistograms, mergeHistograms } from '../recorders/histograms.ts';
import { mergeSpeaking } from './mergeSpeaking.ts';
import { RefusedSaying } from './refusedSaying.ts';
import { NOT_CONNECTED } from './speakTally.ts';
import { SpokenPhase } from './spokenPhase.ts';
import { Turns } from './turns.ts';

const SLOTS = 6;
const order = new ConnectOrder({ slots: SLOTS, streams: 2, endpoints: 1, seed: 1 });

function specOf(over: Partial<PhaseSpec> = {}): PhaseSpec {
  const durationMs = 60;
  return {
    id: 1,
    name: 'measure',
    firstIndex: 10,
    count: 30,
    startUs: nowUs(),
    durationUs: durationMs * 1_000,
    ratePerSecond: 500,
    shape: [{ durationMs, ratePerSecond: 500 }],
    arrivals: 'uniform',
    seed: 1,
    streams: 2,
    ...over,
  };
}

function phaseOf(spec: PhaseSpec, say: NonNullable<LoadDriver['say']>, own = { firstSlot: 0, slots: SLOTS }) {
  return new SpokenPhase({
    spec,
    run: 5,
    seed: 1,
    ...own,
    typingShare: 0.5,
    halfClose: null,
    turns: new Turns(order, 1, null),
    payload: new PayloadWriter(64, 5),
    say,
  });
}

before(() => initHistograms());

test('says every message once, none before its time, and tells the sender of its echo', async (t) => {
  const spec = specOf();
  const said: { slot: number; index: number; saying: Saying }[] = [];
  const phase = phaseOf(spec, (slot, saying, bytes, settled) => {
    const envelope = emptyEnvelope();
    assert.ok(readEnvelope(bytes, 0, envelope));
    assert.ok(envelope.sentUs >= envelope.intendedUs);
    said.push({ slot, index: envelope.index, saying });
    phase.heard(slot, envelope, envelope.intendedUs + 700);
    phase.heard((slot + 1) % SLOTS, envelope, envelope.intendedUs + 900);
    setImmediate(() => settled(null));
    return true;
  });
  t.after(() => phase.destroy());
  const report = await phase.run();
  assert.deepEqual(
    said.map(({ index }) => index),
    Array.from({ length: 30 }, (_, i) => 10 + i),
  );
  assert.deepEqual([report.attempted, report.sent, report.unsent], [30, 30, 0]);
  assert.equal(phase.tally.said.message + phase.tally.said.typing, 30);
  assert.equal(phase.tally.said.typing, said.filter(({ saying }) => saying === 'typing').length);
  assert.equal(phase.echo.totalCount, 30);
  assert.equal(phase.echo.maxValue, phase.echo.minNonZeroValue, 'copies of others are no echo');
});

test('counts what was refused, failed, or had nobody to say it', async (t) => {
  let turn = 0;
  const phase = phaseOf(specOf(), (_slot, _saying, _bytes, settled) => {
    turn++;
    if (turn % 3 === 0) return false;
    settled(turn % 3 === 1 ? new RefusedSaying('HTTP 429') : new Error('HTTP 500'));
    return true;
  });
  t.after(() => phase.destroy());
  const report = await phase.run();
  assert.deepEqual([report.attempted, report.sent, report.refused, report.failed], [30, 0, 10, 20]);
  assert.deepEqual(
    report.failures.map(({ detail, count }) => [detail, count]),
    [
      ['HTTP 429', 10],
      ['HTTP 500', 10],
      [NOT_CONNECTED, 10],
    ],
  );
});

test('leaves unsent what an abort came before, and waits for no answer', async (t) => {
  const phase = phaseOf(specOf({ startUs: nowUs() + 60_000_000 }), () => true);
  t.after(() => phase.destroy());
  const running = phase.run();
  assert.equal(phase.isBehind(nowUs() + 120_000_000), true);
  phase.abort();
  const report = await running;
  assert.deepEqual([report.attempted, report.unsent, report.sent], [30, 30, 0]);
});

test('adds up what several processes said', async (t) => {
  const spec = specOf();
  const parts = [
    { firstSlot: 0, slots: 2 },
    { firstSlot: 2, slots: 4 },
  ].map((own) =>
    phaseOf(
      spec,
      (_slot, _saying, _bytes, settled) => {
        settled(null);
        return true;
      },
      own,
    ),
  );
  t.after(() => {
    for (const part of parts) part.destroy();
  });
  const reports = await Promise.all(parts.map((part) => part.run()));
  const merged = mergeSpeaking(spec.id, reports, true);
  assert.deepEqual([merged.phase, merged.attempted, merged.sent, merged.failed], [1, 30, 30, 0]);
  const lag = mergeHistograms([merged.sendLag]);
  const ack = mergeHistograms([merged.ack]);
  const unanswered = mergeHistograms([mergeSpeaking(spec.id, reports, false).ack]);
  assert.deepEqual([lag.totalCount, ack.totalCount, unanswered.totalCount], [30, 30, 0]);
  for (const histogram of [lag, ack, unanswered]) histogram.destroy();
});

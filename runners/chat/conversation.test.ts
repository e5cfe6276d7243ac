import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { nowUs } from '../../contract/clock.ts';
import { emptyEnvelope, readEnvelope } from '../../contract/envelope.ts';
import type { LoadDriver } from '../../contract/loadDriver.ts';
import type { PhaseSpec } from '../../contract/schedule.ts';
import { PLAIN_WORKER } from '../../contract/workerControl.ts';
import { ConnectOrder } from '../connectOrder.ts';
import { initHistograms } from '../recorders/histograms.ts';
import { Conversation } from './conversation.ts';

const SLOTS = 8;
const order = new ConnectOrder({ slots: SLOTS, streams: 1, endpoints: 1, seed: 1 });

/** A room that hears every word at once; halves are closed without ado. */
function conversationOf(): Conversation {
  const envelope = emptyEnvelope();
  const driver: LoadDriver = {
    kind: 'lean',
    open() {},
    close() {},
    counters: () => ({ bytesRead: 0, bytesWritten: 0, protocolErrors: 0, heartbeats: 0 }),
    say(_slot, _saying, bytes, settled) {
      assert.ok(readEnvelope(bytes, 0, envelope));
      for (let slot = 0; slot < SLOTS; slot++) conversation.recorded(slot, envelope, nowUs());
      settled(null);
      return true;
    },
    endUplink: () => true,
    stop: async () => {},
  };
  const conversation: Conversation = new Conversation({
    start: {
      run: 1,
      seed: 1,
      protocol: 'sse',
      kind: 'lean',
      fleetSlots: SLOTS,
      firstSlot: 0,
      slots: SLOTS,
      firstProbeSlot: SLOTS,
      endpoints: [],
      path: '/',
      headers: {},
      streams: 1,
      connectTimeoutMs: 1_000,
      maxInFlight: 1,
      initialInFlight: 1,
      maxRetries: 0,
      nodes: 1,
      ...PLAIN_WORKER,
    },
    driver,
    order,
    positions: order.positionsOf(0, SLOTS),
    expected: new Uint8Array(SLOTS).fill(1),
    connections: () => SLOTS,
  });
  return conversation;
}

before(() => initHistograms());

test('who ended its half is told to have heard what came between the time for it and its doing', async (t) => {
  const conversation = conversationOf();
  t.after(() => conversation.stop());
  const durationMs = 60;
  const spec: PhaseSpec = {
    id: 1,
    name: 'measure',
    firstIndex: 0,
    count: 30,
    startUs: nowUs(),
    durationUs: durationMs * 1_000,
    ratePerSecond: 500,
    shape: [{ durationMs, ratePerSecond: 500 }],
    arrivals: 'uniform',
    seed: 1,
    streams: 1,
  };
  const halfClose = { share: 0.5, atUs: Math.floor(spec.startUs + spec.durationUs / 2) };
  const saying = conversation.speak({ spec, payloadBytes: 64, typingShare: 0, halfClose });
  await delay(45);
  const ended = await conversation.endUplinks(spec.id);
  await saying;
  const { halfClosed, halfClosedExpected, halfClosedReceived } = conversation.report(spec.id);
  assert.ok(ended > 0);
  assert.deepEqual([halfClosed, halfClosedExpected], [ended, ended * 15]);
  assert.equal(halfClosedReceived, halfClosedExpected);
});

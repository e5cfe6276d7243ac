import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { DEFAULT_FLOW_LIMITS, type FlowLimits } from '../../contract/flow.ts';
import { FlowController, type FlowSubject, NOTHING_HANDED } from './flowController.ts';

const LIMITS: FlowLimits = {
  ...DEFAULT_FLOW_LIMITS,
  connectionMessages: { high: 10, low: 5 },
  connectionBytes: { high: 1_000, low: 500 },
  serverMessages: { high: 100, low: 50 },
  serverBytes: { high: 10_000, low: 5_000 },
};

/** A sink whose reader takes one write each time it is told to. */
class Reader extends Writable {
  #taken: (() => void) | null = null;

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    this.#taken = done;
  }

  take(): void {
    this.#taken?.();
  }
}

function subject(objectMode = false): FlowSubject & { readonly sink: Reader } {
  return { ...NOTHING_HANDED, sink: new Reader({ objectMode, highWaterMark: 1 }) };
}

/** Writes as long as it may. @returns how many were written */
function fill(flow: FlowController, to: FlowSubject & { sink: Reader }, bytes: number, most = 50): number {
  let written = 0;
  for (; written < most && flow.mayWrite(to); written++) {
    to.sink.write(to.sink.writableObjectMode ? { bytes } : Buffer.alloc(bytes));
    flow.wrote(to, 1, bytes);
  }
  return written;
}

for (const [what, objectMode, bytes, allowed, level] of [
  ['messages bind, a sink that counts bytes', false, 10, 11, { messages: 11, bytes: 110 }],
  ['bytes bind, a sink that counts bytes', false, 300, 4, { messages: 4, bytes: 1_200 }],
  ['messages bind, a sink in object mode', true, 10, 11, { messages: 11, bytes: 110 }],
  ['bytes bind, a sink in object mode', true, 300, 4, { messages: 4, bytes: 1_200 }],
] as const) {
  test(`a subscriber is refused from above its high mark: ${what}`, () => {
    const flow = new FlowController(LIMITS);
    const slow = subject(objectMode);
    assert.equal(fill(flow, slow, bytes), allowed);
    assert.deepEqual(flow.levelOf(slow), level);
    assert.deepEqual([flow.peakConnectionMessages, flow.peakConnectionBytes], [level.messages, level.bytes]);
    slow.sink.take();
    assert.equal(flow.mayWrite(slow), true, 'one message less is no longer above it');
  });
}

test('the level follows a reader that never empties its sink', () => {
  const flow = new FlowController(LIMITS);
  const slow = subject();
  assert.equal(fill(flow, slow, 10, 8), 8);
  for (let n = 0; n < 1_000; n++) {
    slow.sink.take();
    assert.equal(flow.mayWrite(slow), true, `after ${n} more`);
    slow.sink.write(Buffer.alloc(10));
    flow.wrote(slow, 1, 10);
    assert.deepEqual(flow.levelOf(slow), { messages: 8, bytes: 80 });
  }
});

test('a sink that was empty starts anew', () => {
  const flow = new FlowController(LIMITS);
  const reader = subject();
  for (let n = 0; n < 100; n++) {
    assert.equal(fill(flow, reader, 10, 1), 1);
    reader.sink.take();
  }
  assert.deepEqual(flow.levelOf(reader), { messages: 0, bytes: 0 });
  assert.equal(flow.peakConnectionMessages, 1);
});

test('what a socket takes at once is never under way', () => {
  const flow = new FlowController(LIMITS);
  const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
  const fast = { ...NOTHING_HANDED, sink };
  for (let n = 0; n < 100; n++) {
    assert.equal(flow.mayWrite(fast), true);
    sink.write(Buffer.alloc(100));
    flow.wrote(fast, 1, 100);
  }
  assert.deepEqual([fast.handedMessages, flow.peakConnectionBytes], [0, 0]);
});

for (const [what, levels] of [
  [
    'messages',
    [
      [100, 0, false],
      [101, 0, true],
      [100, 0, true],
      [51, 0, true],
      [50, 0, false],
      [100, 0, false],
    ],
  ],
  [
    'bytes',
    [
      [0, 10_000, false],
      [0, 10_001, true],
      [0, 5_001, true],
      [0, 5_000, false],
      [0, 10_000, false],
    ],
  ],
  [
    'both have to be down',
    [
      [101, 0, true],
      [0, 6_000, true],
      [60, 0, true],
      [50, 5_000, false],
    ],
  ],
] as const) {
  test(`a node refuses publishes from above a high mark until it is down at the low ones: ${what}`, () => {
    const flow = new FlowController(LIMITS);
    for (const [messages, bytes, isFull] of levels) {
      assert.equal(flow.isServerFull({ messages, bytes }), isFull, `at ${messages} messages, ${bytes} bytes`);
    }
  });
}

test('a stall lasts until the sink is empty', () => {
  const flow = new FlowController(LIMITS);
  const slow = subject();
  fill(flow, slow, 10, 2);
  flow.stalled(slow);
  flow.stalled(slow);
  slow.sink.take();
  flow.mayWrite(slow);
  flow.stalled(slow);
  assert.equal(flow.stalls, 1);
  slow.sink.take();
  fill(flow, slow, 10, 1);
  flow.stalled(slow);
  assert.equal(flow.stalls, 1, 'a sink that was empty took what it was given');
  fill(flow, slow, 10, 1);
  flow.stalled(slow);
  assert.equal(flow.stalls, 2);
});

test('history is given up to the low mark', () => {
  const flow = new FlowController(LIMITS);
  const slow = subject();
  assert.equal(fill(flow, slow, 10, 3), 3);
  assert.equal(flow.fillsUp(slow, 1), false);
  fill(flow, slow, 10, 1);
  assert.equal(flow.fillsUp(slow, 1), true);
});

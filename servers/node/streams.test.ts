import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { DEFAULT_FLOW_LIMITS } from '../../contract/flow.ts';
import { FlowController, NOTHING_HANDED } from '../flow/flowController.ts';
import { type Stream, StreamTable } from './streams.ts';

/** Two messages may wait. */
const LIMITS = { ...DEFAULT_FLOW_LIMITS, connectionMessages: { high: 2, low: 1 } };

/** A stream whose other end takes nothing, and how often it was refused. */
function slowReader(): { readonly stream: Stream; readonly refusals: () => number } {
  let refusals = 0;
  const stream: Stream = {
    ...NOTHING_HANDED,
    sink: new Writable({ write: () => {} }),
    topic: 't',
    timer: null,
    isOpen: true,
    refuse: () => {
      refusals++;
    },
  };
  return { stream, refusals: () => refusals };
}

test('a slow reader is refused once, whatever is still written to it in turn', (t) => {
  const streams = new StreamTable(new FlowController(LIMITS));
  t.after(() => streams.destroyAll());
  const { stream, refusals } = slowReader();
  streams.topics.add(streams.open(stream));
  const taken = Array.from({ length: 8 }, () => streams.write(stream, 'x', 1));
  assert.deepEqual(taken, [true, true, true, false, false, false, false, false]);
  assert.equal(refusals(), 1);
  assert.equal(streams.counts.slowReadersCut, 1);
  assert.equal(streams.connections, 0);
});

test('a stream whose write failed is one error, whatever is still written to it in turn', () => {
  const streams = new StreamTable(new FlowController(LIMITS));
  const { stream } = slowReader();
  streams.topics.add(streams.open(stream));
  stream.sink.destroy();
  assert.deepEqual(
    Array.from({ length: 3 }, () => streams.write(stream, 'x', 1)),
    [true, false, false],
  );
  assert.equal(streams.counts.errors, 1);
  assert.equal(streams.counts.written, 0);
});

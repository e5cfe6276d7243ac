import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Field, Type } from 'protobufjs';
import { SUBSCRIBE_METHOD } from '../../../contract/grpc.ts';
import { randomParts, seededRandom } from '../../../test/driverConformanceStreams.ts';
import type { EventReader } from './eventReader.ts';
import { type FrameSink, MessageFrames } from './messageFrames.ts';
import { framed } from './wire.ts';

/** What was read of an event. */
interface Read {
  readonly id: string;
  readonly kind: number;
  readonly data: string;
}

class Collected implements FrameSink {
  readonly events: Read[] = [];
  readonly faults: string[] = [];

  event(_slot: number, event: EventReader): void {
    const id = ((BigInt(event.idHigh) << 32n) | BigInt(event.idLow)).toString();
    const data = Buffer.from(event.data.subarray(event.dataStart, event.dataEnd)).toString('latin1');
    this.events.push({ id, kind: event.kind, data });
  }
  fault(_slot: number, what: string): void {
    this.faults.push(what);
  }
  isLive(): boolean {
    return this.faults.length === 0;
  }
}

/** Fields of push.proto's event, and some of a later version, as another implementation writes them. */
const EVENT = new Type('Event')
  .add(new Field('id', 1, 'uint64'))
  .add(new Field('topic', 2, 'string'))
  .add(new Field('data', 3, 'bytes'))
  .add(new Field('kind', 4, 'int32'))
  .add(new Field('gapFrom', 5, 'fixed64'))
  .add(new Field('score', 900, 'float'))
  .add(new Field('notes', 901, 'string', 'repeated'));

function randomEvent(random: () => number): { readonly bytes: Buffer; readonly read: Read } {
  const maybe = (share: number): boolean => random() < share;
  const id = maybe(0.8) ? BigInt(Math.floor(random() * 2 ** 52)) << BigInt(Math.floor(random() * 12)) : 0n;
  const kind = maybe(0.3) ? Math.floor(random() * 4) : 0;
  const data = 'd'.repeat(Math.floor(random() ** 3 * 900));
  const message = EVENT.fromObject({
    id: id.toString(),
    data: Buffer.from(data),
    kind,
    ...(maybe(0.5) ? { topic: 't'.repeat(Math.floor(random() * 130)) } : {}),
    ...(maybe(0.3) ? { gapFrom: '77', score: 1.5, notes: ['x', 'yy'.repeat(70)] } : {}),
  });
  return { bytes: framed(EVENT.encode(message).finish()), read: { id: id.toString(), kind, data } };
}

describe('MessageFrames', () => {
  it('reads what protobufjs wrote, in random parts', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed);
      const events = Array.from({ length: 1 + Math.floor(random() * 8) }, () => randomEvent(random));
      const sink = new Collected();
      const frames = new MessageFrames(SUBSCRIBE_METHOD, sink);
      const text = Buffer.concat(events.map(({ bytes }) => bytes)).toString('latin1');
      for (const part of randomParts(text, random)) frames.take(0, Buffer.from(part, 'latin1'), 0);
      assert.deepEqual(sink.faults, []);
      assert.deepEqual(
        sink.events,
        events.map(({ read }) => read),
        `seed ${seed}`,
      );
      assert.equal(frames.isBetweenMessages(0), true);
    }
  });

  it('survives junk of every kind, without an exception and without reading on after a fault', () => {
    for (let seed = 1; seed <= 2_000; seed++) {
      const random = seededRandom(seed);
      const junk = Buffer.from(Array.from({ length: Math.floor(random() * 60) }, () => random() * 256));
      const sink = new Collected();
      new MessageFrames(SUBSCRIBE_METHOD, sink).take(0, random() < 0.5 ? junk : framed(junk), 0);
      assert.ok(sink.faults.length <= 1, `seed ${seed}: ${sink.faults.join('; ')}`);
    }
  });

  it('keeps slots apart, and forgets half a message of the last stream', () => {
    const sink = new Collected();
    const frames = new MessageFrames(SUBSCRIBE_METHOD, sink);
    const { bytes, read } = randomEvent(seededRandom(3));
    frames.take(0, bytes.subarray(0, 7), 0);
    frames.take(1, bytes.subarray(0, 3), 0);
    frames.reset(0);
    frames.take(0, bytes, 0);
    frames.take(1, bytes.subarray(3), 0);
    assert.deepEqual(sink.events, [read, read]);
  });
});

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { nowUs } from '../contract/clock.ts';
import { ENVELOPE_BYTES } from '../contract/envelope.ts';
import { type LoadDriver, PLAIN_DRIVER, type Saying } from '../contract/loadDriver.ts';
import type { VariantInfo } from '../contract/pushServer.ts';
import { DEFAULT_SERVER_OPTIONS } from '../contract/pushServer.ts';
import { createDriver } from '../runners/drivers/registry.ts';
import { PayloadWriter } from '../runners/publisher/payload.ts';
import { MessageReader } from '../runners/recorders/messageReader.ts';
import { createServer, STAGES } from '../servers/registry.ts';
import { Inbox } from './inbox.ts';

const ROOM = 't1';
const SLOTS = 3;

/** A room of three clients of one driver; the first two are in it, the third is elsewhere. */
class Room {
  readonly driver: LoadDriver;
  /** What each slot heard: the schedule index in the envelope. */
  readonly heard: readonly Inbox<number>[];
  readonly #payload = new PayloadWriter(200, 1);

  constructor(driver: LoadDriver, heard: readonly Inbox<number>[]) {
    this.driver = driver;
    this.heard = heard;
  }

  say(slot: number, saying: Saying, index: number): Promise<Error | null> {
    const bytes = Buffer.allocUnsafe(this.#payload.bytes);
    const atUs = Math.floor(nowUs());
    const envelope = { run: 9, publisher: 0, stream: 1, seq: index, index, intendedUs: atUs, sentUs: atUs };
    this.#payload.write(bytes, 0, envelope);
    return new Promise((resolve, reject) => {
      const isSaid = this.driver.say?.(slot, saying, bytes, resolve);
      if (isSaid !== true) reject(new Error(`slot ${slot} cannot speak`));
    });
  }
}

async function openRoom(
  t: TestContext,
  stage: string,
  { name, capabilities }: VariantInfo,
  kind: LoadDriver['kind'],
): Promise<Room> {
  const server = await createServer(stage, name);
  t.after(() => server.stop());
  const listen = [{ host: '127.0.0.1', port: 0 }];
  const { endpoints } = await server.start({ ...DEFAULT_SERVER_OPTIONS, listen });
  const heard = Array.from({ length: SLOTS }, () => new Inbox<number>());
  const opened = new Inbox<number>();
  const reader = new MessageReader();
  const driver = await createDriver(capabilities.protocol, kind, {
    ...PLAIN_DRIVER,
    slots: SLOTS,
    connectTimeoutMs: 5_000,
    grpc: capabilities.grpc,
    target: (slot) => ({
      ...endpoints[0],
      path: capabilities.streamPath.replaceAll('{topic}', slot < 2 ? ROOM : 'elsewhere'),
      headers: {},
    }),
    events: {
      opened: (slot) => opened.put(slot),
      message(slot, bytes, start, end) {
        assert.ok(end - start >= ENVELOPE_BYTES && reader.read(bytes, start, end));
        heard[slot].put(reader.envelope.index);
      },
      state: () => assert.fail('no state'),
      gap: () => assert.fail('no gap'),
      retryAfter: () => assert.fail('no refusal'),
      closed: () => {},
    },
  });
  t.after(() => driver.stop());
  for (let slot = 0; slot < SLOTS; slot++) driver.open(slot);
  await opened.take(SLOTS);
  return new Room(driver, heard);
}

describe('clients that speak', { timeout: 60_000 }, () => {
  for (const stage of STAGES) {
    const speaking = stage.variants.filter(({ capabilities }) => capabilities.uplink !== null);
    for (const variant of speaking) {
      for (const kind of ['lean', 'ecosystem'] as const) {
        test(`${stage.name}:${variant.name}, ${kind} clients: a word reaches the room, and the end of a half not the other`, async (t) => {
          const room = await openRoom(t, stage.name, variant, kind);
          for (const [saying, index] of [
            ['message', 1],
            ['typing', 2],
          ] as const) {
            assert.equal(await room.say(0, saying, index), null);
            assert.deepEqual([await room.heard[0].next(), await room.heard[1].next()], [index, index]);
          }
          assert.equal(await room.say(2, 'message', 3), null);
          assert.equal(await room.heard[2].next(), 3, 'elsewhere');

          const { protocol } = variant.capabilities;
          assert.equal(room.driver.endUplink?.(1) ?? false, protocol !== 'ws');
          if (protocol !== 'ws') await assert.rejects(room.say(1, 'message', 4), /cannot speak/);
          assert.equal(await room.say(0, 'message', 5), null);
          assert.equal(await room.heard[1].next(), 5, 'who has ended its half still hears');
          room.driver.close(0);
          await assert.rejects(room.say(0, 'message', 6), /cannot speak/);
        });
      }
    }
  }
});

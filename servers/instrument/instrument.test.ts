import assert from 'node:assert/strict';
import { Agent, get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { ENVELOPE_BYTES, emptyEnvelope, readEnvelope, writeEnvelope } from '../../contract/envelope.ts';
import { FAULTLESS, type InstrumentSpec } from '../../contract/knownAnswer.ts';
import { PLAIN_DRIVER } from '../../contract/loadDriver.ts';
import { DEFAULT_SERVER_OPTIONS, type PushServer, type StartedServer } from '../../contract/pushServer.ts';
import { createDriver } from '../../runners/drivers/registry.ts';
import { MessageReader } from '../../runners/recorders/messageReader.ts';
import { Inbox } from '../../test/inbox.ts';
import { createServer } from '../registry.ts';
import { messagesForFaults } from './fates.ts';

const ROOM = 't0';
const SLOTS = 3;
const FAULTS = { ...FAULTLESS, drop: 2, duplicate: 2, reorder: 1 };

async function start(
  t: TestContext,
  variant: string,
  instrument: InstrumentSpec,
): Promise<{ server: PushServer; started: StartedServer; post: (seq: number) => Promise<Response> }> {
  const server = await createServer('instrument', variant);
  t.after(() => server.stop());
  const listen = [{ host: '127.0.0.1', port: 0 }];
  const started = await server.start({ ...DEFAULT_SERVER_OPTIONS, listen, instrument });
  const { host, port } = started.ingest ?? started.endpoints[0];
  const post = (seq: number): Promise<Response> =>
    fetch(`http://${host}:${port}/publish`, {
      method: 'POST',
      headers: { 'x-topic': ROOM },
      body: token(seq),
    });
  return { server, started, post };
}

function token(seq: number): string {
  const bytes = Buffer.alloc(ENVELOPE_BYTES);
  writeEnvelope(bytes, 0, { ...emptyEnvelope(), run: 1, seq, index: seq });
  return bytes.toString('latin1');
}

/** Lean clients of a variant, all live, and the sequence numbers that each hears. */
async function listen(t: TestContext, { capabilities }: PushServer, { endpoints }: StartedServer) {
  const heard = Array.from({ length: SLOTS }, () => new Inbox<number>());
  const opened = new Inbox<number>();
  const reader = new MessageReader();
  const driver = await createDriver(capabilities.protocol, 'lean', {
    ...PLAIN_DRIVER,
    slots: SLOTS,
    connectTimeoutMs: 5_000,
    grpc: capabilities.grpc,
    polling: { mode: 'held', intervalMs: 1_000, jitter: 0, backoff: 1, seed: 1 },
    target: () => ({
      ...endpoints[0],
      path: capabilities.streamPath.replaceAll('{topic}', ROOM),
      headers: {},
    }),
    events: {
      opened: (slot) => opened.put(slot),
      message(slot, bytes, from, to) {
        assert.ok(reader.read(bytes, from, to));
        heard[slot].put(reader.envelope.seq);
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
  return heard;
}

for (const variant of ['sse', 'sse-h2', 'ws', 'poll', 'grpc']) {
  test(`${variant}: without faults everybody gets everything once and in order`, async (t) => {
    const { server, started, post } = await start(t, variant, FAULTLESS);
    const heard = await listen(t, server, started);
    const sent = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    for (const seq of sent) assert.equal((await post(seq)).status, 202);
    for (const inbox of heard) assert.deepEqual(await inbox.take(sent.length), sent);
    assert.equal(server.stats().written, SLOTS * sent.length);
  });

  test(`${variant}: everybody gets exactly the faults that were asked for`, async (t) => {
    const { server, started, post } = await start(t, variant, FAULTS);
    const heard = await listen(t, server, started);
    const messages = messagesForFaults(FAULTS);
    for (let seq = 0; seq < messages; seq++) await post(seq);
    const expected = messages - FAULTS.drop + FAULTS.duplicate;
    for (const inbox of heard) {
      const seqs = await inbox.take(expected);
      const descents = seqs.filter((seq, i) => i > 0 && seq < seqs[i - 1]);
      assert.equal(new Set(seqs).size, messages - FAULTS.drop);
      assert.equal(descents.length, FAULTS.reorder);
    }
    assert.equal(server.stats().written, SLOTS * expected);
  });
}

test('poll-state: shows the newest message, and an older one exactly as often as was asked for', async (t) => {
  const { started, post } = await start(t, 'poll-state', { ...FAULTLESS, reorder: 2 });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const poll = (): Promise<IncomingMessage> =>
    new Promise((resolve) =>
      get({ ...started.endpoints[0], agent, path: `/state?topic=${ROOM}` }, resolve).end(),
    );
  const first = await poll();
  assert.deepEqual([first.statusCode, await text(first)], [204, '']);
  const shown: number[] = [];
  const sent = Array.from({ length: 30 }, (_, seq) => seq);
  for (const seq of sent) {
    await post(seq);
    const envelope = emptyEnvelope();
    assert.ok(readEnvelope(Buffer.from(await text(await poll())), 0, envelope));
    shown.push(envelope.seq);
  }
  const stale = shown.filter((seq, i) => i > 0 && seq < shown[i - 1]);
  assert.equal(stale.length, 2);
  assert.equal(shown.filter((seq, i) => seq !== sent[i]).length, 2);
});

test('each n-th publish is refused, and nobody gets it', async (t) => {
  const { server, started, post } = await start(t, 'sse', { ...FAULTLESS, refuseEvery: 3 });
  const [heard] = await listen(t, server, started);
  const statuses: number[] = [];
  for (let seq = 0; seq < 7; seq++) {
    const response = await post(seq);
    statuses.push(response.status);
    assert.equal(response.headers.get('retry-after'), response.status === 429 ? '1' : null);
  }
  assert.deepEqual(statuses, [202, 202, 429, 202, 202, 429, 202]);
  assert.deepEqual(await heard.take(5), [0, 1, 3, 4, 6]);
});

test('what leaks is taken for each subscriber', async (t) => {
  const leakBytes = 4 * 1_048_576;
  const { server, started } = await start(t, 'sse', { ...FAULTLESS, leakBytes });
  const before = process.memoryUsage().arrayBuffers;
  await listen(t, server, started);
  // Half of one is room for what is collected meanwhile.
  assert.ok(process.memoryUsage().arrayBuffers - before >= (SLOTS - 0.5) * leakBytes);
});

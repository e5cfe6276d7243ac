import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CloseReason, LoadDriver } from '../contract/loadDriver.ts';
import { DRIVERS } from '../runners/drivers/registry.ts';
import { type DriverScript, type Exchange, exchange } from './driverConformanceExchange.ts';
import { inReads } from './driverConformanceReadings.ts';
import { randomParts, seededRandom } from './driverConformanceStreams.ts';
import { wsFixture } from './driverFixtureWs.ts';
import { acceptHead, type ClientFrame, clientFrames, closeFrame, frame, more, text } from './wsFrames.ts';
import { randomFrames } from './wsRandomFrames.ts';

const PING = 9;
const PONG = 10;
const CLOSE = 8;

const endsWithClose = (sent: string): boolean => {
  try {
    return clientFrames(sent).at(-1)?.opcode === CLOSE;
  } catch {
    return false;
  }
};

/** Sends frames, and returns what the client sent up to its close frame. */
function replies(frames: string, into: ClientFrame[]): DriverScript {
  return () => async (connection) => {
    await connection.send(acceptHead(connection.request) + frames);
    into.push(...clientFrames((await connection.next(endsWithClose)) ?? ''));
    connection.end();
  };
}

/** Sends frames and then FIN, with no closing handshake. */
const cutAfter =
  (frames: string): DriverScript =>
  () =>
  async (connection) => {
    await connection.send(acceptHead(connection.request) + frames);
    connection.end();
  };

const codeOf = (payload: string): number => payload.charCodeAt(0) * 256 + payload.charCodeAt(1);

const REPLIES: readonly [what: string, frames: string, closeCode: number | null, reason: CloseReason][] = [
  ['a close frame with its own code', closeFrame(1001, 'going away'), 1001, 'closed-by-server'],
  ['a close frame of an application with its own code', closeFrame(4321), 4321, 'closed-by-server'],
  ['a close frame without a code with another', frame(CLOSE), null, 'closed-by-server'],
  ['a masked frame with 1002', text('x', { masked: true }), 1002, 'bad-protocol'],
  ['reserved bits with 1002', text('x', { reserved: 4 }), 1002, 'bad-protocol'],
  ['a reserved opcode with 1002', frame(11), 1002, 'bad-protocol'],
  ['a fragmented ping with 1002', frame(PING, '', { final: false }), 1002, 'bad-protocol'],
  ['a lone continuation with 1002', more('x'), 1002, 'bad-protocol'],
  ['a damaged close frame with 1002', frame(CLOSE, '\x03'), 1002, 'bad-protocol'],
  ['invalid UTF-8 with 1007', text('\xff'), 1007, 'bad-protocol'],
  ['invalid UTF-8 in a close frame with 1007', closeFrame(1000, '\xff'), 1007, 'bad-protocol'],
  ['an oversized frame with 1009', frame(2, '', { width: 64, told: 2 ** 25 }), 1009, 'bad-protocol'],
  [
    'fragments oversized together with 1009',
    frame(2, 'x', { final: false }) + frame(0, '', { width: 64, told: 16 * 2 ** 20 }),
    1009,
    'bad-protocol',
  ],
];

/** Slot 0 sends these ids; what the next request asks to resume after. */
const IDS: readonly [what: string, frames: string, id: string | null][] = [
  ['the id of JSON', text('{"id":17,"type":"message"}'), '17'],
  ['an id that is all there is', text('{"id":17}'), '17'],
  ['digits before a line feed', text('17\nbody'), '17'],
  ['the id of a protobuf event', frame(2, '\x08\x96\x01\x12\x02t0\x1a\x03abc'), '150'],
  [
    'a long id of a protobuf event',
    frame(2, '\x08\xff\xff\xff\xff\xff\xff\xff\x0f\x12\x00'),
    `${2 ** 53 - 1}`,
  ],
  ['the last id of several', text('1\na') + text('2\nb') + text('3\nc'), '3'],
  ['no id that is not first', text('{"type":"message","id":17}'), null],
  ['no id of a text', text('{"id":"17"}'), null],
  ['no digits without a line feed', text('17 body') + text('17'), null],
  [
    'no other binary message',
    frame(2, '\x08\x96') + frame(2, '\x0a\x01\x12') + frame(2, '\x08\x01\x18'),
    null,
  ],
  ['the id of fragments', text('{"i', { final: false }) + more('d":17,"payload":""}'), '17'],
];

for (const info of DRIVERS.filter(({ protocol }) => protocol === 'ws')) {
  const run = (scripts: readonly DriverScript[], options = {}): Promise<Exchange> =>
    exchange(info, wsFixture, scripts, options);

  describe(`ws ${info.kind} driver`, () => {
    it('answers each ping with its payload, masked', async () => {
      const sent: ClientFrame[] = [];
      const payloads = ['', 'x', 'p'.repeat(125), '\0\xff\x80'];
      const pings = payloads.map((payload) => frame(PING, payload)).join('');
      await run([replies(pings + closeFrame(1000), sent)]);
      const pongs = sent.filter(({ opcode }) => opcode === PONG);
      assert.deepEqual(
        pongs,
        payloads.map((payload) => ({ opcode: PONG, final: true, masked: true, payload })),
      );
    });

    it('closes with 1000 when told to', async () => {
      const sent: ClientFrame[] = [];
      await run([replies(text('one'), sent)], { onMessage: (driver: LoadDriver) => driver.close(0) });
      assert.equal(sent.length, 1);
      assert.deepEqual([sent[0].masked, codeOf(sent[0].payload)], [true, 1000]);
    });

    for (const [what, frames, code, reason] of REPLIES) {
      it(`answers ${what}`, async () => {
        const sent: ClientFrame[] = [];
        const { attempts } = await run([replies(frames, sent)]);
        assert.equal(attempts[0].detail?.reason, reason);
        assert.deepEqual(
          sent.map(({ opcode, masked, payload }) => [
            opcode,
            masked,
            payload === '' ? null : codeOf(payload),
          ]),
          [[CLOSE, true, code]],
        );
      });
    }

    for (const [what, frames] of [
      ['after a message', text('one')],
      ['inside a header', text('one') + text('x'.repeat(200)).slice(0, 3)],
      ['inside a payload', text('one') + text('never').slice(0, 4)],
      ['between fragments', text('one') + text('nev', { final: false })],
    ]) {
      it(`says that no close frame came where the connection ends ${what}`, async () => {
        const { attempts, counters } = await run([cutAfter(frames)]);
        assert.deepEqual(attempts[0].messages, ['one']);
        assert.deepEqual(attempts[0].detail, {
          reason: 'closed-by-server',
          detail: 'closed by the server without a close frame',
          retryable: true,
        });
        assert.equal(counters.protocolErrors, 0);
      });
    }

    for (const [what, frames, id] of IDS) {
      it(`resumes after ${what}`, async () => {
        const { requests } = await run([cutAfter(frames), cutAfter('')]);
        assert.equal(wsFixture.resumesAfter(requests[1]), id);
      });
    }

    it('takes a subprotocol that the user asked for', async () => {
      const script: DriverScript = () => async (connection) => {
        await connection.send(acceptHead(connection.request, 'Sec-WebSocket-Protocol: b\r\n'));
        connection.end();
      };
      const headers = { 'Sec-WebSocket-Protocol': 'a, b' };
      const { attempts, requests } = await run([script], { headers });
      assert.equal(attempts[0].opened, 1);
      assert.match(requests[0], /\r\nsec-websocket-protocol: a,\s?b\r\n/i);
    });
  });
}

for (const info of DRIVERS.filter(({ protocol, kind }) => protocol === 'ws' && kind === 'lean')) {
  describe('ws lean driver, at random', () => {
    it('reads random messages, fragments and control frames in random reads', async () => {
      const scripts: DriverScript[] = [];
      const expected: string[][] = [];
      for (let seed = 1; seed <= 100; seed++) {
        const random = seededRandom(seed);
        const { frames, messages } = randomFrames(random);
        const parts = (request: string): string[] => randomParts(acceptHead(request) + frames, random);
        scripts.push(inReads(wsFixture, parts));
        expected.push(messages.map(wsFixture.dataOf));
      }
      const { attempts, counters } = await exchange(info, wsFixture, scripts);
      assert.deepEqual(
        attempts.map((log) => log.messages),
        expected,
      );
      assert.equal(counters.protocolErrors, 0);
    });

    it('counts what it wrote and what it read', async () => {
      const sent: ClientFrame[] = [];
      const frames = text('one') + frame(PING, 'abc') + closeFrame(1000);
      const { requests, counters } = await exchange(info, wsFixture, [replies(frames, sent)]);
      const ofReplies = sent.reduce((sum, { payload }) => sum + 6 + payload.length, 0);
      assert.equal(counters.bytesWritten, requests[0].length + ofReplies);
      assert.equal(counters.bytesRead, acceptHead(requests[0]).length + frames.length);
    });
  });
}

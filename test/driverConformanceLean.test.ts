import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LoadDriver } from '../contract/loadDriver.ts';
import { MAX_HEAD_BYTES } from '../runners/drivers/httpHead.ts';
import { DRIVERS } from '../runners/drivers/registry.ts';
import { answer, CHUNKED, IDENTITY, STREAM_HEAD } from './driverConformance.ts';
import { exchange } from './driverConformanceExchange.ts';
import type { Script } from './driverConformanceServer.ts';
import {
  chunkedBody,
  randomParts,
  randomStream,
  referenceReading,
  seededRandom,
} from './driverConformanceStreams.ts';

/** Resolves when the driver has read so many bytes in all. */
async function bytesRead(driver: LoadDriver, bytes: number): Promise<void> {
  while ((driver.counters().bytesRead ?? 0) < bytes) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Sends each part only when the one before was read, so that every part is a read of its own. */
function inReads(parts: readonly string[]): (driverOf: () => LoadDriver) => Script {
  return (driverOf) => async (connection) => {
    let sent = driverOf().counters().bytesRead ?? 0;
    for (const part of parts) {
      await connection.send(part);
      sent += part.length;
      await Promise.race([bytesRead(driverOf(), sent), connection.closed]);
    }
    connection.end();
  };
}

const BODY =
  'id: 7\r\ndata: one\r\ndata: more\r\n\r\n: ping\n\nevent: gap\ndata: -\n\nretry: 90\rdata: two\r\r\n';
const SAMPLES: readonly [what: string, answer: string][] = [
  ['identity', IDENTITY + BODY],
  ['chunked', CHUNKED + chunkedBody([BODY.slice(0, 11), BODY.slice(11, 12), BODY.slice(12)])],
  ['of known length', `${STREAM_HEAD}Content-Length: ${BODY.length}\r\n\r\n${BODY}`],
];

for (const info of DRIVERS.filter((driver) => driver.kind === 'lean')) {
  describe(`${info.protocol} lean driver, split reads`, () => {
    for (const [what, text] of SAMPLES) {
      const expected = {
        messages: ['one', 'two'],
        gaps: 1,
        retries: [90],
        heartbeats: 1,
        reason: 'closed-by-server',
      };
      const read = async (scripts: readonly string[][]) => {
        const { attempts, counters } = await exchange(info, scripts.map(inReads));
        const readings = attempts.map(({ messages, gaps, retries, detail }) => {
          return {
            messages,
            gaps,
            retries,
            heartbeats: counters.heartbeats / scripts.length,
            reason: detail?.reason,
          };
        });
        return { readings, counters };
      };

      it(`reads a body ${what} byte by byte, and counts the bytes`, async () => {
        const { readings, counters } = await read([[...text]]);
        assert.deepEqual(readings, [expected]);
        assert.equal(counters.bytesRead, text.length);
      });

      it(`reads a body ${what} in two reads, split anywhere`, async () => {
        const splits = Array.from({ length: text.length - 1 }, (_, i) => [
          text.slice(0, i + 1),
          text.slice(i + 1),
        ]);
        const { readings } = await read(splits);
        for (const [at, reading] of readings.entries())
          assert.deepEqual(reading, expected, `split at ${at + 1}`);
      });
    }

    it('reads random streams in random chunks and reads as a plain parser does', async () => {
      const scripts: string[][] = [];
      const expected: string[][] = [];
      for (let seed = 1; seed <= 100; seed++) {
        const random = seededRandom(seed);
        const stream = randomStream(random);
        scripts.push(randomParts(CHUNKED + chunkedBody(randomParts(stream, random)), random));
        expected.push(referenceReading(stream).messages);
      }
      const { attempts } = await exchange(info, scripts.map(inReads));
      assert.deepEqual(
        attempts.map((log) => log.messages),
        expected,
      );
    });
  });

  describe(`${info.protocol} lean driver`, () => {
    it('tells the reconnect delay the server asks for', async () => {
      const { attempts } = await exchange(info, [answer(`${IDENTITY}retry: 2500\n\nretry: soon\n\n`)]);
      assert.deepEqual(attempts[0].retries, [2500]);
    });

    it('counts comments that begin with ping as heartbeats', async () => {
      const { counters } = await exchange(info, [answer(`${IDENTITY}: ping\n\n:ping 2\n: pong\n\n`)]);
      assert.equal(counters.heartbeats, 2);
    });

    it('counts what it wrote', async () => {
      const { requests, counters } = await exchange(info, [answer(IDENTITY), answer(IDENTITY)]);
      assert.equal(counters.bytesWritten, requests.join('').length);
    });

    it('takes a head up to the limit and none beyond', async () => {
      const headOf = (bytes: number): string => {
        const padding = bytes - IDENTITY.length - 'X: \r\n'.length;
        return `${STREAM_HEAD}X: ${'x'.repeat(padding)}\r\nConnection: close\r\n\r\n`;
      };
      const { attempts, counters } = await exchange(info, [
        answer(headOf(MAX_HEAD_BYTES)),
        answer(headOf(MAX_HEAD_BYTES + 1)),
      ]);
      assert.deepEqual(
        attempts.map((log) => log.detail?.reason),
        ['closed-by-server', 'bad-protocol'],
      );
      assert.equal(counters.protocolErrors, 1);
    });

    it('ends with the last chunk though the server keeps the connection', async () => {
      const script = (): Script => async (connection) => {
        await connection.send(CHUNKED + chunkedBody(['data: one\n\n']));
        await connection.closed;
      };
      const { attempts } = await exchange(info, [script]);
      assert.deepEqual([attempts[0].messages, attempts[0].detail?.reason], [['one'], 'closed-by-server']);
    });
  });
}

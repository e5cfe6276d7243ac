import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_HEAD_BYTES } from '../runners/drivers/httpHead.ts';
import { DRIVERS } from '../runners/drivers/registry.ts';
import { exchange } from './driverConformanceExchange.ts';
import { inReads } from './driverConformanceReadings.ts';
import {
  chunkedBody,
  randomParts,
  randomStream,
  referenceReading,
  seededRandom,
} from './driverConformanceStreams.ts';
import { CHUNKED, IDENTITY, sseFixture } from './driverFixtureSse.ts';

for (const info of DRIVERS.filter(({ protocol, kind }) => protocol === 'sse' && kind === 'lean')) {
  describe('sse lean driver', () => {
    it('reads random streams in random chunks and reads as a plain parser does', async () => {
      const scripts: string[][] = [];
      const expected: string[][] = [];
      for (let seed = 1; seed <= 100; seed++) {
        const random = seededRandom(seed);
        const stream = randomStream(random);
        scripts.push(randomParts(CHUNKED + chunkedBody(randomParts(stream, random)), random));
        expected.push(referenceReading(stream).messages);
      }
      const { attempts } = await exchange(
        info,
        sseFixture,
        scripts.map((parts) => inReads(sseFixture, () => parts)),
      );
      assert.deepEqual(
        attempts.map((log) => log.messages),
        expected,
      );
    });

    it('counts what it wrote and what it read', async () => {
      const { requests, counters } = await exchange(info, sseFixture, [
        inReads(sseFixture, () => [IDENTITY]),
        inReads(sseFixture, () => [IDENTITY]),
      ]);
      assert.equal(counters.bytesWritten, requests.join('').length);
      assert.equal(counters.bytesRead, 2 * IDENTITY.length);
    });

    it('takes a head up to the limit and none beyond', async () => {
      const headOf = (bytes: number): string => {
        const padding = bytes - IDENTITY.length - 'X: \r\n'.length;
        return IDENTITY.replace('\r\n', `\r\nX: ${'x'.repeat(padding)}\r\n`);
      };
      const { attempts, counters } = await exchange(info, sseFixture, [
        inReads(sseFixture, () => [headOf(MAX_HEAD_BYTES)]),
        inReads(sseFixture, () => [headOf(MAX_HEAD_BYTES + 1)]),
      ]);
      assert.deepEqual(
        attempts.map((log) => log.detail?.reason),
        ['closed-by-server', 'bad-protocol'],
      );
      assert.equal(counters.protocolErrors, 1);
    });

    it('ends with the last chunk though the server keeps the connection', async () => {
      const { attempts } = await exchange(info, sseFixture, [
        () => async (connection) => {
          await connection.send(CHUNKED + chunkedBody(['data: one\n\n']));
          await connection.closed;
        },
      ]);
      assert.deepEqual([attempts[0].messages, attempts[0].detail?.reason], [['one'], 'closed-by-server']);
    });
  });
}

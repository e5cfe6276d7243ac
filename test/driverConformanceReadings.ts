import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { DriverInfo, LoadDriver } from '../contract/loadDriver.ts';
import { type AttemptLog, type DriverScript, type Exchange, exchange } from './driverConformanceExchange.ts';
import type { DriverFixture, Reading } from './driverFixture.ts';

/** The protocol's own answers: what a driver must make of each of them, however the bytes come. */
export function driverReadings(info: DriverInfo, fixture: DriverFixture): void {
  for (const reading of fixture.readings) {
    if (reading.leanOnly === true && info.kind !== 'lean') continue;
    it(`reads ${reading.what}`, async () => {
      assertRead(fixture, reading, await exchange(info, fixture, [inReads(fixture, whole(reading))]));
    });
    if (reading.split === true && info.kind === 'lean') splitReadings(info, fixture, reading);
  }
}

function splitReadings(info: DriverInfo, fixture: DriverFixture, reading: Reading): void {
  it(`reads ${reading.what} byte by byte`, async () => {
    const bytes = (request: string): string[] => [...reading.answer(request)];
    assertRead(fixture, reading, await exchange(info, fixture, [inReads(fixture, bytes)]));
  });

  it(`reads ${reading.what} in two reads, split anywhere`, async () => {
    const { length } = reading.answer('');
    const scripts = Array.from({ length: length - 1 }, (_, i) =>
      inReads(fixture, (request) => {
        const text = reading.answer(request);
        return [text.slice(0, i + 1), text.slice(i + 1)];
      }),
    );
    assertRead(fixture, reading, await exchange(info, fixture, scripts));
  });
}

const whole =
  (reading: Reading) =>
  (request: string): string[] => [reading.answer(request)];

function assertRead(fixture: DriverFixture, reading: Reading, { attempts, counters }: Exchange): void {
  for (const [i, log] of attempts.entries()) assertAttempt(fixture, reading, log, `attempt ${i + 1}`);
  if (reading.heartbeats !== undefined) {
    assert.equal(counters.heartbeats, reading.heartbeats * attempts.length);
  }
  const damaged = reading.reason === 'bad-protocol' ? attempts.length : 0;
  assert.equal(counters.protocolErrors, damaged, 'protocol errors');
}

function assertAttempt(fixture: DriverFixture, reading: Reading, log: AttemptLog, which: string): void {
  const { messages, gaps = 0, opened = true, reason = fixture.endReason } = reading;
  assert.deepEqual(
    { messages: log.messages, gaps: log.gaps, opened: log.opened, reason: log.detail?.reason },
    { messages, gaps, opened: opened ? 1 : 0, reason },
    `${which}: ${log.detail?.detail}`,
  );
  if (reading.retries !== undefined) assert.deepEqual(log.retries, reading.retries, which);
  if (reading.retryable !== undefined) assert.equal(log.detail?.retryable, reading.retryable, which);
  if (reading.detail !== undefined) assert.match(log.detail?.detail ?? '', reading.detail, which);
}

/** Resolves when the driver has read so many bytes in all. */
async function bytesRead(driver: LoadDriver, bytes: number, isOver: () => boolean): Promise<void> {
  while (!isOver() && (driver.counters().bytesRead ?? 0) < bytes) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/**
 * Sends each part only when the one before was read, so that every part is a read of its own; then makes the attempt end.
 * A client that hides its bytes gets one part.
 */
export function inReads(
  fixture: DriverFixture,
  partsOf: (request: string) => readonly string[],
): DriverScript {
  return (driverOf) => async (connection) => {
    let sent = driverOf().counters().bytesRead;
    let isClosed = false;
    connection.closed.then(() => {
      isClosed = true;
    });
    for (const part of partsOf(connection.request)) {
      await connection.send(part);
      if (sent === null) continue;
      sent += part.length;
      await bytesRead(driverOf(), sent, () => isClosed);
    }
    if (!isClosed) await fixture.finish(connection);
  };
}

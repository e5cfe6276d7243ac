import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { documentedExample } from './documentedExample.ts';
import { assertMeasured, ROOT, startRun, withFolder } from './endToEndBench.ts';
import { requireService } from './requireService.ts';
import { withServer } from './withServer.ts';

const python = requireService('python3');

/** How `bench` is told to subscribe: its options, and where the server has it. */
interface Way {
  readonly name: string;
  readonly path: string;
  readonly options: readonly string[];
}

const SSE: Way = { name: 'event streams', path: '/events', options: ['--protocol', 'sse'] };
const WS: Way = { name: 'WebSockets', path: '/ws', options: ['--protocol', 'ws'] };
const HELD: Way = {
  name: 'held polls',
  path: '/poll',
  options: ['--protocol', 'poll', '--poll-mode', 'held'],
};
const STATE: Way = {
  name: 'polls of a state',
  path: '/state',
  options: ['--protocol', 'poll', '--poll-interval', '200ms'],
};

/** The own-server options that a user gives, for 12 connections, 3 of them by the ecosystem's client. */
function ownServer(port: number, way: Way, query: string): string[] {
  const base = `http://127.0.0.1:${port}`;
  const publish = ['--publish-url', `${base}/publish${query}`];
  const load = '--connections 12 --probes 3 --warmup 0s --duration 3s --memory-levels 0'.split(' ');
  return ['--target', base, ...way.options, '--path', `${way.path}${query}`, ...publish, ...load];
}

const FAULTS = ['python3', join(ROOT, 'test', 'ownServer.py')];

describe('own server', { concurrency: 4 }, () => {
  for (const [way, rooms, query, load] of [
    [SSE, 1, '', ['--rate', '60']],
    [SSE, 3, '?topic={topic}', ['--rate', '120', '--rooms', '3']],
    [WS, 1, '', ['--rate', '60']],
    [WS, 3, '?topic={topic}', ['--rate', '120', '--rooms', '3']],
    [HELD, 3, '?topic={topic}', ['--rate', '120', '--rooms', '3']],
  ] as const) {
    test(
      `a server of known faults is reported with exactly those, ${way.name}, rooms: ${rooms}`,
      python,
      () =>
        withServer({ command: FAULTS }, (port, child) =>
          withFolder(async (folder) => {
            const pid = ['--pid', String(child.pid)];
            const run = startRun(folder, [...ownServer(port, way, query), ...load, ...pid]);
            const ended = await run.ended;
            const result = await run.result();
            assertMeasured(ended, result);
            const { deliveries, publish, connections, memory, plan } = result.runs[0];
            assert.equal(connections.established, 12);
            assert.equal(plan.rooms, rooms);
            const { expected, received, lost, duplicated, reordered, exact } = deliveries ?? {};
            const messages = (publish?.sent ?? 0) / plan.rooms;
            assert.deepEqual(
              { expected, received, lost, duplicated, reordered, exact },
              {
                expected: 12 * messages,
                received: 12 * (messages - 7),
                lost: 12 * 7,
                duplicated: 12 * 5,
                reordered: 12 * 3,
                exact: true,
              },
            );
            assert.ok((memory.server.peakRssBytes ?? 0) > 1_000_000, 'sampled by --pid');
            assert.ok(result.runs[0].cpu.server !== null);
          }),
        ),
    );
  }

  test('a state that stays behind is reported with exactly the messages that it never shows', python, () =>
    withServer({ command: FAULTS }, (port) =>
      withFolder(async (folder) => {
        const run = startRun(folder, [...ownServer(port, STATE, ''), '--rate', '60']);
        const ended = await run.ended;
        const result = await run.result();
        assertMeasured(ended, result);
        const { expected, received, lost, duplicated, reordered, exact } = result.runs[0].deliveries ?? {};
        assert.deepEqual(
          { expected, received, lost, duplicated, reordered, exact },
          { expected: 12 * 180, received: 12 * 150, lost: 12 * 30, duplicated: 0, reordered: 0, exact: true },
        );
      }),
    ),
  );

  for (const [heading, way, lines] of [
    ['Event streams', SSE, 21],
    ['WebSockets', WS, 40],
    ['Polls', STATE, 40],
  ] as const) {
    test(`the example of docs/own-server.md for ${way.name} loses nothing`, () =>
      withFolder(async (folder) => {
        const code = await documentedExample(heading, 'js');
        assert.ok(code.split('\n').length <= lines, `a server of under ${lines} lines`);
        const file = join(folder, 'server.mjs');
        await writeFile(file, code);
        await withServer({ command: [process.execPath, file] }, async (port) => {
          const run = startRun(folder, [...ownServer(port, way, ''), '--rate', '100']);
          const ended = await run.ended;
          const result = await run.result();
          assertMeasured(ended, result);
          const { deliveries } = result.runs[0];
          assert.equal(deliveries?.expected, 12 * 300);
          assert.equal(deliveries?.lost, 0);
          assert.equal(deliveries?.duplicated, 0);
        });
      }));
  }

  test('without --publish-url connections are measured, and the report says what is not', python, () =>
    withServer({ command: FAULTS }, (port) =>
      withFolder(async (folder) => {
        const [, , ...rest] = ownServer(port, SSE, '').filter((word) => !/publish/.test(word));
        const run = startRun(folder, ['--target', `http://127.0.0.1:${port}`, ...rest]);
        const { code, stderr } = await run.ended;
        assert.equal(code, 0, stderr);
        const { connections, deliveries, handshakeUs, notMeasured } = (await run.result()).runs[0];
        assert.equal(connections.established, 12);
        assert.equal(handshakeUs?.count, 12);
        assert.equal(deliveries, null);
        assert.match(JSON.stringify(notMeasured), /publish-url/);
      }),
    ),
  );
});

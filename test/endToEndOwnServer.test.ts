import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { assertMeasured, ROOT, startRun, withFolder } from './endToEndBench.ts';
import { requireService } from './requireService.ts';

const python = requireService('python3');
const PAGE = join(ROOT, 'docs', 'own-server.md');

/** Starts a server that prints its port, and ends it after use. */
async function withServer(
  command: readonly string[],
  use: (port: number, child: ChildProcess) => Promise<void>,
): Promise<void> {
  const [file, ...args] = command;
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PORT: '0' },
  });
  const closed = once(child, 'close');
  try {
    const [line] = await once(child.stdout, 'data');
    await use(Number(String(line)), child);
  } finally {
    child.kill('SIGKILL');
    await closed;
  }
}

/** The own-server options that a user gives, for 12 connections, 3 of them by the ecosystem's client. */
function ownServer(port: number, query: string): string[] {
  const base = `http://127.0.0.1:${port}`;
  const publish = ['--publish-url', `${base}/publish${query}`];
  const load = '--connections 12 --probes 3 --warmup 0s --duration 3s --memory-levels 0'.split(' ');
  return ['--target', base, '--protocol', 'sse', '--path', `/events${query}`, ...publish, ...load];
}

const FAULTS = ['python3', join(ROOT, 'test', 'ownServer.py')];

describe('own server', { concurrency: 4 }, () => {
  for (const [name, query, load] of [
    ['one stream', '', ['--rate', '60']],
    ['three rooms', '?topic={topic}', ['--rate', '120', '--rooms', '3']],
  ] as const) {
    test(`a server of known faults is reported with exactly those, ${name}`, python, () =>
      withServer(FAULTS, (port, child) =>
        withFolder(async (folder) => {
          const run = startRun(folder, [...ownServer(port, query), ...load, '--pid', String(child.pid)]);
          const ended = await run.ended;
          const result = await run.result();
          assertMeasured(ended, result);
          const { deliveries, publish, connections, memory, plan } = result.runs[0];
          assert.equal(connections.established, 12);
          assert.equal(plan.rooms, query === '' ? 1 : 3);
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

  test('the example of docs/own-server.md loses nothing', () =>
    withFolder(async (folder) => {
      const [, code] = /```js\n([\s\S]*?)```/.exec(await readFile(PAGE, 'utf8')) ?? [];
      assert.ok(code !== undefined && code.split('\n').length <= 21, 'a server of 20 lines');
      const file = join(folder, 'server.mjs');
      await writeFile(file, code);
      await withServer([process.execPath, file], async (port) => {
        const run = startRun(folder, [...ownServer(port, ''), '--rate', '100']);
        const ended = await run.ended;
        const result = await run.result();
        assertMeasured(ended, result);
        const { deliveries } = result.runs[0];
        assert.equal(deliveries?.expected, 12 * 300);
        assert.equal(deliveries?.lost, 0);
        assert.equal(deliveries?.duplicated, 0);
      });
    }));

  test('without --publish-url connections are measured, and the report says what is not', python, () =>
    withServer(FAULTS, (port) =>
      withFolder(async (folder) => {
        const [, , ...rest] = ownServer(port, '').filter((word) => !/publish/.test(word));
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

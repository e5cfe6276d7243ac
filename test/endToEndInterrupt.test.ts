import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { childrenOf, startRun, TINY, whenGone, withFolder, withListening } from './endToEndBench.ts';
import { assertValidResult } from './endToEndSchema.ts';

const SSE = [...TINY.filter((word) => word !== '--no-profile'), '--stage', 'sse'];

/** A phase, the load that makes it last, and what is said when it begins: a phase is told when the next one begins. */
const PHASES: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['connect', ['--connect-rate', '1', '--no-profile'], /^ {2}ingest/m],
  ['warmup', ['--warmup', '60s', '--no-profile'], /^ {2}connect/m],
  ['measure', ['--warmup', '500ms', '--duration', '60s', '--no-profile'], /^ {2}warmup/m],
  [
    'profile',
    ['--warmup', '0s', '--duration', '1s', '--profile', 'cpu', '--profile-duration', '60s'],
    /^ {2}(measure|drain)/m,
  ],
];

describe('interrupt', { concurrency: 4 }, () => {
  for (const [phase, args, begun] of PHASES) {
    test(`SIGINT in ${phase} ends the run with 130, and what was measured is written`, () =>
      withFolder(async (folder) => {
        const run = startRun(folder, [...SSE, ...args]);
        await run.says(begun);
        const children = childrenOf(run.pid).map(({ pid }) => pid);
        run.child.kill('SIGINT');
        const { code, stderr } = await run.ended;
        assert.equal(code, 130, stderr);
        const result = await run.result();
        await assertValidResult(run.out);
        assert.equal(result.status, 'aborted');
        assert.equal(result.runs[0].abortReason, 'interrupted by the user');
        assert.ok(existsSync(join(run.out, 'report.html')));
        if (phase !== 'connect') assert.equal(result.runs[0].connections.established, 40);
        if (phase === 'measure') {
          assert.equal(result.runs[0].deliveries?.lost, 0);
          assert.equal(result.runs[0].flow, null, 'nothing was counted at the end of the window');
        }
        if (phase === 'profile') assert.equal(result.runs[0].deliveries?.received, 10 * 80);
        await whenGone(children);
      }));
  }

  test('a terminal that is closed stops a run like Ctrl-C does, though every role is told as well', () =>
    withFolder(async (folder) => {
      const run = startRun(folder, [...SSE, '--warmup', '60s', '--no-profile']);
      await run.says(/^ {2}connect/m);
      const children = childrenOf(run.pid).map(({ pid }) => pid);
      for (const pid of [...children, run.pid]) process.kill(pid, 'SIGHUP');
      const { code, stderr } = await run.ended;
      assert.equal(code, 130, stderr);
      assert.equal((await run.result()).runs[0].abortReason, 'interrupted by the user');
      await whenGone(children);
    }));

  test('SIGINT in the drain ends it', () =>
    withFolder(async (folder) => {
      const { promise: draining, resolve } = Promise.withResolvers<void>();
      // Streams that never deliver: all is missing after the window.
      const target = createServer((socket) => {
        socket.on('data', (request) => {
          const isPublish = String(request).startsWith('POST');
          const head = isPublish
            ? 'HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n'
            : 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n';
          socket.write(head);
        });
      });
      await withListening(target, async (port) => {
        const base = `http://127.0.0.1:${port}`;
        const load = '--connections 4 --probes 0 --rate 20 --warmup 0s --duration 1s --memory-levels 0'.split(
          ' ',
        );
        const run = startRun(folder, ['--target', base, '--publish-url', `${base}/publish`, ...load]);
        run.says(/^ {2}measure/m).then(resolve);
        await draining;
        run.child.kill('SIGINT');
        const { code, stderr } = await run.ended;
        assert.equal(code, 130, stderr);
        await assertValidResult(run.out);
        const { status, runs } = await run.result();
        assert.equal(status, 'aborted');
        assert.equal(runs[0].deliveries?.received, 0);
      });
    }));

  test('SIGINT while a target is looked at ends the run', () =>
    withFolder(async (folder) => {
      const { promise: asked, resolve } = Promise.withResolvers<void>();
      const target = createServer((socket) => socket.once('data', () => resolve()));
      await withListening(target, async (port) => {
        const run = startRun(folder, ['--target', `http://127.0.0.1:${port}`, '--connections', '4']);
        await asked;
        run.child.kill('SIGINT');
        const { code, stderr } = await run.ended;
        assert.equal(code, 130, stderr);
        await assertValidResult(run.out);
        assert.equal((await run.result()).status, 'aborted');
      });
    }));
});

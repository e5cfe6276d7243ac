import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  assertMeasured,
  type Bench,
  childrenOf,
  listeningPorts,
  roleOf,
  SHORT,
  startRun,
  TINY,
  whenGone,
  withFolder,
} from './endToEndBench.ts';

/** Long enough that a kill comes in the middle of it. */
const LONG = [...TINY, '--warmup', '500ms', '--duration', '60s', '--stage', 'sse'];

/** Runs until the window has begun; on the way out nothing is left, whatever the test said. */
async function withRunInWindow(use: (run: Bench, folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const run = startRun(folder, LONG);
    try {
      await run.says(/^ {2}warmup/m);
      await use(run, folder);
    } finally {
      run.child.kill('SIGKILL');
      await run.ended;
    }
  });
}

async function assertPortFree(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const [error] = await once(socket, 'error');
  assert.equal(error.code, 'ECONNREFUSED');
}

describe('kill', { concurrency: 4 }, () => {
  for (const [script, exitCode, reason] of [
    ['serverNode', 6, /^system under test: server 0 ended during the run: killed by SIGKILL/],
    ['loadWorker', 3, /^worker 0 ended during the run: killed by SIGKILL/],
    ['publisher', 3, /^publisher 0 ended during the run: killed by SIGKILL/],
  ] as const) {
    test(`SIGKILL of ${script} ends the run with exit code ${exitCode}, and the report says so`, () =>
      withRunInWindow(async (run) => {
        const children = childrenOf(run.pid).map(({ pid }) => pid);
        const ports = listeningPorts(roleOf(run.pid, 'serverNode'));
        assert.equal(children.length, 4);
        assert.ok(ports.length > 0);
        process.kill(roleOf(run.pid, script), 'SIGKILL');
        const { code, stdout, stderr } = await run.ended;
        assert.equal(code, exitCode, stderr);
        const result = await run.result();
        assert.equal(result.status, 'aborted');
        assert.match(result.runs[0].abortReason ?? '', reason);
        // What a dead worker knew of its 36 connections is gone with it.
        assert.equal(result.runs[0].connections.established, script === 'loadWorker' ? 4 : 40);
        const isCrash = result.runs[0].validity.reasons.some(({ code: rule }) => rule === 'crashedRole');
        assert.equal(isCrash, exitCode === 3);
        assert.match(stdout, /SIGKILL/);
        assert.ok(existsSync(join(run.out, 'report.html')));
        await whenGone(children);
        await Promise.all(ports.map(assertPortFree));
      }));
  }

  test('SIGKILL of the coordinator leaves no process, port or report, and the next run starts at once', () =>
    withRunInWindow(async (run, folder) => {
      const children = childrenOf(run.pid).map(({ pid }) => pid);
      const ports = listeningPorts(roleOf(run.pid, 'serverNode'));
      run.child.kill('SIGKILL');
      assert.equal((await run.ended).signal, 'SIGKILL');
      await whenGone(children);
      await Promise.all(ports.map(assertPortFree));
      assert.equal(existsSync(join(run.out, 'result.json')), false);
      const next = startRun(folder, [...SHORT, '--stage', 'sse']);
      const ended = await next.ended;
      assertMeasured(ended, await next.result());
    }));
});

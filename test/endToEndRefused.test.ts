// Beside other suites: runs are refused before any load.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Bench, childrenOf, startRun, TINY, whenGone, withFolder, withListening } from './endToEndBench.ts';

describe('refused', { concurrency: 4 }, () => {
  test('a second run while one goes on is refused, and names the first', () =>
    withFolder(async (folder) => {
      const first = startRun(folder, [...TINY, '--warmup', '60s']);
      try {
        await first.says(/^Run 1 of 1/m);
        const second = new Bench(folder, ['run', '--out', join(folder, 'second'), ...TINY]);
        const { code, stderr } = await second.ended;
        assert.equal(code, 2, stderr);
        assert.match(stderr, new RegExp(`Another run is going on: process ${first.pid}`));
        assert.equal(existsSync(join(folder, 'second')), false);
      } finally {
        first.child.kill('SIGINT');
        assert.equal((await first.ended).code, 130);
      }
      assert.equal(existsSync(join(folder, 'lock')), false, 'the lock is released');
    }));

  for (const [name, prepare] of [
    ['below a file', (out: string) => writeFile(out, '')],
    [
      'that holds a result',
      async (out: string) => {
        await mkdir(out);
        await writeFile(join(out, 'result.json'), '{}');
      },
    ],
  ] as const) {
    test(`an --out ${name} is refused before any load`, () =>
      withFolder(async (folder) => {
        await prepare(join(folder, 'taken'));
        const out = name === 'below a file' ? join(folder, 'taken', 'result') : join(folder, 'taken');
        const { code, stderr, stdout } = await new Bench(folder, ['run', '--out', out, ...TINY]).ended;
        assert.equal(code, 2, stderr);
        assert.ok(stderr.includes(`bench: --out ${out}`), stderr);
        assert.match(stderr, /Name (a|another) folder/);
        assert.equal(stdout, '');
      }));
  }

  test('a port in use is told by bench serve', () =>
    withListening(createServer(), (port) =>
      withFolder(async (folder) => {
        const { code, stderr } = await new Bench(folder, ['serve', '--stage', 'sse', '--port', String(port)])
          .ended;
        assert.equal(code, 2, stderr);
        assert.ok(stderr.includes(String(port)), stderr);
        assert.match(stderr, /in use/);
      }),
    ));

  test('too few file descriptors are refused with what to do', () =>
    withFolder(async (folder) => {
      const { code, stderr } = await startRun(folder, TINY, 'ulimit -n 600; exec "$@"').ended;
      assert.equal(code, 2, stderr);
      assert.match(stderr, /too few file descriptors: a process may hold 600/);
      assert.match(stderr, /ulimit -n/);
      assert.equal(existsSync(join(folder, 'result')), false);
    }));

  test('impossible counts and unknown names are told together', () =>
    withFolder(async (folder) => {
      const args = '--stage nope --scenario none --connections abc --rate -1 --duration 5 --nonsense'.split(
        ' ',
      );
      const { code, stderr } = await startRun(folder, args).ended;
      assert.equal(code, 2, stderr);
      for (const word of ['nope', 'none', 'abc', '-1', '--nonsense', '--duration']) {
        assert.ok(stderr.includes(word), `${word}: ${stderr}`);
      }
      assert.ok(stderr.split('\n').length < 24, 'one screen');
    }));

  test('SIGTERM is the same wish as Ctrl-C', () =>
    withFolder(async (folder) => {
      const run = startRun(folder, [...TINY, '--warmup', '60s']);
      await run.says(/^ {2}connect/m);
      const children = childrenOf(run.pid).map(({ pid }) => pid);
      run.child.kill('SIGTERM');
      assert.equal((await run.ended).code, 130);
      await whenGone(children);
    }));
});

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { documentedExample } from './documentedExample.ts';
import { type Bench, startRun, whenGone, withFolder } from './endToEndBench.ts';
import { assertValidResult } from './endToEndSchema.ts';
import { NODE, processesNaming } from './launchedServer.ts';

const LOAD =
  '--connections 20 --rate 50 --warmup 0s --memory-levels 0 --no-profile --probes 0 --calibrate never'.split(
    ' ',
  );
const SHORT = [...LOAD, '--duration', '1s'];
/** Long enough that whatever happens comes in the middle of it. */
const LONG = [...LOAD, '--duration', '60s'];
const IN_WINDOW = /^ {2}connect/m;

/** Node below two shells. */
const startIn = (folder: string): string => `sh -c "${NODE} ${folder}/server.mjs & wait" & wait`;

/** A folder with the server of the documentation and a config file that starts it, below shells. */
function withServer(
  use: (folder: string) => Promise<void>,
  given: (folder: string) => object = () => ({}),
): Promise<void> {
  return withFolder(async (folder) => {
    await writeFile(join(folder, 'server.mjs'), await documentedExample('Event streams', 'js'));
    const target = {
      build: `echo "built with $KEY"`,
      start: startIn(folder),
      env: { KEY: 'hunter2-hunter2' },
      headers: { authorization: 'Bearer t0ken-t0ken' },
      path: '/events',
      publish: '/publish',
      ...given(folder),
    };
    await writeFile(join(folder, 'bench.config.ts'), `export default ${JSON.stringify({ target })};`);
    await use(folder);
  });
}

/** The server's own processes: of `bench` and the roles the command lines do not name the server's file. */
const serversIn = (folder: string): number[] => processesNaming(`${folder}/server.mjs`);

describe('launched server', { concurrency: 4 }, () => {
  test('it is built, started for each run, sampled as a whole and stopped; no secret is in what is left', () =>
    withServer(
      async (folder) => {
        const run = startRun(folder, [...SHORT, '--runs', '2']);
        const ended = await run.ended;
        // The second start fails: what the first run measured is not lost for it.
        assert.equal(ended.code, 6, ended.stderr);
        assert.deepEqual(serversIn(folder), []);
        const result = await run.result();
        await assertValidResult(run.out);
        assert.match(ended.stderr, /^ {2}start +echo .*\n {2}ready .*a new port for each run$/m);
        assert.match(ended.stderr, /^Building: echo/m);
        assert.deepEqual(
          result.runs.map(({ status }) => status),
          ['complete', 'aborted'],
        );
        const [{ deliveries, memory, cpu, io, plan, notMeasured }, { abortReason }] = result.runs;
        assert.equal(deliveries?.lost, 0);
        assert.equal(deliveries?.received, 20 * 50);
        assert.equal(memory.gc, 'natural');
        assert.ok((memory.server.peakRssBytes ?? 0) > 20_000_000, 'that of Node, not of the shell alone');
        assert.ok((cpu.server.usPerDelivery ?? 0) > 0);
        assert.ok((cpu.server.userShare ?? 0) > 0, 'though the shells idle');
        assert.ok((io.server.syscallsPerDelivery ?? 0) > 0.5);
        assert.match(plan.target ?? '', /^echo \$PORT; mkdir /, 'no port, which is another one each time');
        assert.doesNotMatch(JSON.stringify(notMeasured), /--pid/);
        assert.match(abortReason ?? '', /^system under test: .*it ended before it served: exit code 1/s);
        assert.match(ended.stdout, /\nsse target #1 +20 /);
        assert.equal(await readFile(join(run.out, 'build.log'), 'utf8'), 'built with [KEY]\n');
        const [first, second] = await Promise.all(
          [1, 2].map((i) => readFile(join(run.out, `run-${i}-server.log`), 'utf8')),
        );
        assert.match(first, /^(\d+)\n\1\n$/, 'at the port that it was told');
        assert.match(second, /^\d+\nmkdir: .*once/);
        assert.notEqual(first.split('\n')[0], second.split('\n')[0]);
        const texts = ['result.json', 'report.html', 'report.md'].map((name) =>
          readFile(join(run.out, name), 'utf8'),
        );
        for (const text of [...(await Promise.all(texts)), ended.stdout, ended.stderr])
          assert.doesNotMatch(text, /hunter2|t0ken/);
      },
      (folder) => ({ start: `echo $PORT; mkdir once && { ${startIn(folder)}; }` }),
    ));

  test('a dry run shows what it would do, and does nothing', () =>
    withServer(async (folder) => {
      const run = startRun(folder, [...SHORT, '--dry-run']);
      const { code, stdout } = await run.ended;
      assert.equal(code, 0);
      assert.match(stdout, /^ {2}folder .*\n {2}build +echo .*\n {2}start .*\n {2}ready /m);
      assert.equal(existsSync(run.out), false);
    }));

  test('a build that fails ends the run with exit code 6 before any load', () =>
    withServer(
      async (folder) => {
        const run = startRun(folder, SHORT);
        const { code, stderr } = await run.ended;
        assert.equal(code, 6);
        assert.match(stderr, /build failed: echo nope; exit 4: exit code 4\nnope\n/);
        assert.match(stderr, /build\.log; the command is config\.target\.build/);
        assert.equal(existsSync(join(run.out, 'result.json')), false);
        assert.deepEqual(serversIn(folder), []);
      },
      () => ({ build: 'echo nope; exit 4' }),
    ));

  test('a server that ends in the window is a result with its last words, exit code 6', () =>
    withServer(async (folder) => {
      const run = startRun(folder, LONG);
      await run.says(IN_WINDOW);
      const servers = serversIn(folder);
      assert.equal(servers.length, 3, 'two shells and Node');
      for (const pid of servers) process.kill(pid, 'SIGKILL');
      const { code, stderr } = await run.ended;
      assert.equal(code, 6, stderr);
      const { abortReason } = (await run.result()).runs[0];
      assert.match(
        abortReason ?? '',
        /^system under test: the server ended during the run: .* \(server\.log\)\n\d+$/,
      );
      assert.match(stderr, /the server ended during the run/);
    }));

  test('Ctrl-C in the window leaves no process, and what was measured is written', () =>
    inWindow(async (run) => {
      run.child.kill('SIGINT');
      assert.equal((await run.ended).code, 130);
      assert.equal((await run.result()).runs[0].connections.established, 20);
    }));

  test('SIGKILL of the coordinator leaves no process', () =>
    inWindow(async (run) => {
      run.child.kill('SIGKILL');
      assert.equal((await run.ended).signal, 'SIGKILL');
    }));

  test('Ctrl-C while it is built leaves no process', () =>
    withServer(
      async (folder) => {
        const run = startRun(folder, SHORT);
        await run.says(/^Building/m);
        while (serversIn(folder).length === 0) await delay(10);
        run.child.kill('SIGINT');
        const { code, stderr } = await run.ended;
        assert.equal(code, 130, stderr);
        assert.deepEqual(serversIn(folder), []);
        assert.equal((await run.result()).status, 'aborted');
      },
      () => ({ build: 'sh -c "sleep 1000; cat $PWD/server.mjs" & wait' }),
    ));
});

/** Runs until the window has begun; all of the server's processes go with what is then done. */
function inWindow(use: (run: Bench) => Promise<void>): Promise<void> {
  return withServer(async (folder) => {
    const run = startRun(folder, LONG);
    await run.says(IN_WINDOW);
    const servers = serversIn(folder);
    assert.equal(servers.length, 3, 'two shells and Node');
    await use(run);
    await whenGone(servers);
  });
}

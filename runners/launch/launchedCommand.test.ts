import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { whenGone, withFolder } from '../../test/endToEndBench.ts';
import { processesNaming } from '../../test/launchedServer.ts';
import { LaunchedCommand } from './launchedCommand.ts';

/** A command in a folder that its processes name; on the way out none is left, whatever the test said. */
async function withCommand(
  command: (folder: string) => string,
  use: (running: LaunchedCommand, folder: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const running = new LaunchedCommand({
      command: command(folder),
      folder,
      env: process.env,
      log: join(folder, 'said.log'),
      hide: (text) => text,
    });
    try {
      await use(running, folder);
    } finally {
      await running.stop(0);
    }
  });
}

/** Waits for a file that a command writes: nothing else tells what it has done. */
async function whenWritten(path: string): Promise<string> {
  while (!existsSync(path) || (await readFile(path, 'utf8')) === '') await delay(5);
  return (await readFile(path, 'utf8')).trim();
}

function parentOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ')[1]);
}

describe('launched command', { concurrency: 4 }, () => {
  test('a single command takes the place of its shell', () =>
    withCommand(
      () => 'sleep 1000',
      async (running) => {
        while (!(await commandsOf(running.pids())).includes('sleep 1000')) await delay(5);
        assert.equal(running.pids().length, 1);
        await running.stop(1_000);
        assert.deepEqual(running.pids(), []);
        assert.equal(await running.ended, 'signal SIGTERM');
      },
    ));

  test('all generations below it are seen, those that come later too, and none is left', () =>
    withCommand(
      (folder) =>
        `sh -c 'sleep 1000 & while [ ! -e ${folder}/go ]; do sleep 0.01; done; sleep 2000 & echo > ${folder}/gone & wait' & wait`,
      async (running, folder) => {
        while (!(await commandsOf(running.pids())).includes('sleep 1000')) await delay(5);
        assert.equal((await commandsOf(running.pids())).includes('sleep 2000'), false);
        const first = running.pids();
        await writeFile(join(folder, 'go'), '');
        while (!(await commandsOf(running.pids())).includes('sleep 2000')) await delay(5);
        const all = [...first, ...running.pids()];
        await running.stop(1_000);
        assert.deepEqual(processesNaming(folder), []);
        await whenGone(all);
      },
    ));

  test('who ignores SIGTERM is killed, also where it has left the session and its parent is gone', () =>
    withCommand(
      (folder) =>
        `trap '' TERM; (setsid sleep 1000 & echo $! > ${folder}/stray; until [ -e ${folder}/go ]; do sleep 0.01; done); sleep 1000`,
      async (running, folder) => {
        const stray = Number(await whenWritten(join(folder, 'stray')));
        assert.ok(running.pids().includes(stray), 'seen below its parent');
        const parent = parentOf(stray);
        await writeFile(join(folder, 'go'), '');
        while (parentOf(stray) === parent) await delay(5);
        const all = running.pids();
        assert.ok(all.includes(stray), 'remembered');
        await running.stop(50);
        await whenGone(all);
      },
    ));

  test('what is left behind when it ends is found and ended', () =>
    withCommand(
      (folder) => `sleep 1000 & echo $! > ${folder}/left; echo bye; exit 3`,
      async (running, folder) => {
        assert.equal(await running.ended, 'exit code 3');
        assert.equal(running.log.tail(1), 'bye');
        assert.equal(running.isOver, true);
        assert.equal(running.hasLeftSome(), true);
        const left = Number(await whenWritten(join(folder, 'left')));
        await running.stop(1_000);
        await whenGone([left]);
      },
    ));

  test('one that cannot be started says why', () =>
    withFolder(async (folder) => {
      const running = new LaunchedCommand({
        command: 'true',
        folder: join(folder, 'nowhere'),
        env: process.env,
        log: join(folder, 'said.log'),
        hide: (text) => text,
      });
      assert.match(await running.ended, /ENOENT/);
      assert.deepEqual(running.pids(), []);
      await running.stop(0);
    }));
});

async function commandsOf(pids: readonly number[]): Promise<string[]> {
  const texts = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return texts.map((text) => text.replaceAll('\0', ' ').trim());
}

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { type ScratchRepository, withRepository } from '../../test/gateRepository.ts';
import { changedFiles, commitOf, findRepository, type Repository } from './git.ts';
import { createWorktrees, removeStaleWorktrees } from './worktrees.ts';

const SERVER = 'services/chat/server.py';

async function found(folder: string): Promise<Repository> {
  const repository = await findRepository(folder);
  assert.ok(repository !== null);
  return repository;
}

/** Of the user's, and others. */
async function listed(scratch: ScratchRepository): Promise<number> {
  return (await scratch.git('worktree', 'list')).trim().split('\n').length;
}

test('two commits are checked out beside what the user has, in the folder that is asked about, and taken away', () =>
  withRepository(async (scratch) => {
    const before = await scratch.commit({ [SERVER]: 'before' });
    const after = await scratch.commit({ [SERVER]: 'after' });
    await scratch.write({ [SERVER]: 'being edited' });
    const folder = join(scratch.folder, 'services/chat');
    const repository = await found(folder);
    assert.deepEqual(repository, { root: scratch.folder, prefix: 'services/chat', isShallow: false });
    const worktrees = await createWorktrees(repository);
    const base = await worktrees.add('base', before);
    const head = await worktrees.add('head', after);
    const texts = [base, head, folder].map((at) => readFile(join(at, 'server.py'), 'utf8'));
    assert.deepEqual(await Promise.all(texts), ['before', 'after', 'being edited']);
    assert.equal(await listed(scratch), 3);
    await worktrees.remove();
    await worktrees.remove();
    assert.equal(await listed(scratch), 1);
    assert.ok(!existsSync(base) && !existsSync(head));
  }));

test('hooks of the repository do not run for a checkout', () =>
  withRepository(async (scratch) => {
    const commit = await scratch.commit({ [SERVER]: 'x' });
    const hook = join(scratch.folder, '.git/hooks/post-checkout');
    await writeFile(hook, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const worktrees = await createWorktrees(await found(scratch.folder));
    assert.ok(existsSync(join(await worktrees.add('base', commit), SERVER)));
    await worktrees.remove();
  }));

test('a checkout of the user whose folder is not there now is not forgotten', () =>
  withRepository(async (scratch) => {
    const commit = await scratch.commit({ [SERVER]: 'x' });
    const away = join(dirname(scratch.folder), 'on-another-disk');
    await scratch.git('worktree', 'add', '--quiet', '--detach', away);
    await rm(away, { recursive: true });
    const worktrees = await createWorktrees(await found(scratch.folder));
    const base = await worktrees.add('base', commit);
    // As `git worktree add` leaves it when it is killed.
    await scratch.git('worktree', 'lock', '--reason', 'initializing', base);
    await worktrees.remove();
    assert.equal(await listed(scratch), 2);
    assert.match(await scratch.git('worktree', 'list'), /on-another-disk/);
  }));

test('checkouts of a gate that was killed are taken away, those of one that runs are left', () =>
  withRepository(async (scratch) => {
    const commit = await scratch.commit({ [SERVER]: 'x' });
    const repository = await found(scratch.folder);
    const worktrees = await createWorktrees(repository);
    const base = await worktrees.add('base', commit);
    assert.deepEqual(await removeStaleWorktrees(repository), []);
    const owner = join(dirname(base), 'owner.json');
    const mine: { pid: number; startTicks: number } = JSON.parse(await readFile(owner, 'utf8'));
    // The pid is in use again, by a process that began at another time.
    await writeFile(owner, JSON.stringify({ ...mine, startTicks: mine.startTicks - 1 }));
    assert.deepEqual(await removeStaleWorktrees(repository), [base]);
    assert.equal(await listed(scratch), 1);
    assert.ok(!existsSync(dirname(base)));
  }));

test('a repository of the user is left alone, whatever the folder around it is called', () =>
  withRepository(async (scratch) => {
    await scratch.commit({ [SERVER]: 'x' });
    const around = join(dirname(scratch.folder), 'pushbench-gate-mine');
    const [clone, checkout] = [join(around, 'base'), join(around, 'deeper', 'head')];
    await scratch.git('clone', '--quiet', scratch.folder, clone);
    await scratch.git('-C', clone, 'worktree', 'add', '--quiet', '--detach', checkout);
    assert.deepEqual(await removeStaleWorktrees(await found(clone)), []);
    assert.ok(existsSync(join(clone, SERVER)) && existsSync(join(checkout, SERVER)));
  }));

test('what is no ref is none, whatever it looks like', () =>
  withRepository(async (scratch) => {
    const commit = await scratch.commit({ [SERVER]: 'x' });
    await scratch.git('tag', '--annotate', '--message', 'first', 'v1');
    const repository = await found(scratch.folder);
    for (const name of ['main', 'v1', 'HEAD', commit.slice(0, 9)])
      assert.equal(await commitOf(repository, name), commit, name);
    for (const name of ['none', '--help', '-h', 'HEAD~1', 'main:services', '..'])
      assert.equal(await commitOf(repository, name), null, name);
  }));

test('changes are those of the folder, less its config and results; a folder outside is in no repository', () =>
  withRepository(async (scratch) => {
    await scratch.commit({ [SERVER]: 'x', 'other/file': 'y', 'bench.config.ts': '1', [`${SERVER}.md`]: 'z' });
    await scratch.write({ 'other/file': 'changed', 'bench.config.ts': '2', 'bench-results/new': '' });
    const folder = join(scratch.folder, 'services');
    assert.deepEqual(await changedFiles(folder, true), []);
    assert.deepEqual(await changedFiles(scratch.folder, true), [' M other/file']);
    await scratch.write({ 'services/new': '' });
    assert.deepEqual(await changedFiles(folder, false), []);
    assert.deepEqual(await changedFiles(folder, true), ['?? services/new']);
    assert.equal(await findRepository(dirname(scratch.folder)), null);
  }));

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { mutated } from './mutate.ts';
import type { Mutation } from './mutations.ts';

const run = promisify(execFile);

/** A copy of the working tree that may be broken; the packages are those of the original. */
export class BrokenTree {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** @param root of a git checkout; what it ignores is not copied */
  static async copyOf(root: string): Promise<BrokenTree> {
    const path = await mkdtemp(join(tmpdir(), 'pushbench-mutation-'));
    const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      maxBuffer: 2 ** 26,
    });
    for (const file of new Set(listed.stdout.split('\0').filter(Boolean))) {
      await mkdir(join(path, dirname(file)), { recursive: true });
      await cp(join(root, file), join(path, file), { recursive: true, verbatimSymlinks: true });
    }
    await symlink(join(root, 'node_modules'), join(path, 'node_modules'));
    return new BrokenTree(path);
  }

  /** Breaks the copy for the time of `use`. */
  async broken<T>(mutation: Mutation, use: () => Promise<T>): Promise<T> {
    const file = join(this.path, mutation.file);
    const source = await readFile(file, 'utf8');
    await writeFile(file, mutated(source, mutation));
    try {
      return await use();
    } finally {
      await writeFile(file, source);
    }
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

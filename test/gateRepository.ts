import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Whoever runs the tests: their own git config says nothing here. */
const NAMES = ['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL'];
const SOMEBODY = Object.fromEntries(NAMES.map((name) => [name, 'test@localhost']));
const PLAIN = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };

/** Files by path. */
export type Files = Readonly<Record<string, string>>;

/** A repository with something in it; gone after the test. */
export class ScratchRepository {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async git(...args: readonly string[]): Promise<string> {
    const env = { ...process.env, ...SOMEBODY, ...PLAIN };
    return (await run('git', ['-C', this.folder, ...args], { env })).stdout;
  }

  async write(files: Files): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      const full = join(this.folder, path);
      await mkdir(dirname(full), { recursive: true });
      await writeFile(full, text);
    }
  }

  /** @returns the commit */
  async commit(files: Files): Promise<string> {
    await this.write(files);
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '--message', Object.keys(files).join(' '));
    return (await this.git('rev-parse', 'HEAD')).trim();
  }
}

/** Makes a folder, and in it a repository on branch `main`. */
export async function withRepository<T>(use: (repository: ScratchRepository) => Promise<T>): Promise<T> {
  const around = await realpath(await mkdtemp(join(tmpdir(), 'pushbench-scratch-')));
  try {
    const repository = new ScratchRepository(join(around, 'repository'));
    await mkdir(repository.folder);
    await repository.git('init', '--quiet', '--initial-branch', 'main');
    return await use(repository);
  } finally {
    await rm(around, { recursive: true, force: true });
  }
}

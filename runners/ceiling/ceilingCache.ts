import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import Type, { type Static } from 'typebox';
import { Check } from 'typebox/value';
import type { Host } from '../../contract/result.ts';
import { Count, object, Str } from '../../contract/resultShapes.ts';
import { KeptCeiling } from '../../contract/resultTrust.ts';
import { makeFolders } from '../makeFolders.ts';

/** Changes with the meaning of what is kept, and with how it is measured: older files are then measured anew. */
const CACHE_VERSION = 1;
const FILE = 'generator-ceilings.json';
/** The oldest go first. */
const MOST_ENTRIES = 200;

/** Where and with what a ceiling was measured: it says nothing of any other. */
const Origin = object({ cpuModel: Str, cores: Count, kernel: Str, nodeVersion: Str, toolVersion: Str });
const Entry = object({ origin: Origin, ceiling: KeptCeiling });
const Cache = object({ cacheVersion: Type.Literal(CACHE_VERSION), entries: Type.Array(Entry) });

type Entry = Static<typeof Entry>;
type Key = Pick<KeptCeiling, 'protocol' | 'payloadBytes' | 'streamsPerConnection'>;
export type Origin = Static<typeof Origin>;

export function originOf(
  { cpuModel, cores, kernel, nodeVersion }: Pick<Host, 'cpuModel' | 'cores' | 'kernel' | 'nodeVersion'>,
  toolVersion: string,
): Origin {
  return { cpuModel, cores, kernel, nodeVersion, toolVersion };
}

/** Folder of what is kept between runs: `BENCH_CACHE_DIR`, else as the XDG base directory specification says. */
export function cacheDirectory(env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (env.BENCH_CACHE_DIR) return env.BENCH_CACHE_DIR;
  const base = env.XDG_CACHE_HOME;
  // A relative path is invalid there and to be ignored.
  return join(base && isAbsolute(base) ? base : join(homedir(), '.cache'), 'pushbench');
}

/** Ceilings of this host and others, in one file. */
export class CeilingCache {
  readonly path: string;

  constructor(directory: string = cacheDirectory()) {
    this.path = resolve(directory, FILE);
  }

  /** null: never measured there, or the file is none of ours. */
  async find(origin: Origin, key: Key): Promise<KeptCeiling | null> {
    const entries = await this.#entries();
    return entries.find((entry) => isOf(entry, origin, key))?.ceiling ?? null;
  }

  /**
   * Keeps a ceiling in place of the one before it. The file appears whole or not at all; of two runs that write at the same
   * moment, one is measured again some day.
   * @throws Error where the file cannot be written
   */
  async keep(origin: Origin, ceiling: KeptCeiling): Promise<void> {
    const others = (await this.#entries()).filter((entry) => !isOf(entry, origin, ceiling));
    const entries = [...others, { origin, ceiling }].slice(-MOST_ENTRIES);
    const draft = `${this.path}.${randomUUID()}`;
    await makeFolders(dirname(this.path));
    try {
      await writeFile(draft, `${JSON.stringify({ cacheVersion: CACHE_VERSION, entries }, null, 1)}\n`);
      await rename(draft, this.path);
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** A file that is missing, damaged or of another version holds nothing: what it held is measured again. */
  async #entries(): Promise<readonly Entry[]> {
    let content: unknown;
    try {
      content = JSON.parse(await readFile(this.path, 'utf8'));
    } catch {
      return [];
    }
    return Check(Cache, content) ? content.entries : [];
  }
}

function isOf({ origin, ceiling }: Entry, wanted: Origin, key: Key): boolean {
  const isSameOrigin =
    origin.cpuModel === wanted.cpuModel &&
    origin.cores === wanted.cores &&
    origin.kernel === wanted.kernel &&
    origin.nodeVersion === wanted.nodeVersion &&
    origin.toolVersion === wanted.toolVersion;
  const isSameKey =
    ceiling.protocol === key.protocol &&
    ceiling.payloadBytes === key.payloadBytes &&
    ceiling.streamsPerConnection === key.streamsPerConnection;
  return isSameOrigin && isSameKey;
}

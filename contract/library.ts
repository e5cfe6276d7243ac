import type { BenchConfig } from './config.ts';
import type { ProgressListener } from './progress.ts';
import type { RunResult } from './result.ts';

/** One value of an option, or several. */
type OneOrMore = string | readonly string[];

/**
 * What one `run()` does: a config file's keys, and of the options of `bench run` those that a config file has no key for.
 * Numbers may be text with a unit, such as `'20k'`, `'30s'` or `'1KB'`. The environment is not read, but for `BENCH_LOCK_FILE` and
 * `BENCH_CACHE_DIR`, and neither is `bench.config.ts`: import it, and spread it in.
 */
export interface RunOptions extends Omit<BenchConfig, 'gate' | 'decision'> {
  /** Bus of a cluster stage: `embedded`, `redis-pubsub`, `redis-streams`, or one with its address. @default the variant's own */
  readonly bus?: OneOrMore;
  /** How connections are protected: `plain`, `tls`, `mtls-jwt`. @default 'plain' */
  readonly security?: OneOrMore;
  /** Where instances are listed: `static`, `etcd`, or an address. @default 'static' */
  readonly discovery?: string;
  /** How clients choose an instance. @default 'round_robin' */
  readonly balance?: string;
  /** A slower network between clients and servers: `rtt=80ms,jitter=20ms`. @default none */
  readonly link?: string;
  /** Repeat at each of several loads: `rate=1k..100k` or `connections=1k,10k`. @default the scenario's own */
  readonly sweep?: string;
  /** Measure first what the generator can take: `auto`, `never`, `again`. @default 'auto': once on this host, for about 20 s */
  readonly calibrate?: string;
  /** Permit a target that is not loopback. @default false */
  readonly allowRemote?: boolean;
  /** Folder that relative paths start in. @default process.cwd() */
  readonly cwd?: string;
  /**
   * Folder for result.json, report.html, report.md, charts and profiles; made if it is not there.
   * Without it nothing is written, and no profile is taken. @default none
   */
  readonly directory?: string;
  /** Aborts the run: it ends within 5 s, and what was measured is returned, marked `aborted`. */
  readonly signal?: AbortSignal;
  /** Told of runs, phases and notes, a few times per second. */
  readonly onProgress?: ProgressListener;
}

/** A result with the name that it has in labels. */
export interface ComparedResult {
  readonly name: string;
  readonly result: RunResult;
}

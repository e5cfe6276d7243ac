import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { endingWithUs } from '../runners/endingWithUs.ts';
import { freePort } from '../runners/freePort.ts';

/** Time until it has scraped and answers, milliseconds: on a busy machine of two cores it takes a few seconds to start. */
const ANSWER_MS = 60_000;
const RETRY_MS = 100;

/** One sample of the answer to an instant query. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A real Prometheus that scrapes some addresses into a folder which goes with it. */
export interface PrometheusServer {
  /** Asks until `isAnswered`, since it scrapes when it likes. @throws AssertionError with the last answer after a minute */
  ask(query: string, isAnswered: (samples: readonly Sample[]) => boolean): Promise<readonly Sample[]>;
  stop(): Promise<void>;
}

/** @param targets `host:port` of each address whose `/metrics` is scraped */
export async function startPrometheus(
  program: string,
  targets: readonly string[],
): Promise<PrometheusServer> {
  const folder = await mkdtemp(join(tmpdir(), 'pushbench-prometheus-'));
  const address = `127.0.0.1:${await freePort()}`;
  const file = join(folder, 'prometheus.yml');
  await writeFile(file, configuration(targets));
  const [command, args] = endingWithUs(program, [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${address}`,
    '--log.level=warn',
  ]);
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
  });
  const ended = once(child, 'exit');
  return {
    async ask(query, isAnswered) {
      const until = Date.now() + ANSWER_MS;
      let last: readonly Sample[] = [];
      while (Date.now() < until) {
        assert.equal(child.exitCode, null, `Prometheus ended: ${said}`);
        last = await samplesOf(address, query);
        if (isAnswered(last)) return last;
        await pause(RETRY_MS);
      }
      assert.fail(`no such answer to ${query} within ${ANSWER_MS} ms: ${JSON.stringify(last)} ${said}`);
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(targets: readonly string[]): string {
  return [
    'global: {scrape_interval: 500ms, scrape_timeout: 500ms}',
    'scrape_configs:',
    `  - {job_name: pushbench, static_configs: [{targets: ${JSON.stringify(targets)}}]}`,
    '',
  ].join('\n');
}

/** Nothing as long as it does not answer yet. */
async function samplesOf(address: string, query: string): Promise<readonly Sample[]> {
  const url = `http://${address}/api/v1/query?query=${encodeURIComponent(query)}`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
  if (!answer?.ok) return [];
  const body: unknown = await answer.json();
  return isAnswer(body)
    ? body.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
    : [];
}

interface Answer {
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value: readonly [number, string];
    }[];
  };
}

function isAnswer(body: unknown): body is Answer {
  return (
    typeof body === 'object' &&
    body !== null &&
    'status' in body &&
    body.status === 'success' &&
    'data' in body
  );
}

import assert from 'node:assert/strict';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { RunResult } from '../contract/result.ts';
import { documentedExample } from './documentedExample.ts';
import { assertMeasured, type Bench, ROOT, startRun, withFolder } from './endToEndBench.ts';
import { withServer } from './withServer.ts';

const CLIENTS = 12;
const MESSAGES = 60;
const ROOMS = 3;
const LOAD =
  `--connections ${CLIENTS} --probes 3 --rate ${MESSAGES} --duration 1s --warmup 0s --memory-levels 0 --no-profile --calibrate never`.split(
    ' ',
  );
const SECTION = 'Headers, bodies and tokens';

async function measured(run: Bench): Promise<RunResult> {
  const ended = await run.ended;
  const result = await run.result();
  assertMeasured(ended, result);
  const { connections, publish, deliveries, plan } = result.runs[0];
  assert.equal(connections.established, CLIENTS);
  assert.equal(publish?.sent, MESSAGES);
  assert.deepEqual(
    [deliveries?.expected, deliveries?.lost, deliveries?.duplicated, deliveries?.exact],
    [(MESSAGES * CLIENTS) / plan.rooms, 0, 0, true],
  );
  return result;
}

/** A folder with a server that refuses who has no token of their own, and what is no JSON. */
async function withChat(use: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    await copyFile(join(ROOT, 'test', 'chatServer.mjs'), join(folder, 'chat.mjs'));
    await writeFile(join(folder, 'tokens.csv'), 'user,token\nann,alpha\nbob,"beta"\n\ncid,gamma\n');
    await use(folder);
  });
}

/** Every client came as who it is, to its room, and every message was one of a room. */
async function assertSeen(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'seen.jsonl'), 'utf8');
  const seen = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const [first, ...clients] = seen.filter(({ user }) => user !== undefined);
  // The one client before any load is the first.
  assert.equal(first.user, '0');
  const users = clients.map(({ user }) => Number(user)).sort((a, b) => a - b);
  assert.deepEqual(
    users,
    Array.from({ length: CLIENTS }, (_, i) => i),
  );
  assert.ok(seen.every(({ status }) => status < 300));
  const posted = seen.filter((one) => one.posted !== undefined);
  assert.ok(posted.every(({ bytes }) => bytes === 256));
  assert.deepEqual([...new Set(posted.map((one) => one.posted))].sort(), ['t0', 't1', 't2']);
}

function assertNoSecrets(result: RunResult, { stdout, stderr }: { stdout: string; stderr: string }): void {
  for (const text of [JSON.stringify(result), stdout, stderr]) {
    assert.doesNotMatch(text, /Bearer|alpha|beta|gamma|"text/);
  }
}

describe('a target in the config file', { concurrency: 3 }, () => {
  test('the ten lines of docs/own-server.md start the server, sample it and lose nothing', () =>
    withFolder(async (folder) => {
      const config = await documentedExample('In bench.config.ts', 'ts');
      assert.ok(config.trim().split('\n').length <= 10);
      await writeFile(join(folder, 'bench.config.ts'), config);
      await writeFile(join(folder, 'server.mjs'), await documentedExample('Event streams', 'js'));
      const { runs } = await measured(startRun(folder, LOAD));
      assert.ok((runs[0].memory.server.peakRssBytes ?? 0) > 1_000_000);
      assert.ok(runs[0].cpu.server !== null);
    }));

  test('each client has a number and a token of its own, and messages are JSON with headers of theirs', () =>
    withChat(async (folder) => {
      await writeFile(join(folder, 'bench.config.ts'), await documentedExample(SECTION, 'ts'));
      const run = startRun(folder, [...LOAD, '--rooms', String(ROOMS)]);
      assertNoSecrets(await measured(run), await run.ended);
      await assertSeen(folder);
    }));

  test('the options of docs/own-server.md say the same of a server that runs', () =>
    withChat((folder) =>
      withServer({ command: [process.execPath, 'chat.mjs'], cwd: folder }, async (port) => {
        const command = (await documentedExample(SECTION, 'sh')).replace(/^npx bench run/, 'exec "$@"');
        const load = [...LOAD, '--rooms', String(ROOMS)].join(' ');
        const run = startRun(folder, [], `${command.trim().replace(':9000', `:${port}`)} ${load}`);
        assertNoSecrets(await measured(run), await run.ended);
        await assertSeen(folder);
      }),
    ));
});

import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { runCli } from '../cli/program.ts';
import { testSystem } from '../cli/testing/testSystem.ts';
import { requireService } from './requireService.ts';

const curl = requireService('curl');
const openssl = requireService('openssl');
const run = promisify(execFile);

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pushbench-tls-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What `bench serve` prints of a protected stage; it is stopped when the test ends. */
async function served(t: TestContext, stage: string, kind: string, more: readonly string[] = []) {
  const out = join(await temporaryFolder(t), 'tls');
  const flags = ['--stage', stage, '--port', '0', '--security', kind, '--tls-out', out];
  const system = testSystem(['serve', ...flags, ...more]);
  const code = runCli(system);
  t.after(async () => {
    system.press('SIGINT');
    assert.equal(await code, 0);
  });
  const greeting = await system.waitForOut('Ctrl-C stops it.');
  const [, port = ''] = /listens on https:\/\/127\.0\.0\.1:(\d+)/.exec(greeting) ?? [];
  const commands = greeting.split('\n').filter((line) => line.startsWith('  curl '));
  return { out, port, commands, greeting };
}

/** Runs a printed command as a person would, in a shell that becomes the command. */
function shell(t: TestContext, command: string): ChildProcess {
  const child = spawn('sh', ['-c', `exec ${command.trim()}`], { stdio: ['ignore', 'pipe', 'ignore'] });
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, 'close');
  });
  return child;
}

async function readUntil(child: ChildProcess, wanted: string): Promise<void> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += chunk;
    if (text.includes(wanted)) return;
  }
  throw new Error(`the command ended without ${wanted}: ${text}`);
}

for (const [stage, kind] of [
  ['sse', 'tls'],
  ['sse:raw', 'mtls-jwt'],
  ['sse:h2', 'mtls-jwt'],
] as const) {
  test(`curl subscribes to ${stage} and publishes under ${kind} as the greeting says`, {
    skip: curl.skip,
  }, async (t) => {
    const { commands } = await served(t, stage, kind);
    const [subscribe, publish] = commands;
    const stream = shell(t, subscribe);
    const opened = readUntil(stream, 'data: ');
    // Until the stream is open, nobody hears what is published.
    const posted = once(stream.stdout ?? stream, 'data').then(() =>
      readUntil(shell(t, publish), '"accepted":1'),
    );
    await Promise.all([opened, posted]);
  });
}

test('curl without a certificate, or without a token, does not get in', { skip: curl.skip }, async (t) => {
  const { out, port } = await served(t, 'sse', 'mtls-jwt');
  const url = `https://127.0.0.1:${port}/metrics`;
  const ca = ['-sS', '--cacert', join(out, 'ca.pem')];
  await assert.rejects(run('curl', [...ca, url]), /certificate required|alert/i);
  const own = ['--cert', join(out, 'client.pem'), '--key', join(out, 'client-key.pem')];
  const { stdout } = await run('curl', [...ca, ...own, '-i', url]);
  assert.match(stdout, /^HTTP\/1\.1 401 /);
  assert.match(stdout, /^WWW-Authenticate: Bearer realm="pushbench"/m);
});

async function sClient(port: string, flags: readonly string[]): Promise<string> {
  const asked = run('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, ...flags]);
  asked.child.stdin?.end();
  const { stdout, stderr } = await asked;
  return `${stdout}${stderr}`;
}

test('openssl s_client sees TLS 1.3 alone, and a SPIFFE id that it trusts', {
  skip: openssl.skip,
}, async (t) => {
  const { out, port } = await served(t, 'ws', 'tls');
  const trust = ['-CAfile', join(out, 'ca.pem'), '-verify_return_error', '-servername', 'localhost'];
  const seen = await sClient(port, trust);
  assert.match(seen, /TLSv1\.3/);
  assert.match(seen, /Verify return code: 0 \(ok\)/);
  await assert.rejects(sClient(port, [...trust, '-tls1_2']), /alert protocol version/);
});

test('the folder holds what clients need, for this user alone', async (t) => {
  const { out } = await served(t, 'poll', 'mtls-jwt');
  const names = await readdir(out);
  assert.deepEqual(names.sort(), ['ca.pem', 'client-key.pem', 'client.pem', 'token.txt']);
  for (const name of names) assert.equal((await stat(join(out, name))).mode & 0o777, 0o600);
});

test('metrics with an address of their own are plain, and ask nobody who they are', async (t) => {
  const { greeting } = await served(t, 'sse', 'mtls-jwt', ['--metrics-addr', '127.0.0.1:0']);
  const url = /metrics +(http:\S+)/.exec(greeting)?.[1] ?? '';
  const response = await fetch(url);
  assert.equal(response.status, 200);
  assert.match(await response.text(), /push_unauthenticated_total/);
});

const REFUSED: readonly (readonly [what: string, flags: readonly string[], says: RegExp])[] = [
  ['an unknown kind', ['--security', 'ssl'], /--security "ssl": one of plain, tls, mtls-jwt/],
  ['protection without a folder', ['--security', 'tls'], /--tls-out: a folder for the certificates/],
  ['a folder without protection', ['--tls-out', 'x'], /--tls-out "x": only together with --security/],
];

for (const [what, flags, says] of REFUSED) {
  test(`bench serve refuses ${what}`, async () => {
    const system = testSystem(['serve', '--stage', 'sse', '--port', '0', ...flags]);
    assert.equal(await runCli(system), 2);
    assert.match(system.err(), says);
  });
}

test('bench serve refuses a folder with other files in it, and leaves them', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'letter.txt'), 'keep me');
  const flags = ['--security', 'tls', '--tls-out', folder];
  const system = testSystem(['serve', '--stage', 'sse', '--port', '0', ...flags]);
  assert.equal(await runCli(system), 2);
  assert.match(system.err(), /this one holds letter\.txt/);
  assert.deepEqual(await readdir(folder), ['letter.txt']);
});

import assert from 'node:assert/strict';
import { exec } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { DEFAULT_SERVER_OPTIONS } from '../contract/pushServer.ts';
import type { Run } from '../contract/result.ts';
import { createServer } from '../servers/registry.ts';
import { documentedExample } from './documentedExample.ts';
import { assertMeasured, ROOT, startRun, withFolder } from './endToEndBench.ts';
import { requireService } from './requireService.ts';
import { AUTHORITY_PEM, issue } from './testSecurity.ts';
import { withServer } from './withServer.ts';

const openssl = requireService('openssl');
const CONNECTIONS = 12;
const LOAD =
  `--connections ${CONNECTIONS} --probes 3 --warmup 0s --duration 3s --memory-levels 0 --rate 60`.split(' ');

/** The example of docs/own-server.md, changed as its section on TLS says. */
async function secured(heading: string, more = ''): Promise<string> {
  const code = await documentedExample(heading, 'js');
  const keyed = `{ cert: readFileSync('server.pem'), key: readFileSync('server-key.pem')${more} }`;
  const changed = code
    .replace("'node:http'", "'node:https'")
    .replace('createServer((', `createServer(${keyed}, (`);
  return `import { readFileSync } from 'node:fs';\n${changed}`;
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}

async function certificates(folder: string): Promise<void> {
  const [server, client] = await Promise.all([issue(), issue({ hosts: [] })]);
  await writeFiles(folder, {
    'ca.pem': AUTHORITY_PEM,
    'server.pem': server.certificate,
    'server-key.pem': server.privateKey,
    'client.pem': client.certificate,
    'client-key.pem': client.privateKey,
  });
}

/** Runs against a server of the folder; every message reaches every client once. */
async function measure(folder: string, argsOf: (port: number) => readonly string[]): Promise<Run> {
  let measured: Run | null = null;
  const command = [process.execPath, 'server.mjs'];
  await withServer({ command, cwd: folder }, async (port) => {
    const run = startRun(folder, [...argsOf(port), ...LOAD]);
    const ended = await run.ended;
    const result = await run.result();
    assertMeasured(ended, result);
    assert.doesNotMatch(JSON.stringify(result), /BEGIN|Bearer/);
    measured = result.runs[0];
  });
  assert.ok(measured !== null);
  return measured;
}

function assertDelivered({ deliveries, publish, connections, plan }: Run): void {
  assert.equal(connections.established, CONNECTIONS);
  assert.equal(publish?.sent, 180);
  assert.deepEqual(
    [deliveries?.expected, deliveries?.lost, deliveries?.duplicated, deliveries?.exact],
    [(180 * CONNECTIONS) / plan.rooms, 0, 0, true],
  );
}

const AGREED = { kind: 'tls', tlsVersion: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', unauthenticated: [] };

describe('own server over TLS', { concurrency: 3 }, () => {
  for (const [heading, scheme, path, options] of [
    ['Event streams', 'https', '/events', []],
    ['WebSockets', 'wss', '/ws', []],
    ['Polls', 'https', '/state', ['--protocol', 'poll', '--poll-interval', '200ms']],
  ] as const) {
    test(`the example for ${heading} loses nothing, and every client shows its certificate`, () =>
      withFolder(async (folder) => {
        await certificates(folder);
        const mutual = ", ca: readFileSync('ca.pem'), requestCert: true";
        await writeFiles(folder, { 'server.mjs': await secured(heading, mutual) });
        const run = await measure(folder, (port) => [
          ...['--target', `${scheme}://127.0.0.1:${port}`, '--path', path, ...options],
          ...['--publish-url', `https://127.0.0.1:${port}/publish`, '--header', 'authorization: Bearer x'],
          ...['--tls-ca', 'ca.pem', '--tls-cert', 'client.pem', '--tls-key', 'client-key.pem'],
        ]);
        assertDelivered(run);
        assert.deepEqual(run.security, AGREED);
      }));
  }

  test('a certificate made as the page says will do', openssl, () =>
    withFolder(async (folder) => {
      const command = await documentedExample('TLS', 'sh');
      await promisify(exec)(command, { cwd: folder });
      await writeFiles(folder, { 'server.mjs': await secured('Event streams') });
      const run = await measure(folder, (port) => [
        ...['--target', `https://localhost:${port}`, '--path', '/events', '--tls-ca', 'server.pem'],
        ...['--publish-url', `https://localhost:${port}/publish`],
      ]);
      assertDelivered(run);
    }),
  );
});

/** A folder with a service of somebody else's, as the page shows it. */
async function withService(use: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    await writeFiles(folder, {
      'feed.proto': await documentedExample('gRPC', 'proto'),
      'server.mjs': await documentedExample('gRPC', 'js'),
    });
    await use(folder);
  });
}

const WATCH = '--protocol grpc --proto feed.proto --method feed.v1.Feed/Watch --data-field text'.split(' ');
const PUBLISH = '--publish-method feed.v1.Feed/Publish --publish-field text'.split(' ');

describe('own server over gRPC', { concurrency: 2 }, () => {
  test("somebody else's service loses nothing, room by room", () =>
    withService(async (folder) => {
      const rooms = ['--topic-field', 'channel', '--rooms', '3', '--id-field', 'number'];
      const run = await measure(folder, (port) => [
        '--target',
        `127.0.0.1:${port}`,
        ...WATCH,
        ...PUBLISH,
        ...rooms,
      ]);
      assertDelivered(run);
      assert.deepEqual([run.plan.rooms, run.plan.publishVia, run.stage], [3, 'call', 'grpc']);
    }));

  test('a server with our own push.proto needs no file', (t) =>
    withFolder(async (folder) => {
      const server = await createServer('grpc', 'server-stream');
      t.after(() => server.stop());
      const { endpoints } = await server.start({
        ...DEFAULT_SERVER_OPTIONS,
        listen: [{ host: '127.0.0.1', port: 0 }],
      });
      const target = ['--target', `127.0.0.1:${endpoints[0].port}`, '--protocol', 'grpc', '--rooms', '3'];
      const run = startRun(folder, [...target, '--streams-per-connection', '4', ...LOAD]);
      const ended = await run.ended;
      const result = await run.result();
      assertMeasured(ended, result);
      assertDelivered(result.runs[0]);
      assert.equal(result.runs[0].plan.streamsPerConnection, 4);
    }));

  test('under TLS, with the certificate that its clients show', () =>
    withService(async (folder) => {
      await certificates(folder);
      const keyed =
        "createSsl(fs.readFileSync('ca.pem'), [{ cert_chain: fs.readFileSync('server.pem'), private_key: fs.readFileSync('server-key.pem') }], true)";
      const code = (await documentedExample('gRPC', 'js')).replace('createInsecure()', keyed);
      await writeFiles(folder, { 'server.mjs': `import fs from 'node:fs';\n${code}` });
      const files = ['--tls-ca', 'ca.pem', '--tls-cert', 'client.pem', '--tls-key', 'client-key.pem'];
      const run = await measure(folder, (port) => [
        '--target',
        `127.0.0.1:${port}`,
        ...WATCH,
        ...PUBLISH,
        ...files,
      ]);
      assertDelivered(run);
      assert.equal(run.security.kind, 'tls');
    }));
});

// Beside other suites: profilers are slow to start and to write, and nobody times them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BenchError, EXIT } from '../../contract/errors.ts';
import { readStartTicks } from '../samplers/process.ts';
import { ON_LINUX } from '../samplers/procFixture.ts';
import { type ClinicTool, startClinicServer } from './clinic.ts';
import { clinicFolder } from './clinicPackage.ts';

const SERVER = fileURLToPath(new URL('fixtures/clinicServer.ts', import.meta.url));
const INSTALLED = { skip: clinicFolder() === null ? 'clinic is not installed' : false };
const ON_LINUX_WITH_CLINIC = { skip: INSTALLED.skip || ON_LINUX.skip };
const never = new AbortController().signal;

/** A temporary folder for this test alone, clinic's own folders included. */
function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'pushbench-test-'));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  t.after(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

function portOf(line: object): number {
  assert.ok('port' in line && typeof line.port === 'number');
  return line.port;
}

/** Connects to a server; what comes back resolves when the server, and with it the connection, is gone. */
async function lifeline(port: number): Promise<{ readonly gone: Promise<void> }> {
  const socket = connect(port, '127.0.0.1');
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  // A killed server resets the connection: that is one way of being gone.
  socket.on('error', () => resolve()).on('close', () => resolve());
  await once(socket, 'connect');
  socket.resume();
  return { gone };
}

for (const tool of ['flame', 'doctor', 'bubbleprof'] satisfies ClinicTool[]) {
  test(`clinic ${tool} writes its page when the server is stopped`, INSTALLED, async (t) => {
    const folder = folderFor(t);
    const destination = join(folder, `${tool}.html`);
    const server = await startClinicServer({ tool, entry: [SERVER], destination, signal: never });
    const url = `http://127.0.0.1:${portOf(server.firstLine)}/`;
    for (let i = 0; i < 300; i++) await (await fetch(url)).text();
    assert.deepEqual(await server.stop(), { htmlPath: destination });
    assert.match(readFileSync(destination, 'utf8'), /<html/i);
    assert.equal(readStartTicks(server.pid), null);
    assert.deepEqual(readdirSync(folder), [`${tool}.html`]);
  });
}

test('an abort ends clinic and its server and leaves nothing', INSTALLED, async (t) => {
  const folder = folderFor(t);
  const controller = new AbortController();
  const options = { entry: [SERVER], destination: join(folder, 'x.html'), signal: controller.signal };
  const server = await startClinicServer({ ...options, tool: 'doctor' });
  const { gone } = await lifeline(portOf(server.firstLine));
  controller.abort();
  await gone;
  await assert.rejects(server.stop(), { name: 'AbortError' });
  assert.equal(readStartTicks(server.pid), null);
  assert.deepEqual(readdirSync(folder), []);
});

test('a server that ends before it is ready is told with what it said', INSTALLED, async (t) => {
  const folder = folderFor(t);
  const entry = [join(folder, 'no-such-script.js')];
  const starting = startClinicServer({
    tool: 'doctor',
    entry,
    destination: join(folder, 'x'),
    signal: never,
  });
  await assert.rejects(starting, (error) => {
    assert.ok(error instanceof BenchError);
    assert.match(error.message, /clinic doctor ended before the server was ready.*no-such-script/s);
    return true;
  });
  assert.deepEqual(readdirSync(folder), []);
});

test('without clinic the message says how to get it', async () => {
  const options = { entry: [SERVER], destination: 'x', signal: never };
  await assert.rejects(startClinicServer({ ...options, tool: 'flame' }, null), (error) => {
    assert.ok(error instanceof BenchError);
    assert.equal(error.exitCode, EXIT.usage);
    assert.match(error.hint, /npm i -D clinic/);
    return true;
  });
});

test('a killed coordinator leaves no process behind', ON_LINUX_WITH_CLINIC, async (t) => {
  folderFor(t);
  const module = JSON.stringify(new URL('clinic.ts', import.meta.url).href);
  const options = JSON.stringify({ tool: 'flame', entry: [SERVER], destination: 'x.html' });
  const script = `import { startClinicServer } from ${module};
    const options = { ...${options}, signal: new AbortController().signal };
    const { pid, firstLine } = await startClinicServer(options);
    process.stdout.write(JSON.stringify({ port: firstLine.port, clinic: pid }) + '\\n');`;
  const coordinator = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = JSON.parse(String((await once(coordinator.stdout, 'data'))[0]));
  const { gone } = await lifeline(portOf(line));
  coordinator.kill('SIGKILL');
  await gone;
  // Not a child of ours, so there is no event: tail watches it.
  await once(spawn('tail', [`--pid=${line.clinic}`, '-f', '/dev/null'], { stdio: 'ignore' }), 'close');
  assert.equal(readStartTicks(line.clinic), null);
});

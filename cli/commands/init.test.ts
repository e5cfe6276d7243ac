import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Settings } from '../../contract/config.ts';
import { loadConfigFile } from '../configFile.ts';
import { runCli } from '../program.ts';
import { resolve } from '../testing/resolving.ts';
import { testSystem } from '../testing/testSystem.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pushbench-init-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Calls `bench init`; somebody sits at the terminal where there are answers. */
async function init(args: readonly string[], answers?: readonly string[]) {
  const system = testSystem(['init', ...args], { cwd: folder, answers });
  const code = await runCli(system);
  return { code, out: system.out(), err: system.err() };
}

async function put(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}

/** What `bench run` makes of the file that was written. */
async function settled(): Promise<Settings> {
  const { content } = await loadConfigFile(folder, null);
  return resolve({ config: content, configFolder: folder, cwd: folder });
}

describe('bench init', () => {
  it('writes what a run and a gate take, from flags alone', async () => {
    const flags = ['--protocol', 'ws', '--start', `./srv --name 'it"s' --port {port}`, '--build', 'make'];
    const more = [
      '--path',
      '/ws?r={topic}',
      '--publish',
      '/say?r={topic}',
      '--ready',
      '/up',
      '--install',
      'none',
    ];
    const { code, out, err } = await init([...flags, ...more]);
    assert.deepEqual([code, err], [0, '']);
    const { target, scenario, thresholds } = await settled();
    assert.deepEqual(
      [target?.protocol, target?.path, target?.publishUrl, scenario.rooms, scenario.connections],
      ['ws', '/ws?r={topic}', 'ws://127.0.0.1:0/say?r={topic}'.replace('ws:', 'http:'), 10, 500],
    );
    const { start, build, install, ready } = target?.launch ?? {};
    assert.deepEqual(
      { start, build, install, ready },
      { start: `./srv --name 'it"s' --port {port}`, build: 'make', install: null, ready: '/up' },
    );
    assert.deepEqual(
      thresholds.map(({ text }) => text),
      ['deliveries.lost == 0', 'latencyUs.delivery.p99 < 250ms'],
    );
    assert.match(out, /start +\.\/srv.*--start/);
    assert.match(out, /bench run --dry-run[\s\S]*bench gate --base HEAD/);
  });

  it('takes what the files of a project tell, and says which did', async () => {
    await put({
      'package.json': JSON.stringify({
        scripts: { start: 'node server.js', build: 'tsc' },
        dependencies: { ws: '8.0.0' },
      }),
      'package-lock.json': '{}',
    });
    const { code, out } = await init([]);
    assert.equal(code, 0);
    const { target } = await settled();
    assert.deepEqual(
      [target?.protocol, target?.launch?.start, target?.launch?.install, target?.launch?.build],
      ['ws', 'node server.js', 'npm ci', 'npm run build'],
    );
    assert.match(out, /protocol +ws +dependencies in package\.json/);
    assert.match(out, /install +npm ci +package-lock\.json/);
    assert.match(out, /path +\/ws +default/);
  });

  const projects: readonly [files: Record<string, string>, expected: Record<string, string | null>][] = [
    [
      { 'go.mod': 'module x\nrequire github.com/gorilla/websocket v1.5.0\n' },
      { protocol: 'ws', build: 'go build -o bench-server .', start: './bench-server', install: null },
    ],
    [
      { 'Cargo.toml': '[package]\nname = "pushy"\n[dependencies]\ntonic = "0.12"\n' },
      { protocol: 'grpc', build: 'cargo build --release', start: './target/release/pushy', install: null },
    ],
    [
      { 'requirements.txt': 'websockets\n', 'app.py': '' },
      {
        protocol: 'ws',
        install: 'python3 -m venv .venv && .venv/bin/pip install -r requirements.txt',
        start: '.venv/bin/python app.py',
        build: null,
      },
    ],
    [{ 'server.py': '' }, { protocol: 'sse', start: 'python3 server.py', install: null, build: null }],
    [{ 'server.mjs': '' }, { start: 'node server.mjs', install: null }],
    [
      { 'package.json': '{"scripts":{"start":""}}', 'index.mjs': '' },
      { protocol: 'sse', start: 'node index.mjs', install: null },
    ],
    [{ 'package.json': '{"scripts":{"start":"tsx x.ts"}}' }, { start: 'npm start' }],
  ];
  for (const [files, expected] of projects) {
    it(`knows what makes and starts ${Object.keys(files).join(' and ')}`, async () => {
      await put(files);
      assert.equal((await init(['--yes'])).code, 0);
      const { target } = await settled();
      const found: Record<string, unknown> = { ...target?.launch, protocol: target?.protocol };
      assert.deepEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, found[key]])), expected);
    });
  }

  it('asks at a terminal, Enter taking what is proposed, until an answer is one', async () => {
    await put({ 'server.py': '' });
    const { code, err } = await init([], ['websocket', 'poll', '', 'none', '', 'nowhere', '', '', '/up']);
    assert.equal(code, 0);
    assert.match(err, /"websocket": one of sse/);
    assert.match(err, /\[python3 server\.py\]/);
    assert.match(err, /"nowhere": a path from \//);
    const { target } = await settled();
    assert.deepEqual(
      [target?.protocol, target?.path, target?.launch?.start, target?.launch?.ready],
      ['poll', '/state', 'python3 server.py', '/up'],
    );
  });

  it('takes the address of a server that runs, of which no gate on memory or CPU is made', async () => {
    assert.equal((await init(['--url', 'http://127.0.0.1:9000'])).code, 0);
    const { target } = await settled();
    assert.deepEqual([target?.url, target?.launch], ['http://127.0.0.1:9000', null]);
    assert.doesNotMatch(await readFile(join(folder, 'bench.config.ts'), 'utf8'), /cpu\.server|rssPer/);
  });

  for (const [path, publish] of [
    ['/live?as={slot}&room={topic}', '/publish?room={topic}'],
    ['/live/{topic}', '/publish?topic={topic}'],
    ['/live', '/publish'],
  ]) {
    it(`proposes to publish to ${publish} where clients subscribe at ${path}`, async () => {
      assert.equal((await init(['--start', './srv', '--path', path])).code, 0);
      assert.equal((await settled()).target?.publishUrl, `http://127.0.0.1:0${publish}`);
    });
  }

  it('makes no threshold on deliveries where nothing is published', async () => {
    assert.equal((await init(['--start', './srv', '--publish', 'none'])).code, 0);
    assert.deepEqual(
      (await settled()).thresholds.map(({ path }) => path),
      ['connections.failed'],
    );
  });

  it('names a driver of the folder', async () => {
    await put({ 'driver.ts': 'export default {};' });
    assert.equal((await init(['--protocol', 'custom', '--start', './srv'])).code, 0);
    assert.equal((await settled()).target?.driver, join(folder, 'driver.ts'));
  });

  for (const [type, name] of [
    ['"type": "module"', 'bench.config.ts'],
    ['"type": "commonjs"', 'bench.config.mts'],
    ['"name": "x"', 'bench.config.mts'],
  ]) {
    it(`writes ${name} beside a package.json with ${type}`, async () => {
      await put({ 'package.json': `{ ${type} }` });
      assert.equal((await init(['--start', './srv'])).code, 0);
      assert.deepEqual((await readdir(folder)).sort(), [name, 'package.json']);
      assert.equal((await settled()).target?.launch?.start, './srv');
    });
  }

  it('imports defineConfig only where it is found', async () => {
    await init(['--start', './srv']);
    assert.doesNotMatch(await readFile(join(folder, 'bench.config.ts'), 'utf8'), /^import/m);
    await mkdir(join(folder, 'node_modules'));
    await symlink(ROOT, join(folder, 'node_modules', 'pushbench'));
    await init(['--start', './srv', '--force']);
    assert.match(
      await readFile(join(folder, 'bench.config.ts'), 'utf8'),
      /^import \{ defineConfig \} from 'pushbench';/,
    );
  });

  it('writes over a file only where it is told to, and under the name that is there', async () => {
    await put({ 'bench.config.mjs': 'export default {};' });
    const { code, err } = await init(['--start', './srv']);
    assert.equal(code, 2);
    assert.match(err, /bench\.config\.mjs.*--force/);
    assert.equal(await readFile(join(folder, 'bench.config.mjs'), 'utf8'), 'export default {};');
    assert.equal((await init(['--start', './srv', '--force'])).code, 0);
    assert.deepEqual(await readdir(folder), ['bench.config.mjs']);
    assert.equal((await settled()).target?.launch?.start, './srv');
  });

  for (const [what, args, pattern] of [
    ['what has to be given', [], /--start or --url: has to be given/],
    ['a protocol that is none', ['--start', 'x', '--protocol', 'tcp'], /--protocol "tcp": one of sse/],
    ['a start and an address', ['--start', 'x', '--url', 'http://127.0.0.1:1'], /--url .*not together/],
    ['an address that is none', ['--url', 'server.js'], /--url "server\.js": an address/],
    ['an address elsewhere', ['--url', 'http://example.com'], /--url .*loopback/],
    [
      'a build of what runs',
      ['--url', 'http://127.0.0.1:1', '--build', 'make'],
      /--build "make": not together/,
    ],
    ['a path of gRPC', ['--start', 'x', '--protocol', 'grpc', '--path', '/x'], /--path .*grpc/],
    ['a driver of a known protocol', ['--start', 'x', '--driver', 'x.ts'], /--driver .*custom/],
    [
      'a driver that is not there',
      ['--start', 'x', '--protocol', 'custom', '--driver', 'x.ts'],
      /--driver .*no such/,
    ],
    [
      'paths that are none',
      ['--start', 'x', '--path', 'x', '--publish', 'y'],
      /--path "x"[\s\S]*--publish "y"/,
    ],
    ['unknown flags', ['--strat', 'x'], /--strat/],
  ] as const) {
    it(`refuses ${what}, and writes nothing`, async () => {
      const { code, err } = await init(args);
      assert.equal(code, 2);
      assert.match(err, pattern);
      assert.deepEqual(await readdir(folder), []);
    });
  }
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { LaunchSettings, TargetSettings } from '../../contract/config.ts';
import { BenchError } from '../../contract/errors.ts';
import { whenGone, withFolder, withListening } from '../../test/endToEndBench.ts';
import { launchOf, NODE, processesNaming } from '../../test/launchedServer.ts';
import { PLAIN_TARGET } from '../../test/plainTarget.ts';
import { requireService } from '../../test/requireService.ts';
import { CLIENT, issue } from '../../test/testSecurity.ts';
import { Interrupted } from '../session/interrupted.ts';
import { TargetGone } from '../session/processes.ts';
import { prepareTarget } from './prepareTarget.ts';
import { startTarget } from './startTarget.ts';

/** Answers every path with 200 but `/busy`, and ends when it is told to. */
const SERVER = `
import { createServer } from 'node:http';
console.log('key', process.env.KEY);
createServer(({ url }, response) => {
  if (url === '/end') process.exit(7);
  response.writeHead(url === '/busy' ? 503 : 200).end(process.env.FOLDER);
}).listen(process.argv[2] ?? process.env.PORT, '127.0.0.1');
`;

const RUNNING = new AbortController().signal;

/** A folder with a server in it. */
function withServerFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    await writeFile(join(folder, 'server.mjs'), SERVER);
    return use(folder);
  });
}

function targetOf(launch: LaunchSettings, given: Partial<TargetSettings> = {}): TargetSettings {
  return { ...PLAIN_TARGET, url: 'http://127.0.0.1:0', launch, ...given };
}

const ioOf = (folder: string, signal = RUNNING) => ({
  progress: () => {},
  signal,
  directory: join(folder, 'out'),
});

/** What it says of a server that does not start; of its processes none is left. */
async function faultOf(start: string, given: Partial<LaunchSettings> = {}): Promise<BenchError> {
  return withServerFolder(async (folder) => {
    const launch = launchOf(start.replaceAll('SERVER', join(folder, 'server.mjs')), folder, given);
    const fault = await startTarget(targetOf(launch), ioOf(folder)).then(
      () => assert.fail('it started'),
      (error) => error,
    );
    assert.ok(fault instanceof BenchError, String(fault.stack));
    assert.deepEqual(processesNaming(folder), []);
    return fault;
  });
}

/** Of what never happens. */
const SOON = { readyMs: 600 };
/** For Node to be up before it, on a busy machine too. */
const LATER = { readyMs: 4_000 };

const FAULTS: readonly (readonly [
  what: string,
  start: string,
  given: Partial<LaunchSettings>,
  says: RegExp,
  hint: RegExp,
])[] = [
  [
    'ends at once',
    `echo 'no luck'; exit 3`,
    {},
    /^echo 'no luck'; exit 3: it ended before it served: exit code 3\nIts last lines:\nno luck$/,
    /SIGTERM.*server\.log/,
  ],
  [
    'goes into the background',
    `${NODE} SERVER & `,
    {},
    /it ended before the run \(exit code 0\), and left processes behind/,
    /foreground.*no &/,
  ],
  [
    'never listens',
    `${NODE} -e 'setInterval(() => {}, 1000)' SERVER`,
    SOON,
    /nothing accepted connections at 127\.0\.0\.1:\d+ within 0\.6 s\nIt said nothing\.$/,
    /^It has to listen at 127\.0\.0\.1 and at \{port\}.*readyTimeout/,
  ],
  [
    'listens at a port of its own',
    `${NODE} SERVER 0`,
    LATER,
    /nothing accepted connections at/,
    /^It listens at \d+\. It has to listen at .* \{port\}/,
  ],
  [
    'is never ready',
    `${NODE} SERVER`,
    { ...LATER, ready: '/busy' },
    /it accepts connections, but \/busy did not answer 2xx within 4 s; the last answer: HTTP 503/,
    /config\.target\.ready/,
  ],
];

describe('start of a target', { concurrency: 4 }, () => {
  for (const [what, start, given, says, hint] of FAULTS) {
    test(`names a server that ${what}`, async () => {
      const fault = await faultOf(start, given);
      assert.match(fault.message, says);
      assert.match(fault.hint, hint);
      assert.equal(fault.exitCode, 6);
    });
  }

  test('names a server that asks for a port of its own which is taken', () =>
    withListening(createServer(), async (port) => {
      const fault = await faultOf(`${NODE} SERVER ${port}`);
      assert.match(fault.message, /it ended before it served: exit code 1\n.*EADDRINUSE/s);
      assert.match(fault.hint, /^The port that it asked for is taken: it has to listen at \{port\}/);
    }));

  test('names a port that something else took after it was found free', () =>
    withServerFolder(async (folder) => {
      const start =
        'echo {port} > draft; mv draft port; until [ -e taken ]; do sleep 0.01; done; echo mine; exit 1';
      const launch = launchOf(start, folder, { ready: '/up' });
      const starting = startTarget(targetOf(launch), ioOf(folder));
      const rejected = assert.rejects(starting, /something else has taken port \d+ meanwhile\n.*\nmine$/);
      while (!existsSync(join(folder, 'port'))) await delay(5);
      const port = Number(await readFile(join(folder, 'port'), 'utf8'));
      const silent = createServer().listen(port, '127.0.0.1');
      await once(silent, 'listening');
      await writeFile(join(folder, 'taken'), '');
      await rejected;
      silent.closeAllConnections();
      silent.close();
    }));

  test('what a server says when it fails is shown without the values of its environment', async () => {
    const env = { KEY: 'hunter2-hunter2' };
    const { message } = await faultOf(`echo "got $KEY"; exit 1`, { env });
    assert.match(message, /got \[KEY\]/);
    assert.doesNotMatch(message, /hunter2/);
  });

  test('a folder that is not there is told as the fault of the config', async () => {
    const fault = await faultOf('true', { cwd: 'nowhere' });
    assert.match(fault.message, /config\.target\.cwd "nowhere": there is no folder .*nowhere$/);
    assert.equal(fault.exitCode, 2);
  });

  test('every start has another port, in address and publish URL, with placeholders left in place', () =>
    withServerFolder(async (folder) => {
      await mkdir(join(folder, 'sub'));
      const env = { FOLDER: '{root}' };
      const launch = launchOf(`${NODE} ../server.mjs {port}`, folder, { cwd: 'sub', ready: '/up', env });
      const publishUrl = 'http://127.0.0.1:0/publish?topic={topic}';
      const ports = new Set<string>();
      for (let i = 0; i < 2; i++) {
        const started = await startTarget(targetOf(launch, { publishUrl }), ioOf(folder));
        try {
          const { url } = started.target;
          const { port } = new URL(url);
          ports.add(port);
          assert.equal(started.target.publishUrl, `http://127.0.0.1:${port}/publish?topic={topic}`);
          assert.equal(await (await fetch(url)).text(), folder);
          assert.equal(started.pids().length, 1);
        } finally {
          await started.stop();
        }
        assert.deepEqual(started.pids(), []);
      }
      assert.equal(ports.size, 2);
    }));

  test('the end of a server that served is told with its last words', () =>
    withServerFolder(async (folder) => {
      const launch = launchOf(`${NODE} server.mjs`, folder, {
        ready: '/up',
        env: { KEY: 'hunter2-hunter2' },
      });
      const started = await startTarget(targetOf(launch), ioOf(folder));
      await assert.rejects(fetch(`${started.target.url}/end`));
      await assert.rejects(started.ended, (error) => {
        assert.ok(error instanceof TargetGone);
        assert.equal(error.message, 'the server ended during the run: exit code 7 (server.log)\nkey [KEY]');
        return true;
      });
      await started.stop();
    }));

  test('a server over TLS is asked over TLS', async () => {
    const { certificate, privateKey } = await issue();
    await withServerFolder(async (folder) => {
      await writeFile(join(folder, 'cert.pem'), certificate);
      await writeFile(join(folder, 'key.pem'), privateKey);
      const code = `
        const { readFileSync } = require('node:fs');
        const [cert, key] = ['cert.pem', 'key.pem'].map((name) => readFileSync(name));
        require('node:https').createServer({ cert, key }, (_, response) => response.end('up')).listen(process.env.PORT, '127.0.0.1');`;
      await writeFile(join(folder, 'secure.cjs'), code);
      const launch = launchOf(`${NODE} secure.cjs`, folder, { ready: '/up' });
      const target = targetOf(launch, { url: 'https://127.0.0.1:0', security: CLIENT });
      const started = await startTarget(target, ioOf(folder));
      assert.match(started.target.url, /^https:\/\/127\.0\.0\.1:[1-9]\d*$/);
      await started.stop();
    });
  });

  test('a server in Python, below shells of its own', requireService('python3'), () =>
    withServerFolder(async (folder) => {
      const launch = launchOf(
        `sh -c 'python3 -m http.server {port} --bind 127.0.0.1 & wait' & wait`,
        folder,
        {
          ready: '/server.mjs',
        },
      );
      const started = await startTarget(targetOf(launch), ioOf(folder));
      const pids = started.pids();
      assert.equal(pids.length, 3, 'two shells and the server');
      await started.stop();
      await whenGone(pids);
    }),
  );

  test('a server that is not below the command, as in a container, is not sampled, and a note says so', () =>
    withServerFolder(async (folder) => {
      const start = 'echo {port} > draft; mv draft port; sleep 1000';
      const notes: string[] = [];
      const io = { ...ioOf(folder), progress: (event: object) => void notes.push(JSON.stringify(event)) };
      const starting = startTarget(targetOf(launchOf(start, folder)), io);
      while (!existsSync(join(folder, 'port'))) await delay(5);
      const elsewhere = createServer().listen(
        Number(await readFile(join(folder, 'port'), 'utf8')),
        '127.0.0.1',
      );
      const started = await starting;
      assert.deepEqual(started.pids(), []);
      assert.match(notes.join(), /not started below the command.*memory and CPU are not measured/);
      await started.stop();
      elsewhere.close();
    }));

  test('a server that does not end when it is told to is killed, and a note says so', () =>
    withServerFolder(async (folder) => {
      await writeFile(join(folder, 'deaf.mjs'), `${SERVER}\nprocess.on('SIGTERM', () => {});`);
      const notes: string[] = [];
      const io = { ...ioOf(folder), progress: (event: object) => void notes.push(JSON.stringify(event)) };
      const launch = launchOf(`${NODE} deaf.mjs`, folder, { ready: '/up' });
      const started = await startTarget(targetOf(launch), io);
      const pids = started.pids();
      assert.equal(pids.length, 1);
      await started.stop();
      assert.match(notes.join(), /did not end within 3 s of SIGTERM, and was killed/);
      await whenGone(pids);
    }));

  test('an interrupt while it starts leaves no process', () =>
    withServerFolder(async (folder) => {
      const user = new AbortController();
      const launch = launchOf(`${NODE} ${join(folder, 'server.mjs')}`, folder, { ready: '/busy' });
      const rejected = assert.rejects(startTarget(targetOf(launch), ioOf(folder, user.signal)), Interrupted);
      while (processesNaming(folder).length === 0) await delay(5);
      user.abort();
      await rejected;
      assert.deepEqual(processesNaming(folder), []);
    }));
});

describe('preparing a target', { concurrency: 4 }, () => {
  test('installs and builds in its folder, and says so', () =>
    withServerFolder(async (folder) => {
      const notes: string[] = [];
      const io = {
        ...ioOf(folder),
        prefix: 'base-',
        progress: (event: object) => void ('text' in event && notes.push(String(event.text))),
      };
      const install = 'echo one > installed';
      const build = 'KEY=abc cat installed {root}/installed';
      await prepareTarget(launchOf('true', folder, { install, build }), io);
      assert.deepEqual(notes, [`Installing: ${install}`, 'Building: KEY=… cat installed {root}/installed']);
      assert.equal(await readFile(join(folder, 'out', 'base-build.log'), 'utf8'), 'one\none\n');
    }));

  test('a build that fails is told with its last lines, and its processes are ended', () =>
    withServerFolder(async (folder) => {
      const build = `sleep 1000 & echo 'no such rule'; sh -c 'exit 9'; exit 2 # ${folder}`;
      await assert.rejects(prepareTarget(launchOf('true', folder, { build }), ioOf(folder)), (error) => {
        assert.ok(error instanceof BenchError);
        assert.match(error.message, /^build failed: .*: exit code 2\nno such rule$/);
        assert.match(error.hint, /out\/build\.log/);
        assert.equal(error.exitCode, 6);
        return true;
      });
      assert.deepEqual(processesNaming(folder), []);
    }));

  test('an interrupt ends a build', () =>
    withServerFolder(async (folder) => {
      const user = new AbortController();
      const launch = launchOf('true', folder, { build: `sleep 1000; true ${folder}` });
      const rejected = assert.rejects(prepareTarget(launch, ioOf(folder, user.signal)), Interrupted);
      while (processesNaming(folder).length === 0) await delay(5);
      user.abort();
      await rejected;
      assert.deepEqual(processesNaming(folder), []);
    }));
});

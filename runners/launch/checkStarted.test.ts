import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { BenchError } from '../../contract/errors.ts';
import { withFolder } from '../../test/endToEndBench.ts';
import { launchOf, NODE } from '../../test/launchedServer.ts';
import { PLAIN_TARGET } from '../../test/plainTarget.ts';
import { checkStarted } from './checkStarted.ts';
import { startTarget } from './startTarget.ts';

const { signal } = new AbortController();

/** What is said of a server that does this with its first client; it serves everyone else. */
function faultOf(does: string): Promise<BenchError> {
  return withFolder(async (folder) => {
    const code = `require('node:http').createServer(({ url }, response) => {
      if (url === '/events') { ${does} } else response.end();
    }).listen(process.env.PORT, '127.0.0.1');`;
    await writeFile(join(folder, 'server.cjs'), code);
    const launch = launchOf(`${NODE} server.cjs`, folder, { ready: '/' });
    const io = { progress: () => {}, signal, directory: folder };
    const started = await startTarget({ ...PLAIN_TARGET, url: 'http://127.0.0.1:0', launch }, io);
    const fault = await checkStarted(started, 1, signal).catch((error) => error);
    await started.stop();
    assert.ok(fault instanceof BenchError);
    assert.equal(fault.exitCode, 6);
    const [, log] = /All that it said is in (.*)\.$/.exec(fault.hint) ?? [];
    assert.match(await readFile(log, 'utf8'), /said|^$/);
    return fault;
  });
}

test('a server that ends when its first client comes is told with its last words', async () => {
  const { message, hint } = await faultOf("console.log('said no'); process.exit(9);");
  assert.equal(message, 'the server ended during the run: exit code 9 (server.log)\nsaid no');
  assert.match(hint, /^It ended when its first client came, before any load\./);
});

test('what a server answers in place of a stream is told, and that it is stopped by now', async () => {
  const { message, hint } = await faultOf('response.writeHead(404).end();');
  assert.match(message, /does not answer as an event stream: HTTP 404/);
  assert.match(hint, /^The path goes into --path\..* It is stopped by now\./);
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PUBLISH_PATH } from '../../contract/ingest.ts';
import { DEFAULT_SERVER_OPTIONS } from '../../contract/pushServer.ts';
import { firstJsonLine } from '../profilers/firstJsonLine.ts';

const SCRIPT = fileURLToPath(new URL('./clinicNode.ts', import.meta.url));

test('a node whose streams have a port of their own says where it takes posts', async (t) => {
  const options = JSON.stringify({ ...DEFAULT_SERVER_OPTIONS, listen: [{ host: '127.0.0.1', port: 0 }] });
  const child = spawn(process.execPath, [SCRIPT, 'grpc', 'server-stream', options], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = once(child, 'close');
  t.after(() => {
    child.stdin.end();
    return ended;
  });
  const line: { ingest?: { host: string; port: number } } | null = await firstJsonLine(child.stdout);
  assert.ok(line?.ingest, JSON.stringify(line));
  const { host, port } = line.ingest;
  const answer = await fetch(`http://${host}:${port}${PUBLISH_PATH}`, { method: 'POST', body: 'x' });
  assert.equal(answer.status, 202);
});

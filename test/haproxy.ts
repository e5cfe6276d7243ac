import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Endpoint } from '../contract/pushServer.ts';
import { exchange } from './serverConformanceClient.ts';

export interface Backend extends Endpoint {
  readonly nodeId: string;
}

/**
 * Affinity as docs/stages.md shows it: the cookie that the node set, or its header where a client has no cookies;
 * whoever asks for a node that is down is sent to another.
 */
export function haproxyConfig(port: number, backends: readonly Backend[]): string {
  return `
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout tunnel 1h

frontend websockets
  bind 127.0.0.1:${port}
  default_backend nodes

backend nodes
  balance roundrobin
  option httpchk GET /healthz
  option redispatch 1
  retry-on conn-failure empty-response
  cookie ws-node
${backends.map(({ nodeId }) => `  use-server ${nodeId} if { req.hdr(x-ws-node) -m str ${nodeId} }`).join('\n')}
${backends.map(({ nodeId, host, port: at }) => `  server ${nodeId} ${host}:${at} cookie ${nodeId} check inter 200ms fall 1 rise 1`).join('\n')}
`;
}

/** A HAProxy in front of nodes, ended with the test. */
export async function startHaproxy(
  t: TestContext,
  program: string,
  backends: readonly Backend[],
): Promise<Endpoint> {
  const folder = await mkdtemp(join(tmpdir(), 'pushbench-haproxy-'));
  const endpoint = { host: '127.0.0.1', port: await freePort() };
  const file = join(folder, 'haproxy.cfg');
  await writeFile(file, haproxyConfig(endpoint.port, backends));
  const child = spawn(program, ['-f', file, '-db'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  t.after(async () => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  });
  while (!(await answers(endpoint))) {
    if (child.exitCode !== null) throw new Error(`haproxy ended\n${output}`);
  }
  return endpoint;
}

async function answers(endpoint: Endpoint): Promise<boolean> {
  try {
    return (await exchange(endpoint, '/healthz')).status === 200;
  } catch {
    // Not listening yet.
    return false;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { BATCH_CONTENT_TYPE, PUBLISH_PATH, TOPIC_HEADER } from '../contract/ingest.ts';
import {
  DEFAULT_SERVER_OPTIONS,
  type Endpoint,
  type PushServer,
  type ServerOptions,
} from '../contract/pushServer.ts';
import { createServer } from '../servers/registry.ts';
import { busFor } from './busFor.ts';
import type { Received, ServerFixture } from './serverFixture.ts';

/** A variant under test. */
export interface Subject {
  readonly stage: string;
  readonly variant: string;
  readonly fixture: ServerFixture;
  /** When a stream whose client went away is freed. */
  readonly frees: 'at-disconnect' | 'at-failed-write';
}

export interface Running {
  readonly server: PushServer;
  readonly endpoints: readonly Endpoint[];
  readonly endpoint: Endpoint;
  readonly metrics: Endpoint | null;
}

export const ANY_PORT: Endpoint = { host: '127.0.0.1', port: 0 };

/** Where HTTP/1.1 is spoken, by the address of subscribers, for nodes where that is another one. */
const INGEST = new WeakMap<Endpoint, Endpoint>();

/** Where the node that has subscribers here speaks HTTP/1.1. */
export function httpOf(endpoint: Endpoint): Endpoint {
  return INGEST.get(endpoint) ?? endpoint;
}

/** Starts a node that is stopped when the test ends. Nothing beats unless the test says so. */
export async function start(
  t: TestContext,
  { stage, variant }: Subject,
  options: Partial<ServerOptions> = {},
): Promise<Running> {
  const server = await createServer(stage, variant);
  t.after(() => server.stop());
  const started = await server.start({
    ...DEFAULT_SERVER_OPTIONS,
    busUrl: await busFor(t, server.capabilities.bus),
    listen: [ANY_PORT],
    heartbeat: 'none',
    encoding: 'text',
    ...options,
  });
  const { endpoints, ingest } = started;
  if (ingest !== null) for (const endpoint of endpoints) INGEST.set(endpoint, ingest);
  return { server, ...started, endpoint: started.endpoints[0] };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One whole exchange on a connection of its own. */
export async function exchange(
  endpoint: Endpoint,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: Buffer | string } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = options;
  const sent = request({ ...httpOf(endpoint), path, method, headers, agent: false });
  sent.end(body);
  const [response]: IncomingMessage[] = await once(sent, 'response');
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode ?? 0, headers: response.headers, body: text };
}

/** @returns the id that the message got. */
export async function publish(endpoint: Endpoint, topic: string, body: Buffer | string): Promise<number> {
  const headers = { [TOPIC_HEADER]: topic };
  const answer = await exchange(endpoint, PUBLISH_PATH, { method: 'POST', headers, body });
  if (answer.status !== 202) throw new Error(`publish was answered ${answer.status}: ${answer.body}`);
  return JSON.parse(answer.body).lastId;
}

export function publishBatch(
  endpoint: Endpoint,
  records: readonly (readonly [topic: string, data: string])[],
): Promise<Answer> {
  const body = records.map(([topic, data]) => `${topic} ${Buffer.byteLength(data)}\n${data}\n`).join('');
  const headers = { 'content-type': BATCH_CONTENT_TYPE };
  return exchange(endpoint, PUBLISH_PATH, { method: 'POST', headers, body });
}

/** A connection on which a test writes what no client library would. */
export async function connectRaw(t: TestContext, endpoint: Endpoint): Promise<Socket> {
  const socket = connect(endpoint);
  // A server that turns a connection away may reset it.
  socket.on('error', () => {});
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Everything the server sends on a connection until it ends it. */
export async function readToEnd(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
  });
  await once(socket, 'close');
  return text;
}

/** Waits, over turns of the event loop, until a condition holds; the runner's time-out bounds it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

/** The body of a message, as text. */
export function textOf(received: Received): string {
  if (received.kind === 'gap') throw new Error(`a gap to ${received.to} where a message was due`);
  return received.body.toString();
}

/** The ids of messages. */
export function idsOf(received: readonly Received[]): number[] {
  return received.map((each) => {
    if (each.kind === 'gap') throw new Error(`a gap to ${each.to} where a message was due`);
    return each.id;
  });
}

/** Whole numbers from `first` to `last`. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

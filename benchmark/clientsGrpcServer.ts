import { createServer, type ServerHttp2Stream } from 'node:http2';
import { bytesField, framed, numberField } from '../runners/drivers/grpc/wire.ts';
import { type BenchmarkMessage, isBenchmarkMessage } from './clientsMessages.ts';
import { ADDRESSES, listening, messageData } from './clientsServing.ts';

/** Process that streams to the gRPC clients under comparison: bare node:http2, one prepared message to all. */
const HEAD = { ':status': 200, 'content-type': 'application/grpc' };

const streams = new Set<ServerHttp2Stream>();
let sent = 0;

function send(message: BenchmarkMessage): void {
  process.send?.(message);
}

function accept(stream: ServerHttp2Stream): void {
  stream.respond(HEAD, { waitForTrailers: true });
  streams.add(stream);
  stream.on('close', () => streams.delete(stream));
  // A client that goes away ends its streams; 'close' says so.
  stream.on('error', () => {});
}

function nextMessage(): void {
  sent++;
  const event = [
    numberField(1, BigInt(sent)),
    bytesField(2, Buffer.from('t0')),
    bytesField(3, messageData(sent)),
  ];
  const message = framed(Buffer.concat(event));
  for (const stream of streams) stream.write(message);
}

function serve(): ReturnType<typeof createServer> {
  const server = createServer();
  server.on('stream', accept);
  server.on('session', (session) => session.on('error', () => {}));
  return server;
}

process.on('message', (message) => {
  if (isBenchmarkMessage(message) && message.type === 'next') nextMessage();
});
process.once('disconnect', () => process.exit());
const servers = ADDRESSES.map((host) => listening(serve(), host));
send({ type: 'listening', endpoints: await Promise.all(servers) });

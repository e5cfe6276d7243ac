import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { emptyEnvelope, writeEnvelope } from '../contract/envelope.ts';
import { type BenchmarkMessage, isBenchmarkMessage } from './clientsMessages.ts';

/**
 * Process that streams to the clients under comparison: bare sockets, one prepared chunk to all, so that what is measured
 * is the client. Listens on several loopback addresses, since the kernel takes long to find a port for many connections to one.
 */
const HEAD =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n';
const ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'];
const PAYLOAD_BYTES = 256;

const sockets = new Set<Socket>();
let sent = 0;

function send(message: BenchmarkMessage): void {
  process.send?.(message);
}

function accept(socket: Socket): void {
  sockets.add(socket);
  socket.once('data', () => socket.write(HEAD, 'latin1'));
  socket.on('close', () => sockets.delete(socket));
  // A client that goes away ends its socket; 'close' says so.
  socket.on('error', () => {});
}

function nextEvent(): void {
  const data = Buffer.alloc(PAYLOAD_BYTES, 'x');
  writeEnvelope(data, 0, { ...emptyEnvelope(), seq: sent });
  const event = `id: ${sent}\ndata: ${data.toString('latin1')}\n\n`;
  const chunk = Buffer.from(`${event.length.toString(16)}\r\n${event}\r\n`, 'latin1');
  sent++;
  for (const socket of sockets) socket.write(chunk);
}

async function listen(host: string): Promise<AddressInfo> {
  const server = createServer({ noDelay: true }, accept);
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`no TCP address on ${host}`);
  return address;
}

process.on('message', (message) => {
  if (isBenchmarkMessage(message) && message.type === 'next') nextEvent();
});
process.once('disconnect', () => process.exit());
const addresses = await Promise.all(ADDRESSES.map(listen));
send({ type: 'listening', endpoints: addresses.map(({ address, port }) => ({ host: address, port })) });

import { createHash } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { textFrame } from './clientsFrameParser.ts';
import { type BenchmarkMessage, isBenchmarkMessage } from './clientsMessages.ts';
import { ADDRESSES, listening, messageData } from './clientsServing.ts';

/**
 * Process that streams to the clients under comparison: bare sockets, one prepared chunk or frame to all, so that what is measured
 * is the client.
 */
const HEAD =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n';
/** RFC 6455, section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const streams = new Set<Socket>();
const webSockets = new Set<Socket>();
let sent = 0;

function send(message: BenchmarkMessage): void {
  process.send?.(message);
}

function accept(socket: Socket): void {
  socket.once('data', (request: Buffer) => {
    const key = /\r\nsec-websocket-key: (.*)\r\n/i.exec(request.toString('latin1'))?.[1];
    const subscribers = key === undefined ? streams : webSockets;
    socket.write(key === undefined ? HEAD : acceptHead(key), 'latin1');
    subscribers.add(socket);
    socket.on('close', () => subscribers.delete(socket));
  });
  // A client that goes away ends its socket; 'close' says so.
  socket.on('error', () => {});
}

function acceptHead(key: string): string {
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  const head = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n';
  return `${head}Sec-WebSocket-Accept: ${accept}\r\n\r\n`;
}

function nextMessage(): void {
  const data = messageData(sent);
  const event = `id: ${sent}\ndata: ${data.toString('latin1')}\n\n`;
  const chunk = Buffer.from(`${event.length.toString(16)}\r\n${event}\r\n`, 'latin1');
  const frame = textFrame(Buffer.concat([Buffer.from(`${sent}\n`), data]));
  sent++;
  for (const socket of streams) socket.write(chunk);
  for (const socket of webSockets) socket.write(frame);
}

process.on('message', (message) => {
  if (isBenchmarkMessage(message) && message.type === 'next') nextMessage();
});
process.once('disconnect', () => process.exit());
const servers = ADDRESSES.map((host) => listening(createServer({ noDelay: true }, accept), host));
send({ type: 'listening', endpoints: await Promise.all(servers) });

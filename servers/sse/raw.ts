/*
 * One step from `shared`: the request head is read before HTTP sees the connection, and an event stream lives on
 * the bare socket, with no parser, request or response beside it; its body ends when the connection does.
 * Whatever is no plain request for an event stream goes on to HTTP, which then holds its limits as ever.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { Identity } from '../../contract/security.ts';
import { httpDate } from '../http/httpDate.ts';
import { refuse } from '../http/limits.ts';
import { SilentSockets } from '../node/silentSockets.ts';
import type { Gate } from '../security/gate.ts';
import { peerOf } from '../security/peerOf.ts';
import { unauthorized } from '../security/unauthorized.ts';
import { type EventStreams, FULL, STREAM_HEADERS } from './eventStreams.ts';
import { parseRawHead, type RawStreamRequest } from './rawHead.ts';
import { createVariant as createShared } from './shared.ts';
import type { Variant, VariantContext } from './variant.ts';

export function createVariant(context: VariantContext): Variant {
  const { options, streams } = context;
  const shared = createShared(context);
  const silent = new SilentSockets(options.limits.headerTimeoutMs, (socket) => {
    streams.counts.refused++;
    refuse(socket, '408 Request Timeout');
  });
  return {
    ...shared,
    intercept(server, eventStreams) {
      intercept(server, eventStreams, silent, context);
    },
    start() {
      shared.start?.();
      silent.start();
    },
    stop() {
      shared.stop?.();
      silent.stop();
    },
  };
}

/** Puts itself before the listeners of HTTP, which get the connections that are not ours. */
function intercept(
  server: Server,
  eventStreams: EventStreams,
  silent: SilentSockets,
  { options, streams }: VariantContext,
): void {
  // Under TLS HTTP takes a connection once its handshake is through.
  const event = server instanceof TlsServer ? 'secureConnection' : 'connection';
  const httpListeners = server.listeners(event);
  server.removeAllListeners(event);

  // One function each for all connections, with the socket as `this`: closures for every one would cost memory.
  function onFirstBytes(this: Socket, bytes: Buffer): void {
    silent.delete(this);
    this.removeListener('data', onFirstBytes);
    this.removeListener('close', onEarlyClose);
    const request = parseRawHead(bytes, options.limits.maxHeaderBytes);
    if (request === null || eventStreams.isFull()) handOver(this, bytes);
    else if (eventStreams.gate === null) openStream(this, request, eventStreams, null);
    else {
      // Still nobody's: a gate that answers too late, or a stop, ends it.
      silent.add(this);
      admit(eventStreams.gate, this, request, eventStreams).then(() => silent.delete(this));
    }
  }

  function handOver(socket: Socket, bytes: Buffer): void {
    socket.removeListener('error', onError);
    socket.removeListener('end', onEnd);
    // Paused, so that the bytes wait in the socket until the parser listens.
    socket.pause();
    socket.unshift(bytes);
    for (const listener of httpListeners) Reflect.apply(listener, server, [socket]);
    socket.resume();
  }

  function onError(): void {
    streams.counts.errors++;
  }

  function onEarlyClose(this: Socket): void {
    silent.delete(this);
  }

  server.on(event, (socket: Socket) => {
    silent.add(socket);
    socket.on('error', onError);
    socket.on('end', onEnd);
    socket.on('close', onEarlyClose);
    socket.on('data', onFirstBytes);
  });
}

/** A client that ends its half is gone, as in node:http. */
function onEnd(this: Socket): void {
  this.destroy();
}

async function admit(
  gate: Gate,
  socket: Socket,
  request: RawStreamRequest,
  eventStreams: EventStreams,
): Promise<void> {
  const admission = await gate.admit(peerOf(socket), request.credentials);
  // The client may have gone meanwhile, or may have been told that this took too long.
  if (!socket.writable) return;
  if (admission.state === 'refused') {
    const { statusLine, text, headers } = unauthorized(admission);
    refuse(socket, statusLine, text, [...headers, ...eventStreams.cors.headers(request.origin)]);
  } else if (eventStreams.isFull()) {
    refuse(socket, '503 Service Unavailable', FULL, eventStreams.refuse());
  } else openStream(socket, request, eventStreams, admission.identity);
}

function openStream(
  socket: Socket,
  { asked, origin }: RawStreamRequest,
  eventStreams: EventStreams,
  identity: Identity | null,
): void {
  socket.write(streamHead(eventStreams, origin));
  eventStreams.handshakes.answered(socket);
  eventStreams.join(socket, asked, identity);
}

function streamHead(eventStreams: EventStreams, origin: string | undefined): string {
  const headers = [...STREAM_HEADERS, ...eventStreams.cors.headers(origin)];
  let head = `HTTP/1.1 200 OK\r\nDate: ${httpDate()}\r\nConnection: close\r\n`;
  for (let i = 0; i < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return `${head}\r\n${eventStreams.preamble}`;
}

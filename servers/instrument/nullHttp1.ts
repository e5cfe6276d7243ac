import { createHash } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import type { NullFlood, NullSubscriber } from './nullFlood.ts';

/** RFC 6455, section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const HEAD_END = Buffer.from('\r\n\r\n');

const STREAM_HEAD =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n: null\n\n';
/** The first poll is answered without news, so that its client counts as connected. */
const NO_NEWS = 'HTTP/1.1 204 No Content\r\nX-Cursor: 0\r\n\r\n';

/** What is answered to the request that a socket begins with. */
export type Greet = (requestHead: string) => string;

export const greetStream: Greet = () => STREAM_HEAD;

export const greetWebSocket: Greet = (requestHead) => {
  const key = /^sec-websocket-key: *(\S+)/im.exec(requestHead)?.[1] ?? '';
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64');
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
};

/** Null server of a protocol whose connections are pushed to once they have asked: each write is one message. */
export function pushOverHttp1(flood: NullFlood, greet: Greet): Server {
  return createServer({ noDelay: true }, (socket) => {
    let head = '';
    let subscriber: NullSubscriber | null = null;
    forgetAtEnd(socket, flood, () => subscriber);
    socket.on('data', (bytes) => {
      // What a client sends afterwards is no business of a server that does nothing else.
      if (subscriber !== null) return;
      head += bytes.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      socket.write(greet(head));
      subscriber = subscriberOn(socket, true);
      flood.join(subscriber);
    });
  });
}

/** Null server of held polls: each answer is one message, given as soon as it is asked for. */
export function answerPolls(flood: NullFlood): Server {
  return createServer({ noDelay: true }, (socket) => {
    let isGreeted = false;
    let subscriber: NullSubscriber | null = null;
    forgetAtEnd(socket, flood, () => subscriber);
    socket.on('data', (bytes: Buffer) => {
      // A request has no body, and the next one follows upon the answer: it is over where its head is.
      if (!bytes.subarray(-HEAD_END.length).equals(HEAD_END)) return;
      if (subscriber !== null) {
        flood.ready(subscriber);
      } else if (isGreeted) {
        subscriber = subscriberOn(socket, false);
        flood.join(subscriber);
      } else {
        isGreeted = true;
        socket.write(NO_NEWS);
      }
    });
  });
}

/** @param isPushedTo whether it takes the next message unasked */
function subscriberOn(socket: Socket, isPushedTo: boolean): NullSubscriber {
  return {
    seq: 0,
    isGone: false,
    write(frame) {
      socket.write(frame);
      return isPushedTo;
    },
  };
}

function forgetAtEnd(socket: Socket, flood: NullFlood, subscriber: () => NullSubscriber | null): void {
  // A client that resets its connection is gone like any other.
  socket.on('error', () => {});
  socket.on('close', () => {
    const gone = subscriber();
    if (gone !== null) flood.leave(gone);
  });
}

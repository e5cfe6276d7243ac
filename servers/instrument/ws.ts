import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { answerText } from '../http/answer.ts';
import type { Audience, Listener } from './audience.ts';
import type { CreateWire } from './node.ts';
import { topicIn } from './topicIn.ts';

/** WebSocket messages, by the package `ws` as it comes. */
export const createWire: CreateWire = (audience) => {
  const sockets = new WebSocketServer({ noServer: true });
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const topic = topicIn(request.url);
    if (topic === null) socket.destroy();
    else sockets.handleUpgrade(request, socket, head, (client) => join(client, topic, audience));
  };
  return {
    kind: 'http',
    request: (_request, response) => answerText(response, 426, 'this speaks WebSocket'),
    attach: (server: Server) => server.on('upgrade', upgrade),
    stop() {
      for (const client of sockets.clients) client.terminate();
    },
  };
};

function join(client: WebSocket, topic: string, audience: Audience): void {
  const listener: Listener = {
    topic,
    tell: (messages) => {
      for (const { data } of messages) client.send(data, { binary: false });
    },
  };
  audience.join(listener);
  client.on('close', () => audience.leave(listener));
  // A reset by the client is no error of ours; `close` follows.
  client.on('error', () => {});
}

import {
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { bind } from '../http/listeners.ts';
import type { Audience, Listener } from './audience.ts';
import type { CreateWire } from './node.ts';
import { eventText } from './sse.ts';
import { topicIn } from './topicIn.ts';

/** Event streams over HTTP/2, with prior knowledge. */
export const createWire: CreateWire = (audience) => {
  const servers: Http2Server[] = [];
  const sessions = new Set<ServerHttp2Session>();
  return {
    kind: 'own',
    listen(address) {
      const server = createServer();
      servers.push(server);
      server.on('session', (session) => {
        sessions.add(session);
        // A reset by the client is no error of ours; `close` follows.
        session.on('error', () => {});
        session.on('close', () => sessions.delete(session));
      });
      server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) =>
        open(stream, topicIn(headers[':path']), audience),
      );
      return bind(server, address);
    },
    stop() {
      for (const server of servers) server.close();
      for (const session of sessions) session.destroy();
    },
  };
};

function open(stream: ServerHttp2Stream, topic: string | null, audience: Audience): void {
  stream.on('error', () => {});
  if (topic === null) {
    stream.respond({ ':status': 404 }, { endStream: true });
    return;
  }
  stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
  stream.write(': connected\n\n');
  const listener: Listener = {
    topic,
    tell: (messages) => {
      for (const message of messages) stream.write(eventText(message));
    },
  };
  audience.join(listener);
  stream.on('close', () => audience.leave(listener));
}

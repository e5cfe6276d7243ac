import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answerText } from '../http/answer.ts';
import type { Audience, Listener, Message } from './audience.ts';
import type { CreateWire } from './node.ts';
import { topicIn } from './topicIn.ts';

/** Long polling: a client is a connection, and what it has not been told waits for its next request. */
export const createWire: CreateWire = (audience) => {
  const pollers = new WeakMap<Socket, HeldPoller>();
  return {
    kind: 'http',
    request(request, response) {
      const topic = topicIn(request.url);
      if (topic === null) {
        answerText(response, 404, 'name a topic: /poll?topic=…');
        return;
      }
      const { socket } = request;
      const poller = pollers.get(socket) ?? join(socket, topic, audience);
      pollers.set(socket, poller);
      poller.ask(response);
    },
  };
};

function join(socket: Socket, topic: string, audience: Audience): HeldPoller {
  const poller = new HeldPoller(topic);
  audience.join(poller);
  socket.on('close', () => audience.leave(poller));
  return poller;
}

class HeldPoller implements Listener {
  readonly topic: string;
  readonly #waiting: Message[] = [];
  #request: ServerResponse | null = null;
  #told = 0;
  #isNew = true;

  constructor(topic: string) {
    this.topic = topic;
  }

  tell(messages: readonly Message[]): void {
    this.#waiting.push(...messages);
    this.#answer();
  }

  ask(response: ServerResponse): void {
    this.#request = response;
    this.#answer();
  }

  /** The first request is answered at once: the client then knows where it stands. */
  #answer(): void {
    if (this.#request === null || (this.#waiting.length === 0 && !this.#isNew)) return;
    const messages = this.#waiting.splice(0);
    const body = messages.map(({ data }) => `${data}\n`).join('');
    this.#told += messages.length;
    this.#isNew = false;
    this.#request
      .writeHead(200, { 'X-Cursor': this.#told, 'Content-Length': Buffer.byteLength(body) })
      .end(body);
    this.#request = null;
  }
}

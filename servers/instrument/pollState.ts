import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { FAULTLESS, type InstrumentSpec } from '../../contract/knownAnswer.ts';
import { answer, answerText } from '../http/answer.ts';
import type { Listener, Message } from './audience.ts';
import { fateOf } from './fates.ts';
import type { CreateWire } from './node.ts';
import { topicIn } from './topicIn.ts';

/**
 * Polling on an interval: each answer shows the newest message, and thereby all before it. A message that is dropped or
 * doubled on the way makes no difference to such a client; what it can see is an answer that shows an older state than
 * the one before. So `reorder` counts answers here, and the other two have no meaning.
 */
export const createWire: CreateWire = (audience) => {
  const pollers = new WeakMap<Socket, StatePoller>();
  const spec: InstrumentSpec = { ...audience.spec, drop: 0, duplicate: 0 };
  const join = (socket: Socket, topic: string): StatePoller => {
    const poller = new StatePoller(topic, spec);
    pollers.set(socket, poller);
    audience.join(poller, FAULTLESS);
    socket.on('close', () => audience.leave(poller));
    return poller;
  };
  return {
    kind: 'http',
    request(request, response) {
      const topic = topicIn(request.url);
      if (topic === null) answerText(response, 404, 'name a topic: /state?topic=…');
      else (pollers.get(request.socket) ?? join(request.socket, topic)).show(response);
    },
  };
};

class StatePoller implements Listener {
  readonly topic: string;
  readonly #spec: InstrumentSpec;
  #newest: Message | null = null;
  /** What the last answer showed that went forward, and what was shown before that. */
  #shown: Message | null = null;
  #before: Message | null = null;
  /** Answers that could have shown an older state than one before them. */
  #answers = 0;

  constructor(topic: string, spec: InstrumentSpec) {
    this.topic = topic;
    this.#spec = spec;
  }

  tell(messages: readonly Message[]): void {
    this.#newest = messages[messages.length - 1];
  }

  show(response: ServerResponse): void {
    const older = this.#before;
    if (older !== null && fateOf(this.#spec, this.#answers++) === 'reorder') respond(response, older);
    else if (this.#newest === null) response.writeHead(204).end();
    else {
      if (this.#newest !== this.#shown) {
        this.#before = this.#shown;
        this.#shown = this.#newest;
      }
      respond(response, this.#newest);
    }
  }
}

function respond(response: ServerResponse, { data }: Message): void {
  answer(response, 200, data.toString(), 'text/plain');
}

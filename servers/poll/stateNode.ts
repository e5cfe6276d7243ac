import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerOptions } from '../../contract/pushServer.ts';
import type { Refusal } from '../flow/refusal.ts';
import type { BatchRecord } from '../http/batch.ts';
import type { IngestSink } from '../http/ingest.ts';
import { NodeCore } from '../node/core.ts';
import type { PushNode } from '../node/pushNode.ts';
import { NewestEvents } from './newestEvents.ts';
import { pollNode } from './pollNode.ts';
import { StateAnswers, type StateStyle } from './stateAnswers.ts';

export const STATE_PATH = '/state';

/** A node whose answers show the newest event of a topic. Nothing waits for anybody, so no publish is ever refused. */
export function createStateNode(options: ServerOptions, style: StateStyle): PushNode {
  const core = new NodeCore(options);
  const newest = new NewestEvents();
  const answers = new StateAnswers(core, newest, style);
  return pollNode({
    core,
    sink: new NewestIntake(core, newest),
    path: STATE_PATH,
    answer: (request: IncomingMessage, response: ServerResponse, { topic }, headers) =>
      answers.answer(request, response, topic, headers),
  });
}

/** Takes accepted messages in: what is newest is all that is kept. */
class NewestIntake implements IngestSink {
  readonly #core: NodeCore;
  readonly #newest: NewestEvents;
  #lastId = 0;

  constructor(core: NodeCore, newest: NewestEvents) {
    this.#core = core;
    this.#newest = newest;
  }

  isFull(): boolean {
    return false;
  }

  accept(records: readonly BatchRecord[]): number {
    for (const { topic, data } of records) {
      this.#newest.put({ id: ++this.#lastId, topic, data, frame: null });
    }
    this.#core.streams.counts.published += records.length;
    return this.#lastId;
  }

  refused(): Refusal {
    const { streams } = this.#core;
    streams.counts.publishRefused++;
    return streams.flow.serverRefusal({ messages: 0, bytes: 0 });
  }
}

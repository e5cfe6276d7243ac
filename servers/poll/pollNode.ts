import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identity } from '../../contract/security.ts';
import { refusalHeaders } from '../flow/refusal.ts';
import { answerText } from '../http/answer.ts';
import type { IngestSink } from '../http/ingest.ts';
import type { Handler } from '../http/routes.ts';
import type { NodeCore } from '../node/core.ts';
import { PushNode } from '../node/pushNode.ts';
import { Pollers } from './pollers.ts';
import { type PollRequest, parsePollRequest } from './pollRequest.ts';
import { SlowStore } from './slowStore.ts';

export type ValidPoll = PollRequest & { readonly state: 'valid' };

export interface PollNodeParts {
  readonly core: NodeCore;
  readonly sink: IngestSink;
  /** Path that is polled, without its query. */
  readonly path: string;
  readonly answer: (
    request: IncomingMessage,
    response: ServerResponse,
    asked: ValidPoll,
    headers: readonly string[],
    identity: Identity | null,
  ) => void;
  readonly stop?: () => void;
}

/** What a page of an allowed origin has to read to ask for what comes next (Fetch standard, section 3.2.5). */
const EXPOSED = ['Access-Control-Expose-Headers', 'ETag, X-Cursor, X-Gap'];

/** A node that is asked again and again: who may ask, what is understood, and the store behind each answer. */
export function pollNode({ core, sink, path, answer, stop }: PollNodeParts): PushNode {
  const pollers = new Pollers(core);
  const store = new SlowStore(core.options.backendDelayMs);
  const handle: Handler = (request, response, headers, identity) => {
    const asked = parsePollRequest(request.url ?? '', path);
    if (asked.state === 'invalid') answerText(response, 400, asked.fault, headers);
    else if (!pollers.admit(request.socket)) {
      const wait = refusalHeaders(core.refusalOfConnections());
      answerText(response, 503, 'too many pollers', [...wait, 'Connection', 'close', ...headers]);
    } else {
      const isTaken = store.read(request.socket, () => {
        // The client may have gone meanwhile.
        if (request.socket.destroyed) return;
        pollers.answered(response);
        const exposed = headers.length === 0 ? headers : [...headers, ...EXPOSED];
        answer(request, response, asked, exposed, identity);
      });
      if (isTaken) return;
      core.streams.counts.refused++;
      request.socket.destroy();
    }
  };
  return new PushNode({
    core,
    sink,
    protocol: {
      routes: new Map([[path, { method: 'GET', handle }]]),
      http: { keepAliveTimeout: core.options.keepAliveMs },
      stop() {
        store.stop();
        stop?.();
      },
    },
  });
}

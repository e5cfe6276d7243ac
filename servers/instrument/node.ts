import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { BenchError, EXIT } from '../../contract/errors.ts';
import { NO_FLOW } from '../../contract/flow.ts';
import { PUBLISH_PATH } from '../../contract/ingest.ts';
import { FAULTLESS } from '../../contract/knownAnswer.ts';
import type { Endpoint, ServerOptions, ServerStats, StartedServer } from '../../contract/pushServer.ts';
import { answerText } from '../http/answer.ts';
import { Ingest, type IngestSink } from '../http/ingest.ts';
import { bind, close } from '../http/listeners.ts';
import type { StageNode } from '../node/defineStage.ts';
import { Audience } from './audience.ts';
import { holdLoop } from './heldLoop.ts';

/** How subscribers come in. */
export type Wire =
  /** On the port of HTTP/1.1, beside the publishes. */
  | {
      readonly kind: 'http';
      /** Everything but a publish. */
      request(request: IncomingMessage, response: ServerResponse): void;
      /** Only protocols that begin with an upgrade. */
      attach?(server: Server): void;
      stop?(): void;
    }
  /** On ports of its own; HTTP/1.1 then has another one. */
  | { readonly kind: 'own'; listen(address: Endpoint): Promise<Endpoint>; stop(): void };

export type CreateWire = (audience: Audience) => Wire;

const RETRY_AFTER = ['Retry-After', '1'];

/**
 * A server whose faults are known, see `InstrumentSpec`: what the harness must find is therefore known as well. It shares
 * with the reference servers how a publish is read, and no more: nothing of how they fan out, frame or queue. It keeps
 * nothing for those who come back and does not mind slow readers.
 */
export class InstrumentNode implements StageNode {
  readonly #options: ServerOptions;
  readonly #audience: Audience;
  readonly #wire: Wire;
  readonly #ingest: Ingest;
  readonly #servers: Server[] = [];
  #publishes = 0;
  #holding: NodeJS.Timeout | null = null;

  constructor(options: ServerOptions, createWire: CreateWire) {
    this.#options = options;
    this.#audience = new Audience(options.instrument ?? FAULTLESS);
    this.#wire = createWire(this.#audience);
    this.#ingest = new Ingest(sinkOf(this.#audience), options.limits.maxPublishBytes);
  }

  /** @throws BenchError where an address cannot be bound, or protection is asked for */
  async listen(): Promise<StartedServer> {
    const { listen, security, instrument } = this.#options;
    if (security !== null) throw unprotected();
    const endpoints: Endpoint[] = [];
    for (const address of listen) {
      endpoints.push(
        this.#wire.kind === 'own' ? await this.#wire.listen(address) : await this.#listenOn(address),
      );
    }
    const ingest = this.#wire.kind === 'own' ? await this.#listenOn({ host: listen[0].host, port: 0 }) : null;
    if (instrument !== null && instrument.blockMs > 0)
      this.#holding = holdLoop(instrument.blockMs, instrument.blockEveryMs);
    return { endpoints, ingest, metrics: null };
  }

  async stop(): Promise<void> {
    if (this.#holding !== null) clearInterval(this.#holding);
    this.#audience.stop();
    const closed = Promise.all(this.#servers.map(close));
    this.#wire.stop?.();
    await closed;
  }

  stats(): ServerStats {
    const { size: connections, accepted, published, written } = this.#audience;
    return {
      connections,
      accepted,
      refused: 0,
      published,
      written,
      slowReadersCut: 0,
      gaps: 0,
      bus: null,
      flow: NO_FLOW,
      unauthenticated: {},
    };
  }

  #listenOn(address: Endpoint): Promise<Endpoint> {
    const server = createServer((request, response) => this.#answer(request, response));
    this.#servers.push(server);
    if (this.#wire.kind === 'http') this.#wire.attach?.(server);
    return bind(server, address);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'POST' && request.url === PUBLISH_PATH) this.#publish(request, response);
    else if (this.#wire.kind === 'http') this.#wire.request(request, response);
    else answerText(response, 404, `nothing at ${request.url}; there is ${PUBLISH_PATH}`);
  }

  #publish(request: IncomingMessage, response: ServerResponse): void {
    const { refuseEvery } = this.#audience.spec;
    this.#publishes++;
    if (refuseEvery > 0 && this.#publishes % refuseEvery === 0) {
      request.resume();
      answerText(response, 429, `each publish number ${refuseEvery} is refused`, RETRY_AFTER);
    } else this.#ingest.handle(request, response, []);
  }
}

function sinkOf(audience: Audience): IngestSink {
  return {
    isFull: () => false,
    accept(records) {
      for (const record of records) audience.publish(record);
      return audience.published;
    },
    refused() {
      throw new Error('an instrument is never full');
    },
  };
}

function unprotected(): BenchError {
  return new BenchError('an instrument speaks without protection only', {
    exitCode: EXIT.internal,
    hint: 'Measure it with --security plain.',
  });
}

import { createServer, type Server } from 'node:http';
import { BenchError, EXIT } from '../../contract/errors.ts';
import { PUBLISH_PATH } from '../../contract/ingest.ts';
import type { Endpoint, ServerOptions, ServerStats, StartedServer } from '../../contract/pushServer.ts';
import { answer, answerText } from '../http/answer.ts';
import { Cors } from '../http/cors.ts';
import { Ingest } from '../http/ingest.ts';
import { enforceLimits, httpOptions } from '../http/limits.ts';
import { bind, close } from '../http/listeners.ts';
import { createRequestListener, type Route } from '../http/routes.ts';
import { type NodeCounts, NodeMetrics } from '../metrics.ts';
import { ReplayBuffer } from '../replay.ts';
import { CatchUp } from './catchUp.ts';
import { EventStreams } from './eventStreams.ts';
import { FanOut } from './fanOut.ts';
import { Handshakes } from './handshakes.ts';
import { Intake, MAX_BACKLOG_BYTES } from './intake.ts';
import { EVENTS_PATH } from './streamRequest.ts';
import { StreamTable } from './streams.ts';
import type { CreateVariant, Variant } from './variant.ts';

/** One SSE server node: the parts every variant shares, put together for one set of options. */
export class SseNode {
  readonly #options: ServerOptions;
  readonly #streams: StreamTable;
  readonly #variant: Variant;
  readonly #fanOut: FanOut;
  readonly #intake: Intake;
  readonly #eventStreams: EventStreams;
  readonly #metrics: NodeMetrics;
  readonly #handshakes: Handshakes;
  readonly #cors: Cors;
  readonly #servers: Server[] = [];
  #isStopped = false;

  constructor(options: ServerOptions, createVariant: CreateVariant, maxBacklogBytes = MAX_BACKLOG_BYTES) {
    const streams = new StreamTable(options.limits.maxUnsentBytes);
    const replay = new ReplayBuffer(options.replayEvents, options.replayBytes);
    const variant = createVariant({ options, streams });
    const fanOut = new FanOut(streams, variant.deliver);
    const catchUp = new CatchUp({ streams, replay, fanOut, frame: variant.frame });
    const cors = new Cors(options.allowedOrigins);
    this.#metrics = new NodeMetrics(() => this.#counts());
    this.#handshakes = new Handshakes((seconds) => this.#metrics.observeHandshake(seconds));
    this.#eventStreams = new EventStreams({
      options,
      streams,
      catchUp,
      variant,
      cors,
      handshakes: this.#handshakes,
    });
    this.#intake = new Intake({ replay, fanOut, streams, maxBacklogBytes });
    this.#options = options;
    this.#streams = streams;
    this.#variant = variant;
    this.#fanOut = fanOut;
    this.#cors = cors;
  }

  /** @throws BenchError where an address cannot be bound; those already bound are closed by `stop`. */
  async listen(): Promise<StartedServer> {
    const routes = this.#routes();
    const endpoints: Endpoint[] = [];
    for (const endpoint of this.#options.listen) {
      endpoints.push(await this.#listenOn(endpoint, routes, true));
    }
    const { metrics } = this.#options;
    const started = { endpoints, metrics: null };
    this.#variant.start?.();
    if (metrics === null) return started;
    return { endpoints, metrics: await this.#listenOn(metrics, this.#observability(), false) };
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#variant.stop?.();
    this.#fanOut.stop();
    this.#streams.destroyAll();
    await Promise.all(this.#servers.map(close));
  }

  stats(): ServerStats {
    const { accepted, refused, written, slowReadersCut, gaps } = this.#streams.counts;
    const { connections } = this.#streams;
    return {
      connections,
      accepted,
      refused,
      published: this.#intake.published,
      written,
      slowReadersCut,
      gaps,
      bus: null,
    };
  }

  #counts(): NodeCounts {
    const { connections, counts } = this.#streams;
    const { published, publishRefused } = this.#intake;
    return { ...counts, connections, published, publishRefused, unsentBytes: this.#streams.unsentBytes() };
  }

  async #listenOn(
    endpoint: Endpoint,
    routes: ReadonlyMap<string, Route>,
    hasStreams: boolean,
  ): Promise<Endpoint> {
    const { limits } = this.#options;
    const server = createServer(httpOptions(limits), createRequestListener(routes, this.#cors));
    this.#servers.push(server);
    enforceLimits(server, limits, () => this.#streams.counts.refused++);
    if (hasStreams) this.#variant.intercept?.(server, this.#eventStreams);
    server.prependListener('connection', this.#handshakes.accepted);
    const bound = await bind(server, endpoint);
    if (!this.#isStopped) return bound;
    // Stopped while it was being bound: `stop` could not close it then.
    await close(server);
    throw stoppedEarly();
  }

  #routes(): Map<string, Route> {
    const ingest = new Ingest(this.#intake, this.#options.limits.maxPublishBytes);
    const routes = new Map<string, Route>([
      [EVENTS_PATH, { method: 'GET', handle: (...exchange) => this.#eventStreams.handle(...exchange) }],
      [PUBLISH_PATH, { method: 'POST', handle: this.#guarded(ingest) }],
    ]);
    if (this.#options.metrics !== null) return routes.set('/healthz', HEALTH);
    return new Map([...routes, ...this.#observability()]);
  }

  #guarded(ingest: Ingest): Route['handle'] {
    return (request, response, headers) => {
      if (this.#cors.mayPublish(request)) ingest.handle(request, response, headers);
      else {
        const text = `origin ${request.headers.origin} may not publish here`;
        answerText(response, 403, text, ['Connection', 'close', ...headers]);
      }
    };
  }

  #observability(): Map<string, Route> {
    return new Map<string, Route>([
      ['/healthz', HEALTH],
      [
        '/metrics',
        {
          method: 'GET',
          handle: (_request, response, headers) => {
            this.#metrics.text().then(
              (text) => answer(response, 200, text, this.#metrics.contentType, headers),
              (error: unknown) => answerText(response, 500, `metrics: ${String(error)}`, headers),
            );
          },
        },
      ],
    ]);
  }
}

function stoppedEarly(): BenchError {
  return new BenchError('the server was stopped before it had started', {
    exitCode: EXIT.interrupted,
    hint: 'Nothing is left bound; start another one.',
  });
}

const HEALTH: Route = {
  method: 'GET',
  handle: (_request, response, headers) => answerText(response, 200, 'ok', headers),
};

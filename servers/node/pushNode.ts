import type { ServerOptions as HttpOptions, Server } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { BenchError, EXIT } from '../../contract/errors.ts';
import { PUBLISH_PATH } from '../../contract/ingest.ts';
import type { BusStats, Endpoint, ServerStats, StartedServer } from '../../contract/pushServer.ts';
import { answerText } from '../http/answer.ts';
import { createHttpServer } from '../http/httpServer.ts';
import { Ingest, type IngestSink } from '../http/ingest.ts';
import { enforceLimits, httpOptions } from '../http/limits.ts';
import { bind, close } from '../http/listeners.ts';
import { createRequestListener, type Route } from '../http/routes.ts';
import { PendingHandshakes } from '../security/pendingHandshakes.ts';
import type { NodeCore } from './core.ts';
import { HEALTH_ROUTE, metricsRoute } from './observability.ts';
import type { Stream } from './streams.ts';

/** What a protocol adds to a node. */
export interface NodeProtocol {
  /** By path, beside /publish, /healthz and /metrics. */
  readonly routes: ReadonlyMap<string, Route>;
  /** Options of each HTTP server that has subscribers. */
  readonly http?: HttpOptions;
  /** Puts itself before or beside HTTP on a server that is about to listen. */
  attach?(server: Server): void;
  /** Before the first address is bound; where it fails the node does not start. */
  prepare?(): Promise<void>;
  /**
   * Only protocols that cannot share their port with HTTP/1.1: binds the addresses of subscribers itself; HTTP then has a
   * port of its own.
   * @throws BenchError where one cannot be bound; those already bound are closed by `stop`
   */
  listen?(addresses: readonly Endpoint[]): Promise<readonly Endpoint[]>;
  /** All addresses are bound. */
  start?(): void;
  /** Ends what the protocol started. No new connection comes any more; streams that are left are destroyed afterwards. */
  stop?(): Promise<void> | void;
  /** Only nodes that have a bus. */
  busStats?(): BusStats | null;
}

export interface PushNodeParts<S extends Stream> {
  readonly core: NodeCore<S>;
  /** Where accepted messages go. */
  readonly sink: IngestSink;
  readonly protocol: NodeProtocol;
}

/** One server node: what every protocol shares, put together for one set of options. */
export class PushNode<S extends Stream = Stream> {
  readonly #core: NodeCore<S>;
  readonly #sink: IngestSink;
  readonly #protocol: NodeProtocol;
  readonly #servers: Server[] = [];
  readonly #handshakes: PendingHandshakes[] = [];
  #isStopped = false;

  constructor({ core, sink, protocol }: PushNodeParts<S>) {
    this.#core = core;
    this.#sink = sink;
    this.#protocol = protocol;
  }

  /** @throws BenchError where an address cannot be bound; those already bound are closed by `stop`. */
  async listen(): Promise<StartedServer> {
    const { listen, metrics } = this.#core.options;
    await this.#protocol.prepare?.();
    const routes = this.#routes();
    const addresses = await this.#bindAddresses(listen, routes);
    // Nobody would stop what is started now.
    if (this.#isStopped) throw stoppedEarly();
    this.#protocol.start?.();
    if (metrics === null) return { ...addresses, metrics: null };
    return { ...addresses, metrics: await this.#listenOn(metrics, this.#observability(), 'metrics') };
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    const closed = Promise.all(this.#servers.map(close));
    for (const handshakes of this.#handshakes) handshakes.destroyAll();
    await this.#protocol.stop?.();
    this.#core.streams.destroyAll();
    await closed;
  }

  stats(): ServerStats {
    const { streams } = this.#core;
    const { accepted, refused, published, written, slowReadersCut, gaps } = streams.counts;
    return {
      connections: streams.connections,
      accepted,
      refused,
      published,
      written,
      slowReadersCut,
      gaps,
      bus: this.#protocol.busStats?.() ?? null,
      flow: this.#core.flowStats(),
      unauthenticated: this.#core.unauthenticated.counts(),
    };
  }

  async #bindAddresses(
    listen: readonly Endpoint[],
    routes: ReadonlyMap<string, Route>,
  ): Promise<Pick<StartedServer, 'endpoints' | 'ingest'>> {
    if (this.#protocol.listen !== undefined) {
      const endpoints = await this.#protocol.listen(listen);
      return { endpoints, ingest: await this.#listenOn({ host: listen[0].host, port: 0 }, routes, 'ingest') };
    }
    const endpoints: Endpoint[] = [];
    for (const endpoint of listen) endpoints.push(await this.#listenOn(endpoint, routes, 'streams'));
    return { endpoints, ingest: null };
  }

  async #listenOn(
    endpoint: Endpoint,
    routes: ReadonlyMap<string, Route>,
    purpose: 'streams' | 'ingest' | 'metrics',
  ): Promise<Endpoint> {
    const { options, streams, cors, gate } = this.#core;
    const http = { ...httpOptions(options.limits), ...(purpose === 'streams' ? this.#protocol.http : {}) };
    // An address of its own for metrics is that of an operator: it is as plain as the scrapers that come to it.
    const server =
      purpose === 'metrics'
        ? createHttpServer({ ...options, security: null }, http, createRequestListener(routes, cors, null))
        : createHttpServer(options, http, createRequestListener(routes, cors, gate));
    this.#servers.push(server);
    enforceLimits(server, options.limits, () => streams.counts.refused++);
    if (purpose === 'streams') this.#protocol.attach?.(server);
    this.#watchHandshakes(server);
    const bound = await bind(server, endpoint);
    if (!this.#isStopped) return bound;
    // Stopped while it was being bound: `stop` could not close it then.
    await close(server);
    throw stoppedEarly();
  }

  /** Last, so that it hears of a connection before anybody else. */
  #watchHandshakes(server: Server): void {
    const { handshakes, options, unauthenticated } = this.#core;
    if (!(server instanceof TlsServer)) {
      server.prependListener('connection', handshakes.accepted);
      return;
    }
    const timeoutMs = options.limits.headerTimeoutMs;
    const secured = (socket: Socket, acceptedMs: number) => handshakes.acceptedAt(socket, acceptedMs);
    this.#handshakes.push(new PendingHandshakes({ server, timeoutMs, refusals: unauthenticated, secured }));
  }

  #routes(): Map<string, Route> {
    const ingest = new Ingest(this.#sink, this.#core.options.limits.maxPublishBytes);
    const routes = new Map<string, Route>([
      ...this.#protocol.routes,
      [PUBLISH_PATH, { method: 'POST', handle: this.#guarded(ingest) }],
    ]);
    if (this.#core.options.metrics !== null) return routes.set('/healthz', HEALTH_ROUTE);
    return new Map([...routes, ...this.#observability()]);
  }

  #guarded(ingest: Ingest): Route['handle'] {
    return (request, response, headers) => {
      if (this.#core.cors.mayPublish(request)) ingest.handle(request, response, headers);
      else {
        const text = `origin ${request.headers.origin} may not publish here`;
        answerText(response, 403, text, ['Connection', 'close', ...headers]);
      }
    };
  }

  #observability(): Map<string, Route> {
    return new Map([
      ['/healthz', HEALTH_ROUTE],
      ['/metrics', metricsRoute(this.#core.metrics)],
    ]);
  }
}

function stoppedEarly(): BenchError {
  return new BenchError('the server was stopped before it had started', {
    exitCode: EXIT.interrupted,
    hint: 'Nothing is left bound; start another one.',
  });
}

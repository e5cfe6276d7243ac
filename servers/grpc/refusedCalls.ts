import diagnostics from 'node:diagnostics_channel';
import type { ServerHttp2Stream } from 'node:http2';
import { status } from '@grpc/grpc-js';
import type { NodeMetrics } from '../metrics.ts';
import type { ConnectionEnds } from './admission.ts';

/** Told when a stream of any HTTP/2 server of the process has closed. */
const STREAM_CLOSED = 'http2.server.stream.close';

/** Beside the name of a gRPC status: what never became a call. */
export type RefusedReason = keyof typeof status | 'httpStatus' | 'noHttp2' | 'silent';

/**
 * Calls that did not end well and connections that were none of gRPC, by reason. Seen where they leave the process, since
 * @grpc/grpc-js refuses much before any handler or interceptor is told: a frame too large, a wrong content type, a
 * method that is not there.
 */
export class RefusedCalls {
  readonly #isOurs: (ends: ConnectionEnds) => boolean;
  readonly #counts = new Map<RefusedReason, number>();

  /** @param isOurs whether a connection, by its two ends, is of this node */
  constructor(isOurs: (ends: ConnectionEnds) => boolean) {
    this.#isOurs = isOurs;
  }

  start(): void {
    diagnostics.subscribe(STREAM_CLOSED, this.#streamClosed);
  }

  stop(): void {
    diagnostics.unsubscribe(STREAM_CLOSED, this.#streamClosed);
  }

  add(reason: RefusedReason): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  showIn(metrics: NodeMetrics): void {
    metrics.labelledCounter(
      'push_grpc_refused_total',
      'Calls that did not end well, by gRPC status, and connections that were none of gRPC',
      'reason',
      () => Object.fromEntries(this.#counts),
    );
  }

  readonly #streamClosed = (message: unknown): void => {
    const stream = streamOf(message);
    const session = stream?.session;
    // Gone with its connection: nobody was refused anything.
    if (stream === null || session === undefined || session.destroyed) return;
    if (this.#isOurs(session.socket)) this.#count(stream);
  };

  #count({ sentHeaders, sentTrailers }: ServerHttp2Stream): void {
    const httpStatus = sentHeaders?.[':status'];
    if (httpStatus !== undefined && httpStatus !== 200) {
      this.add('httpStatus');
      return;
    }
    const code = Number(sentTrailers?.['grpc-status'] ?? sentHeaders?.['grpc-status'] ?? status.OK);
    if (code !== status.OK && isStatusName(status[code])) this.add(status[code]);
  }
}

function streamOf(message: unknown): ServerHttp2Stream | null {
  if (typeof message !== 'object' || message === null || !('stream' in message)) return null;
  const { stream } = message;
  return isStream(stream) ? stream : null;
}

function isStream(candidate: unknown): candidate is ServerHttp2Stream {
  return typeof candidate === 'object' && candidate !== null && 'sentHeaders' in candidate;
}

function isStatusName(name: string | undefined): name is keyof typeof status {
  return name !== undefined && name in status;
}

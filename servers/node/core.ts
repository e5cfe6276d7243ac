import type { ServerOptions } from '../../contract/pushServer.ts';
import { Cors } from '../http/cors.ts';
import { NodeMetrics } from '../metrics.ts';
import { ReplayBuffer } from '../replay.ts';
import { Handshakes } from './handshakes.ts';
import { type Stream, StreamTable } from './streams.ts';

/** What every node has, whatever protocol it speaks: its subscribers, the events it keeps, and its figures. */
export class NodeCore<S extends Stream = Stream> {
  readonly options: ServerOptions;
  readonly streams: StreamTable<S>;
  readonly replay: ReplayBuffer;
  readonly cors: Cors;
  readonly metrics: NodeMetrics;
  readonly handshakes: Handshakes;

  constructor(options: ServerOptions) {
    const streams = new StreamTable<S>(options.limits.maxUnsentBytes);
    this.options = options;
    this.streams = streams;
    this.replay = new ReplayBuffer(options.replayEvents, options.replayBytes);
    this.cors = new Cors(options.allowedOrigins);
    this.metrics = new NodeMetrics(() => ({
      ...streams.counts,
      connections: streams.connections,
      unsentBytes: streams.unsentBytes(),
    }));
    this.handshakes = new Handshakes((seconds) => this.metrics.observeHandshake(seconds));
  }

  /** True where no further subscriber may come. */
  isFull(): boolean {
    return this.streams.connections >= this.options.limits.maxConnections;
  }
}

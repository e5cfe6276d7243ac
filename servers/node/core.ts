import type { FlowStats } from '../../contract/flow.ts';
import type { ServerOptions } from '../../contract/pushServer.ts';
import { FlowController } from '../flow/flowController.ts';
import { connectionRefusal, type Level, type Refusal } from '../flow/refusal.ts';
import { Cors } from '../http/cors.ts';
import { NodeMetrics } from '../metrics.ts';
import { ReplayBuffer } from '../replay.ts';
import { createGate, type Gate } from '../security/gate.ts';
import { Refusals } from '../security/refusals.ts';
import { Handshakes } from './handshakes.ts';
import { type Stream, StreamTable } from './streams.ts';

/** Connections end seldom: a client that found no place need not ask at once. */
const FULL_RETRY_MS = 5_000;

/** What every node has, whatever protocol it speaks: its subscribers, the events it keeps, and its figures. */
export class NodeCore<S extends Stream = Stream> {
  readonly options: ServerOptions;
  readonly streams: StreamTable<S>;
  readonly replay: ReplayBuffer;
  readonly cors: Cors;
  readonly metrics: NodeMetrics;
  readonly handshakes: Handshakes;
  /** What is under way to subscribers; a node that streams to nobody says what waits for them. */
  level: () => Level = () => this.streams.level();
  /** Who was turned away for want of a valid identity. */
  readonly unauthenticated = new Refusals();
  /** Asked before each request and stream; null: everybody is served. */
  readonly gate: Gate | null;

  constructor(options: ServerOptions) {
    const streams = new StreamTable<S>(new FlowController(options.flow));
    this.options = options;
    this.streams = streams;
    this.replay = new ReplayBuffer(options.replayEvents, options.replayBytes);
    this.cors = new Cors(options.allowedOrigins);
    this.metrics = new NodeMetrics(() => ({
      ...streams.counts,
      connections: streams.connections,
      flow: this.flowStats(),
    }));
    this.handshakes = new Handshakes((seconds) => this.metrics.observeHandshake(seconds));
    this.gate = createGate(options.security, { refusals: this.unauthenticated });
    this.metrics.labelledCounter(
      'push_unauthenticated_total',
      'Requests and connections turned away for want of a valid identity',
      'reason',
      () => this.unauthenticated.counts(),
    );
  }

  flowStats(): FlowStats {
    const { flow, counts } = this.streams;
    const { messages, bytes } = this.level();
    return {
      levelMessages: messages,
      levelBytes: bytes,
      peakConnectionMessages: flow.peakConnectionMessages,
      peakConnectionBytes: flow.peakConnectionBytes,
      refusedPublishes: counts.publishRefused,
      refusedSubscribers: counts.slowReadersCut,
      stalls: flow.stalls,
    };
  }

  /** What a client is told that finds the node full. */
  refusalOfConnections(): Refusal {
    return connectionRefusal(this.options.limits.maxConnections, FULL_RETRY_MS);
  }

  /** True where no further subscriber may come. */
  isFull(): boolean {
    return this.streams.connections >= this.options.limits.maxConnections;
  }
}

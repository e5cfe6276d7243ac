import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { FlowStats } from '../contract/flow.ts';

/** What a node counts; read when somebody scrapes, so that counting itself is a plain addition. */
export interface NodeCounts {
  readonly connections: number;
  readonly accepted: number;
  readonly refused: number;
  readonly closed: number;
  readonly errors: number;
  readonly published: number;
  readonly relayed: number;
  readonly publishRefused: number;
  readonly written: number;
  readonly slowReadersCut: number;
  readonly evicted: number;
  readonly gaps: number;
  readonly flow: FlowStats;
}

/** Event loop, GC and process metrics belong to the process: collected once, however many nodes it runs. */
let processRegistry: Registry | null = null;

function processMetrics(): Registry {
  if (processRegistry === null) {
    processRegistry = new Registry();
    collectDefaultMetrics({ register: processRegistry, eventLoopMonitoringPrecision: 20 });
  }
  return processRegistry;
}

/** Prometheus metrics of one node. */
export class NodeMetrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly #registry = new Registry();
  readonly #process = processMetrics();
  readonly #handshake: Histogram;

  constructor(counts: () => NodeCounts) {
    this.#connectionStates(counts);
    this.gauge('push_connections', 'Live connections of subscribers', () => counts().connections);
    this.gauge('push_unsent_bytes', 'Bytes waiting for slow readers', () => counts().flow.levelBytes);
    this.#flow(() => counts().flow);
    this.counter('push_messages_published_total', 'Messages accepted', () => counts().published);
    this.counter('push_messages_relayed_total', 'Typing notices relayed', () => counts().relayed);
    this.counter('push_messages_written_total', 'Messages written', () => counts().written);
    this.counter('push_publish_refused_total', 'Publishes answered 429', () => counts().publishRefused);
    this.counter('push_slow_readers_cut_total', 'Slow readers cut off', () => counts().slowReadersCut);
    this.counter('push_gaps_total', 'Gap events sent', () => counts().gaps);
    this.#handshake = new Histogram({
      name: 'push_handshake_duration_seconds',
      help: 'From the accepted connection to the answer that opens the stream',
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [this.#registry],
    });
  }

  observeHandshake(seconds: number): void {
    this.#handshake.observe(seconds);
  }

  /** Text exposition of this node and of the process it runs in. */
  async text(): Promise<string> {
    return `${await this.#registry.metrics()}\n${await this.#process.metrics()}`;
  }

  #flow(flow: () => FlowStats): void {
    this.gauge('push_flow_level_messages', 'Messages under way to slow readers', () => flow().levelMessages);
    this.gauge('push_flow_level_bytes', 'Bytes under way to slow readers', () => flow().levelBytes);
    this.gauge(
      'push_flow_peak_connection_messages',
      'Most messages that were under way to one subscriber',
      () => flow().peakConnectionMessages,
    );
    this.counter('push_flow_stalls_total', "Times that a subscriber's socket was full", () => flow().stalls);
    new Counter({
      name: 'push_flow_refusals_total',
      help: 'Publishes refused and subscribers ended above a water mark',
      labelNames: ['what'],
      registers: [this.#registry],
      collect() {
        const { refusedPublishes, refusedSubscribers } = flow();
        this.reset();
        this.inc({ what: 'publish' }, refusedPublishes);
        this.inc({ what: 'subscriber' }, refusedSubscribers);
      },
    });
  }

  #connectionStates(counts: () => NodeCounts): void {
    new Counter({
      name: 'push_connection_total',
      help: 'Connections of subscribers by what became of them',
      labelNames: ['state'],
      registers: [this.#registry],
      collect() {
        const { accepted, refused, closed, errors, slowReadersCut, evicted } = counts();
        this.reset();
        this.inc({ state: 'accepted' }, accepted);
        this.inc({ state: 'refused' }, refused);
        this.inc({ state: 'closed' }, closed);
        this.inc({ state: 'error' }, errors);
        this.inc({ state: 'slow' }, slowReadersCut);
        this.inc({ state: 'evicted' }, evicted);
      },
    });
  }

  /** A gauge of one protocol's own. */
  gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(value());
      },
    });
  }

  /** A counter with one label; values of it that were not met are absent. */
  labelledCounter(name: string, help: string, label: string, counts: () => Record<string, number>): void {
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [value, count] of Object.entries(counts())) this.inc({ [label]: value }, count);
      },
    });
  }

  /** A counter of one protocol's own. */
  counter(name: string, help: string, value: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  }
}

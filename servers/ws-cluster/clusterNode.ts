import { nowUs } from '../../contract/clock.ts';
import type { BusKind, BusStats, ServerOptions } from '../../contract/pushServer.ts';
import { AheadOfNode } from '../bus/aheadOfNode.ts';
import type { Bus, BusCounts, BusListener, BusMessage } from '../bus/bus.ts';
import { BusIntake } from '../bus/busIntake.ts';
import { createBus } from '../bus/createBus.ts';
import { HopHistogram } from '../bus/hopHistogram.ts';
import type { Connection } from '../ws/connection.ts';
import { gapFrame } from '../ws/frames.ts';
import type { WsNodeExtension, WsNodeParts } from '../ws/node.ts';
import { affinityHeaders, checkNodeId } from './affinity.ts';
import { Presence } from './presence/presence.ts';
import { presenceRoutes } from './presence/routes.ts';

/**
 * What makes a WebSocket node one of a cluster: messages go to the bus and come from the bus, and the nodes tell
 * each other who is connected where.
 */
export class ClusterNode implements WsNodeExtension, BusListener {
  readonly sink: BusIntake;
  readonly routes: NonNullable<WsNodeExtension['routes']>;
  readonly #parts: WsNodeParts;
  readonly #kind: BusKind;
  readonly #options: ServerOptions;
  readonly #presence: Presence;
  readonly #ahead: AheadOfNode;
  readonly #hop = new HopHistogram();
  #bus: Bus | null = null;
  #received = 0;

  /** @throws BenchError where the node's name cannot stand in a header. */
  constructor(kind: BusKind, parts: WsNodeParts) {
    const { core, intake, fanOut } = parts;
    checkNodeId(core.options.nodeId);
    this.#kind = kind;
    this.#parts = parts;
    this.#options = core.options;
    this.#presence = new Presence({
      node: core.options.nodeId,
      announce: (notice) => this.#bus?.announce(notice),
    });
    this.#ahead = new AheadOfNode(() => fanOut.deliveredId);
    this.sink = new BusIntake({ local: intake, bus: () => this.#bus, counts: core.streams.counts });
    this.routes = presenceRoutes(this.#presence);
    this.#registerMetrics();
  }

  /** @throws BenchError where the bus is not there. */
  async prepare(): Promise<void> {
    this.#bus = await createBus(this.#kind, this.#options.busUrl);
    await this.#bus.start(this);
  }

  async stop(): Promise<void> {
    this.#ahead.stop();
    this.#presence.stop();
    await this.#bus?.stop();
  }

  answerHeaders(serial: number): readonly string[] {
    return affinityHeaders(this.#options.nodeId, serial);
  }

  opened({ serial }: Connection): void {
    this.#presence.joined(serial);
  }

  closed({ serial }: Connection): void {
    this.#presence.left(serial);
  }

  delayJoin(lastEventId: string | null, join: () => void): boolean {
    return this.#ahead.wait(lastEventId, join);
  }

  messages(messages: readonly BusMessage[], isLive: boolean): void {
    const { core, fanOut } = this.#parts;
    const receivedUs = nowUs();
    for (const { id, topic, data, publishedUs } of messages) {
      const event = core.replay.append(topic, data, id);
      if (!isLive) continue;
      this.#hop.record(receivedUs - publishedUs);
      this.#received++;
      fanOut.enqueue(event);
    }
    if (!isLive) fanOut.passTo(core.replay.lastId);
  }

  /** Which topics lost something is not known: every subscriber is told, and may ask another node by its last id. */
  skipped(toId: number): void {
    const { core, fanOut } = this.#parts;
    const gap = gapFrame({ from: core.replay.lastId + 1, to: toId });
    core.replay.skipTo(toId);
    fanOut.passTo(toId, () => {
      for (const connection of core.streams.topics.all()) {
        core.streams.counts.gaps++;
        core.streams.write(connection, gap, 0);
      }
    });
  }

  notice(bytes: Buffer): void {
    this.#presence.take(bytes);
  }

  connection(isConnected: boolean): void {
    if (isConnected) this.#presence.connected();
  }

  busStats(): BusStats {
    const { lost, reconnects } = this.#counts();
    const { publishFailed } = this.sink;
    return { hop: this.#hop.encode(), received: this.#received, lost, publishFailed, reconnects };
  }

  #counts(): BusCounts {
    return this.#bus?.counts() ?? { lost: 0, reconnects: 0, damaged: 0 };
  }

  #registerMetrics(): void {
    const { metrics } = this.#parts.core;
    metrics.counter('push_bus_received_total', 'Messages that came over the bus', () => this.#received);
    metrics.counter('push_bus_lost_total', 'Messages that the bus lost', () => this.#counts().lost);
    metrics.counter(
      'push_bus_publish_failed_total',
      'Messages that the bus did not take',
      () => this.sink.publishFailed,
    );
    metrics.counter(
      'push_bus_reconnects_total',
      'Times that the bus was joined again',
      () => this.#counts().reconnects,
    );
    metrics.counter(
      'push_bus_damaged_total',
      'What came over the bus and is none of ours',
      () => this.#counts().damaged,
    );
  }
}

import { nowUs } from '../../contract/clock.ts';
import type { BusKind, BusStats } from '../../contract/pushServer.ts';
import type { NodeCore } from '../node/core.ts';
import type { FanOut } from '../node/fanOut.ts';
import type { Intake } from '../node/intake.ts';
import type { Chunk, Stream } from '../node/streams.ts';
import type { ReplayGap } from '../replay.ts';
import { AheadOfNode } from './aheadOfNode.ts';
import type { Bus, BusCounts, BusListener, BusMessage } from './bus.ts';
import { BusIntake } from './busIntake.ts';
import { createBus } from './createBus.ts';
import { HopHistogram } from './hopHistogram.ts';

export interface BusMemberParts<S extends Stream> {
  readonly kind: BusKind;
  readonly core: NodeCore<S>;
  readonly fanOut: FanOut<S>;
  readonly intake: Intake<S>;
  readonly gapFrame: (gap: ReplayGap) => Chunk;
  /**
   * What a node announced, this one included.
   * @throws RangeError where it is no notice
   */
  readonly notice: (bytes: Buffer) => void;
  /** The bus is there (again). */
  readonly connected?: () => void;
}

/** What makes a node one of several that are one service: messages go to the bus, and come from the bus to be delivered. */
export class BusMember<S extends Stream> implements BusListener {
  /** Takes accepted messages in place of the node's own intake. */
  readonly sink: BusIntake;
  readonly #parts: BusMemberParts<S>;
  readonly #ahead: AheadOfNode;
  readonly #hop = new HopHistogram();
  #bus: Bus | null = null;
  #hasLeft = false;
  #received = 0;

  constructor(parts: BusMemberParts<S>) {
    const { core, fanOut, intake } = parts;
    this.#parts = parts;
    this.#ahead = new AheadOfNode(() => fanOut.deliveredId);
    this.sink = new BusIntake({ local: intake, bus: () => this.#bus, counts: core.streams.counts });
    this.#registerMetrics();
  }

  /** @throws BenchError where the bus is not there. */
  async join(): Promise<void> {
    const { kind, core } = this.#parts;
    const bus = await createBus(kind, core.options.busUrl);
    // Left meanwhile: nobody would stop it.
    if (this.#hasLeft) return;
    this.#bus = bus;
    await bus.start(this);
  }

  async leave(): Promise<void> {
    this.#hasLeft = true;
    this.#ahead.stop();
    await this.#bus?.stop();
  }

  /** Dropped while there is no connection. */
  announce(notice: Buffer): void {
    this.#bus?.announce(notice);
  }

  /** @returns true where the client is ahead of this node: then `join` is called later. */
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
    const { core, fanOut, gapFrame } = this.#parts;
    const gap = gapFrame({ from: core.replay.lastId + 1, to: toId });
    core.replay.skipTo(toId);
    fanOut.passTo(toId, () => {
      for (const stream of core.streams.topics.all()) {
        core.streams.counts.gaps++;
        core.streams.write(stream, gap, 0);
      }
    });
  }

  notice(bytes: Buffer): void {
    this.#parts.notice(bytes);
  }

  connection(isConnected: boolean): void {
    if (isConnected) this.#parts.connected?.();
  }

  stats(): BusStats {
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

import type { BusKind, BusStats, ServerOptions } from '../../contract/pushServer.ts';
import type { BusIntake } from '../bus/busIntake.ts';
import { BusMember } from '../bus/busMember.ts';
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
export class ClusterNode implements WsNodeExtension {
  readonly sink: BusIntake;
  readonly routes: NonNullable<WsNodeExtension['routes']>;
  readonly #options: ServerOptions;
  readonly #presence: Presence;
  readonly #member: BusMember<Connection>;

  /** @throws BenchError where the node's name cannot stand in a header. */
  constructor(kind: BusKind, parts: WsNodeParts) {
    const { options } = parts.core;
    checkNodeId(options.nodeId);
    this.#options = options;
    this.#presence = new Presence({
      node: options.nodeId,
      announce: (notice) => this.#member.announce(notice),
    });
    this.#member = new BusMember({
      ...parts,
      kind,
      gapFrame,
      notice: (bytes) => this.#presence.take(bytes),
      connected: () => this.#presence.connected(),
    });
    this.sink = this.#member.sink;
    this.routes = presenceRoutes(this.#presence);
  }

  /** @throws BenchError where the bus is not there. */
  prepare(): Promise<void> {
    return this.#member.join();
  }

  async stop(): Promise<void> {
    this.#presence.stop();
    await this.#member.leave();
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
    return this.#member.delayJoin(lastEventId, join);
  }

  busStats(): BusStats {
    return this.#member.stats();
  }
}

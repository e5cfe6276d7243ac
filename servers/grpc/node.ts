import type { ServerOptions, ServerStats, StartedServer } from '../../contract/pushServer.ts';
import { type Registered, register } from '../discovery/registration.ts';
import { CatchUp } from '../node/catchUp.ts';
import { NodeCore } from '../node/core.ts';
import type { StageNode } from '../node/defineStage.ts';
import { FanOut } from '../node/fanOut.ts';
import { Heartbeat } from '../node/heartbeat.ts';
import { Intake } from '../node/intake.ts';
import { PushNode } from '../node/pushNode.ts';
import type { ReplayGap } from '../replay.ts';
import { peerOf } from '../security/peerOf.ts';
import { admission } from './admission.ts';
import { chatHandler } from './chat.ts';
import { gapMessage, HEARTBEAT_MESSAGE } from './events.ts';
import { GrpcServer } from './grpcServer.ts';
import { Listeners } from './listeners.ts';
import { busMember, relayingSink } from './membership.ts';
import { Publishing } from './publishing.ts';
import { RefusedCalls } from './refusedCalls.ts';
import { definitionOf } from './serviceDefinition.ts';
import type { Subscriber } from './subscriber.ts';
import { Subscriptions } from './subscriptions.ts';
import type { CreateVariant } from './variant.ts';

/** Time for clients to go when the node stops without having drained, milliseconds. */
const STOP_GRACE_MS = 500;

/** One gRPC server node: the parts every variant shares, put together for one set of options. */
export class GrpcNode implements StageNode {
  readonly #options: ServerOptions;
  readonly #node: PushNode<Subscriber>;
  readonly #server: GrpcServer;
  readonly #listeners: Listeners;
  readonly #subscriptions: Subscriptions;
  #registered: Registered | null = null;
  #isStopped = false;

  constructor(options: ServerOptions, createVariant: CreateVariant) {
    const core = new NodeCore<Subscriber>(options);
    const { streams, replay } = core;
    const variant = createVariant(streams);
    const gapFrame = (gap: ReplayGap) => variant.message(gapMessage(gap));
    const fanOut = new FanOut(streams, variant.deliver);
    const intake = new Intake({ replay, fanOut, streams });
    const member = options.busUrl === null ? null : busMember({ core, fanOut, intake, gapFrame });
    const sink = member === null ? intake : relayingSink(member);
    const catchUp = new CatchUp({ streams, replay, fanOut, framing: { frame: variant.frame, gapFrame } });
    const refused = new RefusedCalls((ends) => this.#listeners.socketOf(ends) !== null);
    this.#options = options;
    this.#subscriptions = new Subscriptions({
      core,
      catchUp,
      socketOf: (ends) => this.#listeners.socketOf(ends),
      delayJoin: (lastEventId, join) => member?.delayJoin(lastEventId, join) ?? false,
    });
    const publishing = new Publishing(sink);
    this.#server = new GrpcServer({
      options,
      admission: admission({
        gate: core.gate,
        peerOf: (ends) => peerOf(this.#listeners.socketOf(ends)),
        maxMetadataBytes: options.limits.maxHeaderBytes,
        messageTimeoutMs: options.limits.headerTimeoutMs,
      }),
      definition: definitionOf(variant),
      handlers: {
        Subscribe: this.#subscriptions.subscribe,
        Chat: chatHandler({ subscriptions: this.#subscriptions, publishing }),
        Publish: publishing.publish,
      },
    });
    this.#listeners = new Listeners({ core, injector: this.#server.injector, refused });
    const beat = options.heartbeat === 'none' ? null : variant.message(HEARTBEAT_MESSAGE);
    const heartbeat = new Heartbeat(streams, beat, options.heartbeatMs);
    refused.showIn(core.metrics);
    this.#node = new PushNode({
      core,
      sink,
      protocol: {
        routes: new Map(),
        prepare: () => member?.join() ?? Promise.resolve(),
        listen: (addresses) => this.#listeners.listen(addresses),
        start() {
          refused.start();
          heartbeat.start();
        },
        stop: async () => {
          heartbeat.stop();
          fanOut.stop();
          await this.#shutdown(STOP_GRACE_MS);
          this.#subscriptions.stop();
          refused.stop();
          await member?.leave();
        },
        busStats: () => member?.stats() ?? null,
      },
    });
  }

  async listen(): Promise<StartedServer> {
    const started = await this.#node.listen();
    const { registration, nodeId } = this.#options;
    if (registration === null) return started;
    const registered = await register(registration, { nodeId, endpoints: started.endpoints });
    // Stopped meanwhile: nobody else would take it out of the directory.
    if (this.#isStopped) await registered.deregister();
    else this.#registered = registered;
    return started;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#registered?.deregister();
    await this.#node.stop();
  }

  /** Says first that it goes, so that no new client comes; then every client is told to go, by status and by GOAWAY. */
  async drain(graceMs: number): Promise<void> {
    this.#server.notServing();
    await this.#registered?.deregister();
    await this.#shutdown(graceMs);
  }

  stats(): ServerStats {
    return this.#node.stats();
  }

  /** Resolves when all connections are gone; those that are left after `graceMs` are destroyed. */
  async #shutdown(graceMs: number): Promise<void> {
    const closed = this.#listeners.close();
    this.#subscriptions.close();
    this.#server.goAway();
    const timer = setTimeout(() => this.#listeners.destroyAll(), graceMs);
    await closed;
    clearTimeout(timer);
  }
}

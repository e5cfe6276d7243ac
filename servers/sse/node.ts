import type { Server } from 'node:http';
import type { Endpoint, ServerOptions, ServerStats, StartedServer } from '../../contract/pushServer.ts';
import type { Route } from '../http/routes.ts';
import { CatchUp } from '../node/catchUp.ts';
import { NodeCore } from '../node/core.ts';
import { FanOut } from '../node/fanOut.ts';
import { Intake } from '../node/intake.ts';
import { type NodeProtocol, PushNode } from '../node/pushNode.ts';
import { EVENTS_PATH, EventStreams } from './eventStreams.ts';
import { gapFrame } from './frames.ts';
import type { CreateVariant } from './variant.ts';

/** One SSE server node: the parts every variant shares, put together for one set of options. */
export class SseNode {
  readonly #node: PushNode;

  constructor(options: ServerOptions, createVariant: CreateVariant) {
    const core = new NodeCore(options);
    const { streams, replay } = core;
    const variant = createVariant({ options, streams });
    const fanOut = new FanOut(streams, variant.deliver);
    const framing = { frame: variant.frame, gapFrame };
    const catchUp = new CatchUp({ streams, replay, fanOut, framing });
    const eventStreams = new EventStreams({ core, catchUp, variant });
    const sink = new Intake({ replay, fanOut, streams });
    const own = variant.serve?.({ core, eventStreams, sink }) ?? null;
    const events: Route = { method: 'GET', handle: (...exchange) => eventStreams.handle(...exchange) };
    const protocol: NodeProtocol = {
      routes: own === null ? new Map([[EVENTS_PATH, events]]) : new Map(),
      ...(own === null ? {} : { listen: (addresses: readonly Endpoint[]) => own.listen(addresses) }),
      attach: (server: Server) => variant.intercept?.(server, eventStreams),
      start: () => variant.start?.(),
      async stop() {
        variant.stop?.();
        fanOut.stop();
        await own?.stop();
      },
    };
    this.#node = new PushNode({ core, sink, protocol });
  }

  listen(): Promise<StartedServer> {
    return this.#node.listen();
  }

  stop(): Promise<void> {
    return this.#node.stop();
  }

  stats(): ServerStats {
    return this.#node.stats();
  }
}

import type { Server } from 'node:http';
import type { BusStats, ServerOptions, ServerStats, StartedServer } from '../../contract/pushServer.ts';
import { answerText } from '../http/answer.ts';
import type { IngestSink } from '../http/ingest.ts';
import { pathOf, type Route } from '../http/routes.ts';
import { CatchUp } from '../node/catchUp.ts';
import { NodeCore } from '../node/core.ts';
import { FanOut } from '../node/fanOut.ts';
import { Intake } from '../node/intake.ts';
import { type NodeProtocol, PushNode } from '../node/pushNode.ts';
import type { Connection } from './connection.ts';
import { type ConnectionHooks, Connections } from './connections.ts';
import { gapFrame } from './frames.ts';
import { Pings } from './pings.ts';
import { UPGRADE_HEADERS } from './upgradeRequest.ts';
import type { CreateVariant } from './variant.ts';

export const WS_PATH = '/ws';

/** What an extension of a node may use. */
export interface WsNodeParts {
  readonly core: NodeCore<Connection>;
  /** Events put in here reach the subscribers; `core.replay` has to have them. */
  readonly fanOut: FanOut<Connection>;
  /** Takes accepted messages straight to `core.replay` and `fanOut`. */
  readonly intake: Intake<Connection>;
}

/** What a cluster adds to a node; all of it is optional. */
export interface WsNodeExtension extends ConnectionHooks {
  /** Takes accepted messages in place of the node's own intake. */
  readonly sink?: IngestSink;
  /** Beside those of the node. */
  readonly routes?: ReadonlyMap<string, Route>;
  /** Before the first address is bound; where it fails the node does not start. */
  prepare?(): Promise<void>;
  start?(): void;
  stop?(): Promise<void>;
  busStats?(): BusStats;
}

export type Extend = (parts: WsNodeParts) => WsNodeExtension;

/** One WebSocket server node: the parts every variant shares, put together for one set of options. */
export class WsNode {
  readonly #node: PushNode<Connection>;

  constructor(options: ServerOptions, createVariant: CreateVariant, extend: Extend = () => ({})) {
    const core = new NodeCore<Connection>(options);
    const { streams, replay } = core;
    const variant = createVariant({ options, streams });
    const fanOut = new FanOut(streams, variant.deliver);
    const intake = new Intake({ replay, fanOut, streams });
    const extension = extend({ core, fanOut, intake });
    const framing = { frame: variant.frame, gapFrame };
    const catchUp = new CatchUp({ streams, replay, fanOut, framing });
    const connections = new Connections({
      core,
      catchUp,
      hooks: extension,
      uplink: extension.sink ? null : intake,
    });
    const pings = new Pings(streams, options);
    const protocol: NodeProtocol = {
      routes: new Map([[WS_PATH, UPGRADE_REQUIRED], ...(extension.routes ?? [])]),
      // An upgrade to anything else, or elsewhere, is an ordinary request: a server may ignore the wish.
      http: { shouldUpgradeCallback: ({ url }) => pathOf(url ?? '') === WS_PATH },
      attach: (server: Server) => server.on('upgrade', connections.upgrade),
      prepare: () => extension.prepare?.() ?? Promise.resolve(),
      start() {
        pings.start();
        extension.start?.();
      },
      async stop() {
        pings.stop();
        fanOut.stop();
        connections.closeAll();
        await extension.stop?.();
      },
      busStats: () => extension.busStats?.() ?? null,
    };
    this.#node = new PushNode({ core, sink: extension.sink ?? intake, protocol });
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

/** For a request that asks for no upgrade, or not properly. */
const UPGRADE_REQUIRED: Route = {
  method: 'GET',
  handle(_request, response, headers) {
    const upgrade = ['Connection', 'Upgrade', ...UPGRADE_HEADERS];
    answerText(response, 426, 'this path speaks WebSocket', [...upgrade, ...headers]);
  },
};

import { UsageError } from '../../contract/errors.ts';
import type {
  PushServer,
  ServerCapabilities,
  ServerOptions,
  ServerStats,
  StageInfo,
  StartedServer,
  VariantInfo,
} from '../../contract/pushServer.ts';
import { SseNode } from './node.ts';
import { EVENTS_PATH } from './streamRequest.ts';
import type { CreateVariant } from './variant.ts';

const capabilities: ServerCapabilities = {
  protocol: 'sse',
  streamPath: `${EVENTS_PATH}?topic={topic}`,
  shows: 'message',
  polling: null,
  bus: null,
  publishTo: 'every-node',
  ingestBatch: true,
  resume: true,
};

interface LoadableVariant extends Omit<VariantInfo, 'capabilities'> {
  /** Loaded on demand: a node runs no code of its neighbours. */
  load(): Promise<{ createVariant: CreateVariant }>;
}

/** In the order of the ladder: each is one step from the one before it. */
const VARIANTS: readonly LoadableVariant[] = [
  {
    name: 'blocking',
    tag: 'naive',
    isDefault: false,
    summary: 'each connection encodes, concatenates and writes for itself; freed when a write fails',
    plannedBytesPerConnection: 16_384,
    load: () => import('./blocking.ts'),
  },
  {
    name: 'cancellable',
    tag: 'naive',
    isDefault: false,
    summary: 'blocking, but freed at once when the client disconnects',
    plannedBytesPerConnection: 16_384,
    load: () => import('./cancellable.ts'),
  },
  {
    name: 'pooled',
    tag: 'naive',
    isDefault: false,
    summary: 'cancellable, but each connection encodes into a reused 4 KB buffer',
    plannedBytesPerConnection: 16_384,
    load: () => import('./pooled.ts'),
  },
  {
    name: 'shared',
    tag: 'idiomatic',
    isDefault: true,
    summary: 'each event encoded once and one Buffer written to all, one heartbeat timer for all',
    plannedBytesPerConnection: 16_384,
    load: () => import('./shared.ts'),
  },
  {
    name: 'raw',
    tag: 'tuned',
    isDefault: false,
    summary: 'shared, on bare sockets: the request head is read before HTTP sees the connection',
    plannedBytesPerConnection: 3_072,
    load: () => import('./raw.ts'),
  },
];

const NO_STATS: ServerStats = {
  connections: 0,
  accepted: 0,
  refused: 0,
  published: 0,
  written: 0,
  slowReadersCut: 0,
  gaps: 0,
  bus: null,
};

class SseServer implements PushServer {
  readonly capabilities = capabilities;
  readonly #createVariant: CreateVariant;
  #node: SseNode | null = null;

  constructor(createVariant: CreateVariant) {
    this.#createVariant = createVariant;
  }

  start(options: ServerOptions): Promise<StartedServer> {
    this.#node = new SseNode(options, this.#createVariant);
    return this.#node.listen();
  }

  async stop(): Promise<void> {
    await this.#node?.stop();
  }

  stats(): ServerStats {
    return this.#node?.stats() ?? NO_STATS;
  }
}

async function create(name: string): Promise<PushServer> {
  const variant = VARIANTS.find((each) => each.name === name);
  if (variant === undefined) {
    const known = VARIANTS.map((each) => each.name).join(', ');
    throw new UsageError([{ key: 'variant of sse', value: name, expected: `one of ${known}` }]);
  }
  const { createVariant } = await variant.load();
  return new SseServer(createVariant);
}

export const SSE_STAGE: StageInfo = {
  name: 'sse',
  title: 'Server-sent events',
  variants: VARIANTS.map(({ load, ...info }) => ({ ...info, capabilities })),
  create,
};

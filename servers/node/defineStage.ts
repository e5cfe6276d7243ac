import { UsageError } from '../../contract/errors.ts';
import { NO_FLOW } from '../../contract/flow.ts';
import type {
  PushServer,
  ServerCapabilities,
  ServerOptions,
  ServerStats,
  StageInfo,
  StartedServer,
  VariantInfo,
} from '../../contract/pushServer.ts';

/** A node for one set of options; see `PushNode`. */
export interface StageNode {
  listen(): Promise<StartedServer>;
  stop(): Promise<void>;
  stats(): ServerStats;
  /** See `PushServer.drain`. */
  drain?(graceMs: number): Promise<void>;
}

export type CreateNode = (options: ServerOptions) => StageNode;

export interface LoadableVariant extends VariantInfo {
  /** Loaded on demand: a node runs no code of its neighbours. */
  load(): Promise<CreateNode>;
}

/**
 * Variants of one stage that differ only in a module of theirs: the node is made from it.
 * @param nodeOf makes a node of the loaded module
 */
export function variantsOf<Module>(
  capabilities: ServerCapabilities,
  nodeOf: (options: ServerOptions, module: Module) => StageNode,
): (description: Omit<VariantInfo, 'capabilities'>, load: () => Promise<Module>) => LoadableVariant {
  return (description, load) => ({
    ...description,
    capabilities,
    load: async () => {
      const module = await load();
      return (options) => nodeOf(options, module);
    },
  });
}

export interface StageDefinition {
  readonly name: string;
  readonly title: string;
  /** In the order of the ladder: each is one step from the one before it. */
  readonly variants: readonly LoadableVariant[];
}

const NO_STATS: ServerStats = {
  connections: 0,
  accepted: 0,
  refused: 0,
  published: 0,
  written: 0,
  slowReadersCut: 0,
  gaps: 0,
  bus: null,
  flow: NO_FLOW,
  unauthenticated: {},
};

class NodeServer implements PushServer {
  readonly capabilities: ServerCapabilities;
  readonly #createNode: CreateNode;
  #node: StageNode | null = null;

  constructor(capabilities: ServerCapabilities, createNode: CreateNode) {
    this.capabilities = capabilities;
    this.#createNode = createNode;
  }

  start(options: ServerOptions): Promise<StartedServer> {
    this.#node = this.#createNode(options);
    return this.#node.listen();
  }

  async stop(): Promise<void> {
    await this.#node?.stop();
  }

  stats(): ServerStats {
    return this.#node?.stats() ?? NO_STATS;
  }

  /** A node that cannot tell its clients to go elsewhere has drained when it is told to. */
  async drain(graceMs: number): Promise<void> {
    await this.#node?.drain?.(graceMs);
  }
}

/** A stage whose variants are loaded when one of them is asked for. */
export function defineStage({ name, title, variants }: StageDefinition): StageInfo {
  return {
    name,
    title,
    variants: variants.map(({ load, ...info }) => info),
    async create(variantName) {
      const variant = variants.find((each) => each.name === variantName);
      if (variant === undefined) {
        const known = variants.map((each) => each.name).join(', ');
        throw new UsageError([
          { key: `variant of ${name}`, value: variantName, expected: `one of ${known}` },
        ]);
      }
      return new NodeServer(variant.capabilities, await variant.load());
    },
  };
}

import { type ChannelOptions, connectivityState, experimental } from '@grpc/grpc-js';
import { SmoothWeights } from './smoothWeights.ts';

/**
 * grpc-js has a `weighted_round_robin` of its own, but that takes its weights from load reports of the servers (ORCA, gRFC
 * A58), not from the directory: hence this one, under a name of its own.
 */
export const WEIGHTED_POLICY = 'pushbench_weighted_round_robin';

/** Attribute of a resolver's answer: weight of each endpoint, by its text. Not an option of the connections made. */
export const WEIGHTS_ATTRIBUTE = `${experimental.SUBCHANNEL_ARGS_EXCLUDE_KEY_PREFIX}.pushbench_weights`;

class WeightedConfig implements experimental.TypedLoadBalancingConfig {
  getLoadBalancerName(): string {
    return WEIGHTED_POLICY;
  }

  toJsonObject(): object {
    return { [WEIGHTED_POLICY]: {} };
  }

  static createFromJson(): WeightedConfig {
    return new WeightedConfig();
  }
}

interface Child {
  readonly leaf: experimental.LeafLoadBalancer;
  weight: number;
}

/** Calls go to the instances that are connected, in turns by their weights. */
class WeightedBalancer implements experimental.LoadBalancer {
  readonly #helper: experimental.ChannelControlHelper;
  readonly #children = new Map<string, Child>();
  #isPaused = false;
  #lastError = 'no instance is listed';

  constructor(helper: experimental.ChannelControlHelper) {
    this.#helper = helper;
  }

  getTypeName(): string {
    return WEIGHTED_POLICY;
  }

  updateAddressList(
    list: experimental.StatusOr<experimental.Endpoint[]>,
    _config: experimental.TypedLoadBalancingConfig,
    options: ChannelOptions,
    note: string,
  ): boolean {
    if (!list.ok) {
      this.#lastError = list.error.details;
      if (this.#children.size === 0) this.#publish();
      return true;
    }
    this.#isPaused = true;
    const weights = weightsIn(options);
    for (const endpoint of list.value) this.#keep(endpoint, weights, options, note);
    this.#dropAllBut(new Set(list.value.map(experimental.endpointToString)));
    this.#isPaused = false;
    this.#publish();
    return list.value.length > 0;
  }

  #keep(
    endpoint: experimental.Endpoint,
    weights: ReadonlyMap<string, number>,
    options: ChannelOptions,
    note: string,
  ): void {
    const name = experimental.endpointToString(endpoint);
    const weight = weights.get(name) ?? 1;
    const known = this.#children.get(name);
    if (known !== undefined) {
      known.weight = weight;
      return;
    }
    const leaf = new experimental.LeafLoadBalancer(endpoint, this.#childHelper(), options, note);
    this.#children.set(name, { leaf, weight });
    leaf.startConnecting();
  }

  #dropAllBut(names: ReadonlySet<string>): void {
    for (const [name, { leaf }] of this.#children) {
      if (names.has(name)) continue;
      this.#children.delete(name);
      leaf.destroy();
    }
  }

  #childHelper(): experimental.ChannelControlHelper {
    return experimental.createChildChannelControlHelper(this.#helper, {
      updateState: (_state, _picker, error) => {
        if (error !== null) this.#lastError = error;
        this.#publish();
      },
    });
  }

  #inState(state: connectivityState): Child[] {
    return [...this.#children.values()].filter(({ leaf }) => leaf.getConnectivityState() === state);
  }

  /** Tells the channel how things stand. */
  #publish(): void {
    if (this.#isPaused) return;
    const ready = this.#inState(connectivityState.READY);
    if (ready.length > 0) {
      this.#helper.updateState(connectivityState.READY, new WeightedPicker(ready), null);
    } else if (this.#inState(connectivityState.CONNECTING).length > 0) {
      const queue = new experimental.QueuePicker(this);
      this.#helper.updateState(connectivityState.CONNECTING, queue, null);
    } else {
      const details = `${WEIGHTED_POLICY}: no instance is connected: ${this.#lastError}`;
      const picker = new experimental.UnavailablePicker({ details });
      this.#helper.updateState(connectivityState.TRANSIENT_FAILURE, picker, details);
    }
    // An instance whose connection ended is met again at once, as round_robin does it.
    for (const { leaf } of this.#inState(connectivityState.IDLE)) leaf.exitIdle();
  }

  /** Only without any address is there nothing under way. */
  exitIdle(): void {}

  /** The connections themselves back off. */
  resetBackoff(): void {}

  destroy(): void {
    this.#isPaused = true;
    this.#dropAllBut(new Set());
  }
}

class WeightedPicker implements experimental.Picker {
  readonly #pickers: readonly experimental.Picker[];
  readonly #turns: SmoothWeights;

  constructor(children: readonly Child[]) {
    this.#pickers = children.map(({ leaf }) => leaf.getPicker());
    this.#turns = new SmoothWeights(children.map(({ weight }) => weight));
  }

  pick(args: experimental.PickArgs): experimental.PickResult {
    return this.#pickers[this.#turns.next()].pick(args);
  }
}

function weightsIn(options: ChannelOptions): ReadonlyMap<string, number> {
  const weights: unknown = options[WEIGHTS_ATTRIBUTE];
  return weights instanceof Map ? weights : new Map();
}

/** Makes the policy known to every channel of this process; safe to call again. */
export function registerWeightedPolicy(): void {
  if (experimental.isLoadBalancerNameRegistered(WEIGHTED_POLICY)) return;
  experimental.registerLoadBalancerType(WEIGHTED_POLICY, WeightedBalancer, WeightedConfig);
}

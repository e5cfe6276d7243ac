import { type ChannelOptions, experimental } from '@grpc/grpc-js';
import type { BalancePolicy, Instance } from '../../contract/discovery.ts';
import { servicePrefix } from '../../servers/discovery/instanceEntry.ts';
import { type Directory, StaticDirectory } from './directory.ts';
import { EtcdDirectory } from './etcdDirectory.ts';
import { registerWeightedPolicy, WEIGHTED_POLICY, WEIGHTS_ATTRIBUTE } from './weightedBalancer.ts';

/** Target `pushbench-etcd://host:port/service`: the instances that this etcd lists. */
export const ETCD_SCHEME = 'pushbench-etcd';
/** Target `pushbench-static:///service`: the instances of the directory in the option {@link STATIC_DIRECTORY_OPTION}. */
export const STATIC_SCHEME = 'pushbench-static';
/** Channel option that holds a `StaticDirectory`; connections are shared whatever it is. */
export const STATIC_DIRECTORY_OPTION = `${experimental.SUBCHANNEL_ARGS_EXCLUDE_KEY_PREFIX}.pushbench_directory`;

/**
 * Tells a channel of grpc-js which instances there are, and every change. An empty list is never told: at first the calls
 * wait for an instance; later, what was listed last is the best guess, and a connect attempt tells.
 */
abstract class DirectoryResolver implements experimental.Resolver {
  readonly #listener: experimental.ResolverListener;
  #directory: Directory | null = null;
  #unfollow: () => void = () => {};

  constructor(_target: experimental.GrpcUri, listener: experimental.ResolverListener) {
    this.#listener = listener;
  }

  protected abstract open(): Directory;
  protected abstract release(directory: Directory): void;

  /** Changes are told as they come: to be asked again, after a connection broke, brings nothing new. */
  updateResolution(): void {
    if (this.#directory !== null) return;
    const directory = this.open();
    this.#directory = directory;
    this.#unfollow = directory.follow((instances) => this.#tell(instances));
    // The interface asks that nobody is called back from here.
    process.nextTick(() => {
      if (this.#directory === directory) this.#tell(directory.instances);
    });
  }

  #tell(instances: readonly Instance[]): void {
    if (instances.length === 0) return;
    const endpoints = instances.map(endpointOf);
    const weights = new Map(
      endpoints.map((endpoint, i) => [experimental.endpointToString(endpoint), instances[i].weight]),
    );
    this.#listener(experimental.statusOrFromValue(endpoints), { [WEIGHTS_ATTRIBUTE]: weights }, null, '');
  }

  destroy(): void {
    this.#unfollow();
    if (this.#directory !== null) this.release(this.#directory);
    this.#directory = null;
  }
}

/** The addresses of one instance are one endpoint: any of them will do. */
function endpointOf({ endpoints }: Instance): experimental.Endpoint {
  return { addresses: endpoints.map(({ host, port }) => ({ host, port })) };
}

class EtcdResolver extends DirectoryResolver {
  readonly #target: experimental.GrpcUri;

  constructor(target: experimental.GrpcUri, listener: experimental.ResolverListener) {
    super(target, listener);
    this.#target = target;
  }

  protected override open(): Directory {
    const { authority, path } = this.#target;
    return new EtcdDirectory({ etcdUrl: `http://${authority}`, service: path });
  }

  protected override release(directory: Directory): void {
    directory.close();
  }

  /** @throws RangeError where the path is no service */
  static getDefaultAuthority({ path }: experimental.GrpcUri): string {
    servicePrefix(path);
    return path;
  }
}

class StaticResolver extends DirectoryResolver {
  readonly #told: StaticDirectory;

  /** @throws TypeError where the channel has no list */
  constructor(
    target: experimental.GrpcUri,
    listener: experimental.ResolverListener,
    options: ChannelOptions,
  ) {
    super(target, listener);
    const told: unknown = options[STATIC_DIRECTORY_OPTION];
    if (!(told instanceof StaticDirectory))
      throw new TypeError(
        `a channel to ${STATIC_SCHEME}: needs a StaticDirectory as ${STATIC_DIRECTORY_OPTION}`,
      );
    this.#told = told;
  }

  protected override open(): Directory {
    return this.#told;
  }

  /** Whoever tells it goes on doing so. */
  protected override release(): void {}

  static getDefaultAuthority({ path }: experimental.GrpcUri): string {
    return path;
  }
}

/** Makes schemes and policy known to every channel of this process; safe to call again. */
export function registerDiscovery(): void {
  experimental.registerResolver(ETCD_SCHEME, EtcdResolver);
  experimental.registerResolver(STATIC_SCHEME, StaticResolver);
  registerWeightedPolicy();
}

/** The channel's service config that asks for a policy (https://github.com/grpc/grpc/blob/master/doc/service_config.md). */
export function serviceConfigOf(balance: BalancePolicy): string {
  const policy = balance === 'weighted_round_robin' ? WEIGHTED_POLICY : balance;
  return JSON.stringify({ loadBalancingConfig: [{ [policy]: {} }] });
}

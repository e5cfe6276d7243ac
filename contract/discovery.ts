import type { Endpoint } from './pushServer.ts';

/** How a client chooses among the instances of a service; names as in gRPC's service config. */
export type BalancePolicy = 'pick_first' | 'round_robin' | 'weighted_round_robin';

export const BALANCE_POLICIES: readonly BalancePolicy[] = [
  'pick_first',
  'round_robin',
  'weighted_round_robin',
];

/** Where instances of a service are listed. `static`: those who start them tell. */
export type DiscoveryKind = 'static' | 'etcd';

/** A directory of instances that is watched. */
export interface DirectorySource {
  /** Address of etcd, e.g. `http://127.0.0.1:2379`. */
  readonly etcdUrl: string;
  /** Instances stand under `/services/<service>/`. */
  readonly service: string;
}

/** How an instance makes itself known. */
export interface Registration extends DirectorySource {
  /** Relative share of the calls under `weighted_round_robin`. @default 1 */
  readonly weight: number;
  /** The entry goes when it was not kept alive for this long, seconds. @default 5 */
  readonly leaseSeconds: number;
}

/** One instance of a service. */
export interface Instance {
  readonly nodeId: string;
  readonly endpoints: readonly Endpoint[];
  readonly weight: number;
}

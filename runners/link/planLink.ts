import type { LinkRoute } from '../../contract/control.ts';
import type { LinkSpec } from '../../contract/link.ts';
import type { Endpoint } from '../../contract/pushServer.ts';

/** The relay of a run: in processes of its own, as many as its sockets need. */
export interface LinkPlan {
  readonly spec: LinkSpec;
  readonly processes: number;
  /** Addresses of the relay in front of each address of a server. */
  readonly relaysPerEndpoint: number;
}

export interface LinkNeeds {
  /** Addresses of all servers. */
  readonly endpoints: number;
  /** TCP connections that one of them may have to hold. */
  readonly connectionsPerEndpoint: number;
  /** Connections that one process may hold. */
  readonly files: number;
}

/** Each connection takes two files of the process that relays it: one to the client, one to the server. */
const FILES_PER_CONNECTION = 2;

export function planLink(spec: LinkSpec, { endpoints, connectionsPerEndpoint, files }: LinkNeeds): LinkPlan {
  const most = Math.floor(files / FILES_PER_CONNECTION);
  const relaysPerEndpoint = Math.max(1, Math.ceil(connectionsPerEndpoint / most));
  const relaysPerProcess = Math.max(1, Math.floor((most * relaysPerEndpoint) / connectionsPerEndpoint));
  return {
    spec,
    processes: Math.ceil((endpoints * relaysPerEndpoint) / relaysPerProcess),
    relaysPerEndpoint,
  };
}

/**
 * What each process of the relay passes on. Put together in order, its addresses stand as the servers' do: those of one
 * server side by side.
 */
export function routesOf(
  { processes, relaysPerEndpoint }: LinkPlan,
  endpoints: readonly Endpoint[],
  platform: string = process.platform,
): LinkRoute[][] {
  const routes = endpoints
    .flatMap((to) => Array.from({ length: relaysPerEndpoint }, () => to))
    .map((to, i) => ({ listen: loopbackAddress(i, platform), to }));
  const each = Math.ceil(routes.length / processes);
  return Array.from({ length: processes }, (_, i) => routes.slice(i * each, (i + 1) * each));
}

/** Linux answers on all of 127.0.0.0/8; elsewhere several ports of one address do the same. */
export function loopbackAddress(index: number, platform: string): Endpoint {
  return { host: platform === 'linux' ? `127.0.0.${1 + (index % 250)}` : '127.0.0.1', port: 0 };
}

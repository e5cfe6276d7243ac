import type { ClientSecurity, SecurityKind, ServerSecurity } from '../../contract/security.ts';

/** The throw-away authority of one run: everything it signs is worthless once the run is over. */
export interface Authority {
  /** What every load worker, probe and publisher connects with. */
  readonly client: ClientSecurity;
  /** Request headers that prove who a client is: `authorization` under `mtls-jwt`, none else. */
  readonly headers: Readonly<Record<string, string>>;
  /** Certificate, key and rules of one server node. */
  server(nodeId: string): Promise<ServerSecurity>;
  /** Stops serving the key set. */
  stop(): Promise<void>;
}

export function createAuthority(kind: Exclude<SecurityKind, 'plain'>): Promise<Authority> {
  return Promise.reject(new Error(`no authority for ${kind} yet`));
}

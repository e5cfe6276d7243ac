import { BenchError, EXIT } from '../../contract/errors.ts';

/** A node's name stands in a header, a cookie and in connection ids. */
const NODE_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** @throws BenchError where a node's name could not stand in a header. */
export function checkNodeId(nodeId: string): void {
  if (NODE_ID.test(nodeId)) return;
  throw new BenchError(`the node id ${JSON.stringify(nodeId)} cannot stand in a header and a cookie`, {
    exitCode: EXIT.usage,
    hint: 'Take 1 to 64 letters, digits, dots, underscores and dashes, e.g. n1.',
  });
}

/**
 * Tells a client, and a balancer in front, where it is: a reconnect that shows header or cookie is taken back there.
 * The connection id is what `GET /presence/<id>` knows it by.
 */
export function affinityHeaders(nodeId: string, serial: number): string[] {
  return [
    `X-WS-Node: ${nodeId}`,
    `X-WS-Connection: ${connectionId(nodeId, serial)}`,
    `Set-Cookie: ws-node=${nodeId}; Path=/; HttpOnly; SameSite=Lax`,
  ];
}

export function connectionId(nodeId: string, serial: number): string {
  return `${nodeId}-${serial}`;
}

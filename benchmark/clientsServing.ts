import { once } from 'node:events';
import type { Server } from 'node:net';
import { emptyEnvelope, writeEnvelope } from '../contract/envelope.ts';
import type { Endpoint } from '../contract/pushServer.ts';

/** Several, since the kernel takes long to find a port for many connections to one address. */
export const ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'];
const PAYLOAD_BYTES = 256;

/** Data of the message with a number, an envelope in front, as a publisher's is. */
export function messageData(seq: number): Buffer {
  const data = Buffer.alloc(PAYLOAD_BYTES, 'x');
  writeEnvelope(data, 0, { ...emptyEnvelope(), seq });
  return data;
}

/** Listens on a free port. */
export async function listening(server: Server, host: string): Promise<Endpoint> {
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`no TCP address on ${host}`);
  return { host: address.address, port: address.port };
}

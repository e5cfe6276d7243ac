import type { ClientHttp2Session } from 'node:http2';

/** Called once: with the status of the answer, or with what went wrong before there was one. */
export type Settled = (status: number | null, error: Error | null) => void;

/** A request beside the streams of a connection; of its answer the status is enough. */
export function postOn(
  session: ClientHttp2Session,
  fields: readonly string[],
  body: Uint8Array,
  settled: Settled,
): void {
  const stream = session.request(fields, { endStream: false });
  let status: number | null = null;
  let failure: Error | null = null;
  stream.on('response', (head) => {
    status = head[':status'] ?? null;
  });
  stream.on('error', (error) => {
    failure = error;
  });
  stream.on('close', () => settled(status, failure ?? new Error('the stream ended without an answer')));
  stream.resume();
  stream.end(body);
}

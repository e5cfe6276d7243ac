import { once } from 'node:events';
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2';
import type { TestContext } from 'node:test';
import type { Endpoint } from '../contract/pushServer.ts';

/** A call as no client library would make it. */
export interface RawCall {
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly bytes?: Buffer;
  /** The client's half stays open. @default false */
  readonly staysOpen?: boolean;
}

export interface RawAnswer {
  readonly httpStatus: number;
  /** null: the call ended without one. */
  readonly grpcStatus: number | null;
  /** Of the end of the call: trailers, or the head where nothing came before the status. */
  readonly end: Readonly<Record<string, unknown>>;
}

/** A connection of its own, closed when the test ends. */
export function rawSession(t: TestContext, { host, port }: Endpoint): ClientHttp2Session {
  const session = connect(`http://${host}:${port}`);
  session.on('error', () => {});
  t.after(() => session.destroy());
  return session;
}

/** One call to its end. Rejects where the server answers nothing. */
export async function grpcExchange(t: TestContext, endpoint: Endpoint, call: RawCall): Promise<RawAnswer> {
  const stream = rawSession(t, endpoint).request({
    ':method': 'POST',
    ':path': call.path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...call.headers,
  });
  let end: Record<string, unknown> = {};
  stream.on('trailers', (trailers) => {
    end = trailers;
  });
  const answered = once(stream, 'response');
  const closed = once(stream, 'close');
  stream.write(call.bytes ?? Buffer.alloc(0));
  if (call.staysOpen !== true) stream.end();
  stream.resume();
  const [head] = await answered;
  await closed;
  if (end['grpc-status'] === undefined) end = head;
  const code = end['grpc-status'];
  return { httpStatus: Number(head[':status']), grpcStatus: code === undefined ? null : Number(code), end };
}

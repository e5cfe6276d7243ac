/*
 * `shared` over HTTP/2: each event stream is a stream of a connection that it may share with others. It stands beside the
 * ladder, and not on it: it shows what sharing connections is worth by itself, so that it is not credited to gRPC.
 */
import { Http2EventStreams } from './http2EventStreams.ts';
import { createVariant as createShared } from './shared.ts';
import type { Variant, VariantContext } from './variant.ts';

export function createVariant(context: VariantContext): Variant {
  return { ...createShared(context), serve: (parts) => new Http2EventStreams(parts) };
}

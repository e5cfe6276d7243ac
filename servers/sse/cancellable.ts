/*
 * One step from `blocking`: a stream is bound to the end of its request, so that a disconnect frees it at once,
 * its timer and all, instead of at the next write that fails.
 * Encoding and writing are the same: it differs only where clients come and go.
 */
import { createVariant as createBlocking } from './blocking.ts';
import type { Variant, VariantContext } from './variant.ts';

export function createVariant(context: VariantContext): Variant {
  const blocking = createBlocking(context);
  return {
    ...blocking,
    opened(stream) {
      stream.sink.on('close', () => context.streams.free(stream));
      blocking.opened(stream);
    },
  };
}

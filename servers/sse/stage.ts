import type { ServerCapabilities } from '../../contract/pushServer.ts';
import { defineStage, variantsOf } from '../node/defineStage.ts';
import { EVENTS_PATH } from './eventStreams.ts';
import { SseNode } from './node.ts';
import type { CreateVariant } from './variant.ts';

const capabilities: ServerCapabilities = {
  protocol: 'sse',
  streamPath: `${EVENTS_PATH}?topic={topic}`,
  shows: 'message',
  polling: null,
  bus: null,
  publishTo: 'every-node',
  ingestBatch: true,
  resume: true,
  multiplexes: false,
  uplink: 'post',
  joinsBus: false,
  grpc: null,
};

const variant = variantsOf(
  capabilities,
  (options, module: { readonly createVariant: CreateVariant }) => new SseNode(options, module.createVariant),
);

const overHttp2 = variantsOf(
  { ...capabilities, protocol: 'sse-h2', multiplexes: true },
  (options, module: { readonly createVariant: CreateVariant }) => new SseNode(options, module.createVariant),
);

export const SSE_STAGE = defineStage({
  name: 'sse',
  title: 'Server-sent events',
  variants: [
    variant(
      {
        name: 'blocking',
        tag: 'naive',
        isDefault: false,
        summary: 'each connection encodes, concatenates and writes for itself; freed when a write fails',
        plannedBytesPerConnection: 16_384,
      },
      () => import('./blocking.ts'),
    ),
    variant(
      {
        name: 'cancellable',
        tag: 'naive',
        isDefault: false,
        summary: 'blocking, but freed at once when the client disconnects',
        plannedBytesPerConnection: 16_384,
      },
      () => import('./cancellable.ts'),
    ),
    variant(
      {
        name: 'pooled',
        tag: 'naive',
        isDefault: false,
        summary: 'cancellable, but each connection encodes into a reused 4 KB buffer',
        plannedBytesPerConnection: 16_384,
      },
      () => import('./pooled.ts'),
    ),
    variant(
      {
        name: 'shared',
        tag: 'idiomatic',
        isDefault: true,
        summary: 'each event encoded once and one Buffer written to all, one heartbeat timer for all',
        plannedBytesPerConnection: 16_384,
      },
      () => import('./shared.ts'),
    ),
    variant(
      {
        name: 'raw',
        tag: 'tuned',
        isDefault: false,
        summary: 'shared, on bare sockets: the request head is read before HTTP sees the connection',
        plannedBytesPerConnection: 3_072,
      },
      () => import('./raw.ts'),
    ),
    overHttp2(
      {
        name: 'h2',
        tag: 'idiomatic',
        isDefault: false,
        summary: 'shared, over HTTP/2: event streams share connections',
        plannedBytesPerConnection: 6_144,
      },
      () => import('./h2.ts'),
    ),
  ],
});
